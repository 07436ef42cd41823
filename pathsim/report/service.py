"""What the service needs: places held, waits, losses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathsim.study.kept import Result

TITLE, TEMPLATE = "What the service needs", "service.html"


def content(result: Result) -> Mapping[str, Any] | None:
    """What the section shows; None where there is nothing to show."""
    return None
