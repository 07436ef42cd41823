"""The question, and the answer in a few sentences with how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathsim.study.kept import Result

TITLE, TEMPLATE = "The question and the answer", "answer.html"


def content(result: Result) -> Mapping[str, Any] | None:
    """What the section shows; None where there is nothing to show."""
    return None
