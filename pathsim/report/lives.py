"""Figures of single patients: the ways that make up the means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathsim.report.pictured import pictured
from pathsim.study.kept import Result

TITLE, TEMPLATE = "Lives, one by one", "lives.html"


def content(result: Result) -> Mapping[str, Any] | None:
    """Its figures; None where there are none."""
    figures = pictured(result, "lives")
    return {"figures": figures} if figures else None
