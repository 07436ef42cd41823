"""A planner's own quantities: `5 years`, `8 per month`, a date, a whole number.

Short text in, days out; printed back in the model's own unit, so that what is read from what was
printed is the same to the last bit. Called by the models of strategies, centres and scenarios.
Evidence is not written like this: it has a source, and `evidence.Number` holds it.
"""

import datetime
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema

from pathsim.units import Dimension, dimension, to_base, units_of

_WRITTEN = re.compile(r"(\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s+(\S.*)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_GROWTH = re.compile(r"([-+]?\d+(?:\.\d+)?)\s*%\s+(?:a|per)\s+year")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOST: dict[Dimension, float] = {"time": 1e9, "rate": 1e4}
"""What is beyond all reason, in days and per day."""


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time, or a time counted from day 0."""

    days: float

    def __str__(self) -> str:
        return f"{_short(self.days)} days"


@dataclass(frozen=True, order=True)
class Pace:
    """How many in a day."""

    per_day: float

    def __str__(self) -> str:
        return f"{_short(self.per_day)} per day"


@dataclass(frozen=True, order=True)
class Growth:
    """By how many per cent something grows in a year; it shrinks below 0."""

    percent: float

    def __str__(self) -> str:
        return f"{_short(self.percent)} % per year"

    @property
    def per_year(self) -> float:
        """What a year multiplies by."""
        return 1.0 + self.percent / 100.0


def _short(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


Moment = Span | datetime.date
"""A day of the run, or of the calendar."""


def day_of(moment: Moment, start: datetime.date) -> float:
    """The day of the run, counted from its first."""
    return moment.days if isinstance(moment, Span) else float((moment - start).days)


def _number(written: object, measure: Dimension, example: str) -> float:
    """A quantity's value in the model's own unit; ValueError for anything else."""
    found = _WRITTEN.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        raise ValueError(f"{_shown(written)} is not a quantity; write it like '{example}'")
    unit = found[2] if found[2].startswith("per ") or found[2].endswith("s") else f"{found[2]}s"
    if dimension(unit) != measure:
        choices = ", ".join(units_of(measure))
        raise ValueError(f"'{found[2]}' is no unit of {measure}; write one of {choices}")
    value = min(float(found[1]), 1e99)
    if (value := to_base(value, unit)) > _MOST[measure]:
        raise ValueError(f"{_shown(written)} is beyond all reason; write it like '{example}'")
    return value


def _shown(written: object) -> str:
    text = repr(written)
    return text if len(text) < 40 else f"{text[:36]}..."


def _span(written: object) -> Span:
    return written if isinstance(written, Span) else Span(_number(written, "time", "60 days"))


def _lasting(span: Span) -> Span:
    if span.days <= 0:
        raise ValueError(f"{span} is no time at all; write more than 0")
    return span


def _pace(written: object) -> Pace:
    return written if isinstance(written, Pace) else Pace(_number(written, "rate", "8 per month"))


def _growth(written: object) -> Growth:
    if isinstance(written, Growth):
        return written
    found = _GROWTH.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        raise ValueError(f"{_shown(written)} is no growth; write it like '10 % per year'")
    if not -100.0 < (percent := float(found[1])) <= 1000.0:
        raise ValueError(f"{_shown(written)} is beyond all reason; write it like '10 % per year'")
    return Growth(percent)


def _date(written: object) -> datetime.date:
    if isinstance(written, datetime.date):
        return written
    if isinstance(written, str) and _DATE.fullmatch(written):
        try:
            return datetime.date.fromisoformat(written)
        except ValueError:
            raise ValueError(f"{written} is not in the calendar; correct the date") from None
    raise ValueError(f"{_shown(written)} is not a date; write it like 2025-01-31")


def _moment(written: object) -> Moment:
    dated = isinstance(written, datetime.date) or (
        isinstance(written, str) and _DATE.fullmatch(written)
    )
    return _date(written) if dated else _span(written)


_TIME_TEXT = rf"^[0-9.]+(e-[0-9]+)? +({'|'.join(f'{unit[:-1]}s?' for unit in units_of('time'))})$"
_PACE_TEXT = rf"^[0-9.]+(e-[0-9]+)? +({'|'.join(units_of('rate'))})$"
_AS_TEXT = PlainSerializer(str, return_type=str)


def _text(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern})


def _share(written: object) -> float:
    """A share of all as a fraction, from a number or a percentage."""
    percent = _PERCENT.fullmatch(written.strip()) if isinstance(written, str) else None
    if percent is not None:
        share = float(percent[1]) / 100.0
    elif isinstance(written, int | float) and not isinstance(written, bool):
        share = float(written)
    else:
        raise ValueError(f"{_shown(written)} is not a share; write it like '56 %'")
    if not 0.0 <= share <= 1.0:
        meant = percent is None and 1 < share <= 100
        remedy = f"did you mean '{share:g} %'?" if meant else "write '0 %' to '100 %'"
        raise ValueError(f"{_shown(written)} is out of range; {remedy}")
    return share


TimeSpan = Annotated[Span, PlainValidator(_span), _AS_TEXT, _text(_TIME_TEXT)]
"""`60 days`, `1 month`, `5 years`."""

LastingTime = Annotated[TimeSpan, AfterValidator(_lasting)]
"""A stretch of time that is more than none."""

Frequency = Annotated[Pace, PlainValidator(_pace), _AS_TEXT, _text(_PACE_TEXT)]
"""`8 per month`."""

YearlyGrowth = Annotated[
    Growth, PlainValidator(_growth), _AS_TEXT, _text(r"^[-+]?[0-9.]+ *% +(a|per) +year$")
]
"""`10 % per year`, `-5 % a year`."""

CalendarDay = Annotated[
    datetime.date,
    PlainValidator(_date),
    _AS_TEXT,
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""`2025-01-31`."""

FromWhen = Annotated[Moment, PlainValidator(_moment), _AS_TEXT, WithJsonSchema({"type": "string"})]
"""A date, or how long after day 0: `2026-07-01`, `18 months`, `0 days`."""

Share = Annotated[
    float,
    PlainValidator(_share),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1},
                {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?\s*%$"},
            ]
        }
    ),
]
"""`56 %` or 0.56."""

Whole = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Positive = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
