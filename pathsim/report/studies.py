"""Studies beside the comparison: what was varied, and what followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathsim.study.kept import Result

TITLE, TEMPLATE = "Studies", "studies.html"


def content(result: Result) -> Mapping[str, Any] | None:
    """What the section shows; None where there is nothing to show."""
    return None
