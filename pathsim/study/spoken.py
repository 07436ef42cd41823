"""Numbers in the units in which people say them.

A resolved document counts time in days; nobody says 182.625 days or .00066 a day. Called by what
tells a kept document to people. A value is converted, never rounded, and its range with it.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel

from pathsim.inputs.evidence import Number
from pathsim.units import DAYS_PER_MONTH, DAYS_PER_YEAR

Any_ = TypeVar("Any_")

LONG, RARE = 2 * DAYS_PER_YEAR, 0.05
"""Days from which years are said, and a rate a month below which it is said a year."""


def spoken(written: Any_) -> Any_:
    """What somebody wrote, with every number in it in a unit of speech."""
    found: Any = written
    if isinstance(found, Number):
        found = _number(found)
    elif isinstance(found, BaseModel):
        changed = {name: spoken(getattr(found, name)) for name in type(found).model_fields}
        found = found.model_copy(update=changed)
    elif isinstance(found, tuple | list):
        found = type(found)(spoken(item) for item in found)
    elif isinstance(found, dict):
        found = {key: spoken(item) for key, item in found.items()}
    result: Any_ = found
    return result


def _number(number: Number) -> Number:
    if number.unit == "per day" and number.value < 1:
        yearly = number.value * DAYS_PER_MONTH < RARE
        unit, times = ("per year", DAYS_PER_YEAR) if yearly else ("per month", DAYS_PER_MONTH)
    elif number.unit == "days" and not _whole(number.value):
        long = number.value >= LONG
        unit, times = ("years", 1 / DAYS_PER_YEAR) if long else ("months", 1 / DAYS_PER_MONTH)
        if number.value < DAYS_PER_MONTH and not _whole(number.value / DAYS_PER_MONTH * 4):
            return number
    else:
        return number
    changes: dict[str, Any] = {"value": number.value * times, "unit": unit}
    if number.spread:
        low, high = number.spread.low * times, number.spread.high * times
        changes["spread"] = number.spread.model_copy(update={"low": low, "high": high})
    return number.model_copy(update=changes)


def _whole(value: float) -> bool:
    """Whether it is a whole number, but for what a conversion loses."""
    return abs(value - round(value)) < 1e-6
