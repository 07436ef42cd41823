"""What a reader must not take from the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathsim.study.kept import Result

TITLE, TEMPLATE = "Limits", "limits.html"


def content(result: Result) -> Mapping[str, Any] | None:
    """What the section shows; None where there is nothing to show."""
    return None
