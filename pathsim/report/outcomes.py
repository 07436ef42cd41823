"""Outcomes of each strategy, and what it differs by from the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathsim.study.kept import Result

TITLE, TEMPLATE = "What each strategy gives", "outcomes.html"


def content(result: Result) -> Mapping[str, Any] | None:
    """What the section shows; None where there is nothing to show."""
    return None
