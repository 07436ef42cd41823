"""The units a person may write beside a number, and what each is worth in the model's own.

Inside the model time is in days, a probability a fraction, a rate per day. Called by `inputs`
when a file is read and by anything that prints. Knows nothing of numbers' sources, nor of YAML.
"""

from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache
from typing import Literal

Dimension = Literal[
    "time", "probability", "rate", "ratio", "count", "frequency", "shape", "concentration", "dose"
]

DAYS_PER_MONTH = 30.4375
DAYS_PER_YEAR = 365.25

_ONE = Fraction(1)
_DAYS = {
    "hour": Fraction(1, 24),
    "day": _ONE,
    "week": Fraction(7),
    "month": Fraction(DAYS_PER_MONTH),
    "year": Fraction(DAYS_PER_YEAR),
}

UNITS: dict[str, tuple[Dimension, Fraction]] = {
    **{f"{name}s": ("time", days) for name, days in _DAYS.items()},
    "probability": ("probability", _ONE),
    "%": ("probability", Fraction(1, 100)),
    **{f"per {name}": ("rate", 1 / days) for name, days in _DAYS.items() if name != "hour"},
    "ratio": ("ratio", _ONE),
    "count": ("count", _ONE),
    "visits per 4 weeks": ("frequency", _ONE),
    "doses per 4 weeks": ("frequency", _ONE),
    "shape": ("shape", _ONE),
    "log sd": ("shape", _ONE),
    "mg/dL": ("concentration", _ONE),
    "mg/kg": ("dose", _ONE),
}
"""Unit -> (dimension, how much one of it is in the dimension's own unit)."""

BASE: dict[Dimension, str] = {
    "time": "days",
    "probability": "probability",
    "rate": "per day",
    "ratio": "ratio",
    "count": "count",
    "frequency": "visits per 4 weeks",
    "shape": "shape",
    "concentration": "mg/dL",
    "dose": "mg/kg",
}
"""Dimension -> the unit the model counts it in."""


def dimension(unit: str) -> Dimension:
    """What the unit measures; ValueError, with a remedy, for a unit nobody knows."""
    return _known(unit)[0]


@lru_cache(maxsize=1 << 14)
def to_base(value: float, unit: str) -> float:
    """The value in the model's own unit: days, fraction, per day, or as written.

    Multiplied as fractions and rounded once, so that 82.5 % is 0.825 and not a little more.
    ValueError, with a remedy, for an unknown unit and for what is more than a float can hold.
    """
    worth = _known(unit)[1]
    try:
        return float(Fraction(value) * worth)
    except OverflowError:
        raise ValueError(f"{value:g} {unit} is beyond all reason; write a smaller number") from None


def units_of(measure: Dimension) -> tuple[str, ...]:
    """Every unit of one dimension, in the order of the list."""
    return tuple(unit for unit, (kind, _) in UNITS.items() if kind == measure)


def _known(unit: str) -> tuple[Dimension, Fraction]:
    if unit in UNITS:
        return UNITS[unit]
    near = get_close_matches(unit.lower(), [known.lower() for known in UNITS], n=1, cutoff=0.7)
    meant = next((known for known in UNITS if near and known.lower() == near[0]), None)
    remedy = f"did you mean {meant!r}?" if meant else f"write one of {', '.join(UNITS)}"
    raise ValueError(f"unknown unit {unit!r}; {remedy}")
