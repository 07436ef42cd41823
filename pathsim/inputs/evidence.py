"""A number and where it comes from; a source.

Everything a person writes in `params/` ends in these. Called by the other modules of `inputs`.
Knows no therapy, no law, no YAML and no file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, model_validator

from pathsim.inputs.forms import Spelt
from pathsim.units import BASE, Dimension, dimension, to_base, units_of

Kind = Literal["trial", "cohort", "label", "calibrated", "expert", "assumption"]
Read = Literal["full text", "abstract", "secondary", "no"]
Real = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A finite number written as a number: neither text nor true or false."""


Row = Annotated[
    str,
    Spelt("^E[0-9]{4}$", "{} is no row of evidence; write E and four digits, such as E0064"),
]
Doi = Annotated[
    str, Spelt(r"^10\.\S+/\S+$", "{} is no DOI; write it from 10. on, such as 10.1000/182")
]
Address = Annotated[str, Spelt(r"^https?://\S+$", "{} is no address; begin it with https://")]


class Written(BaseModel):
    """Anything a person writes: never changed after reading, no field it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Spread(Written):
    """How far the number may lie from its value, in the number's own unit, and what of."""

    low: Real
    high: Real
    of: Literal["95ci", "range", "iqr", "assumed"]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low {self.low:g} lies above high {self.high:g}; exchange them")
        return self


class Number(Written):
    """One value that somebody could be asked to defend: unit, source, place, kind, spread.

    `source` is a key of sources.yaml, `row` an id of evidence.csv, `where` the place in the
    source. `verified` says how much of the source was read for this value.
    """

    value: Real
    unit: str
    source: str
    row: Row | None = None
    where: str
    kind: Kind
    verified: Read
    spread: Spread | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _defensible(self) -> Self:
        dimension(self.unit)
        _ = self.base, self.base_spread  # both within what a float can hold
        if self.spread and not self.spread.low <= self.value <= self.spread.high:
            raise ValueError(
                f"value {self.value:g} lies outside its spread {self.spread.low:g} to "
                f"{self.spread.high:g}; correct the value or the spread"
            )
        if self.kind == "assumption" and not (self.spread and self.note):
            raise ValueError(
                "an assumption needs a spread and a note; say how wide it is, and why this value"
            )
        return self

    @property
    def measures(self) -> Dimension:
        """The dimension of its unit."""
        return dimension(self.unit)

    @property
    def base(self) -> float:
        """The value in the model's own unit: days, fraction, per day."""
        return to_base(self.value, self.unit)

    @property
    def base_spread(self) -> tuple[float, float] | None:
        """Low and high in the model's own unit, or None."""
        if self.spread is None:
            return None
        return to_base(self.spread.low, self.unit), to_base(self.spread.high, self.unit)


_BARE = ("probability", "ratio", "count", "shape")
"""Dimensions whose own unit goes without saying."""


@dataclass(frozen=True)
class Within:
    """A check: the number measures this, and it and its spread lie in bounds (base unit)."""

    measure: Dimension
    low: float
    high: float

    def __call__(self, number: Number) -> Number:
        measure, low, high = self.measure, self.low, self.high
        unit = "" if measure in _BARE else f" {BASE[measure]}"
        if number.measures != measure:
            raise ValueError(
                f"unit {number.unit!r} measures {number.measures}, a {measure} is needed; "
                f"write one of {', '.join(units_of(measure))}"
            )
        spread = number.spread
        for value in (number.value, *((spread.low, spread.high) if spread else ())):
            if not low <= to_base(value, number.unit) <= high:
                remedy = f"write {low:g} to {high:g}{unit}"
                if number.unit == "%":
                    remedy = f"write {100 * low:g} to {100 * high:g} %"
                elif measure == "probability" and 1 < value <= 100:
                    remedy = f"did you mean {value:g} %?"
                raise ValueError(f"{_said(value, number)} is out of range; {remedy}")
        return number


def _said(value: float, number: Number) -> str:
    """A value as it was written, with its unit if that is worth saying."""
    bare = number.measures in _BARE and number.unit != "%"
    return f"{value:g}" if bare else f"{value:g} {number.unit}"


LEAST = 1e-12
"""What is less is nothing, where a number is to be more than 0 (base unit)."""


def not_zero(number: Number) -> Number:
    """The number, if it is more than 0; ValueError otherwise."""
    if number.base < LEAST:
        raise ValueError(f"{_said(number.value, number)} is too little; write more than 0")
    return number


def whole(number: Number) -> Number:
    """The number, if it is a whole one; ValueError otherwise."""
    if not number.value.is_integer():
        raise ValueError(f"{number.value:g} is no whole number; write one, such as 3")
    return number


_THOUSAND_YEARS = 365250.0

Duration = Annotated[Number, AfterValidator(Within("time", 0, _THOUSAND_YEARS))]
DurationAboveZero = Annotated[Duration, AfterValidator(not_zero)]
"""A time to divide by, or to take the logarithm of."""
Probability = Annotated[Number, AfterValidator(Within("probability", 0, 1))]
ProbabilityBelowOne = Annotated[Number, AfterValidator(Within("probability", 0, 0.999))]
"""A probability that a hazard can bring about."""
Rate = Annotated[Number, AfterValidator(Within("rate", 0, 100))]
RateAboveZero = Annotated[Rate, AfterValidator(not_zero)]
Growth = Annotated[Number, AfterValidator(Within("rate", -10, 10))]
"""A rate that may be negative: how fast a hazard grows."""
Ratio = Annotated[Number, AfterValidator(Within("ratio", 0.001, 1000))]
Count = Annotated[Number, AfterValidator(Within("count", 0, 100))]
WholeCount = Annotated[Count, AfterValidator(whole)]
Visits = Annotated[Number, AfterValidator(Within("frequency", 0, 100))]
VisitsAboveZero = Annotated[Visits, AfterValidator(not_zero)]
Shape = Annotated[Number, AfterValidator(Within("shape", 0.01, 100))]
Concentration = Annotated[Number, AfterValidator(Within("concentration", 0, 1e5))]


class Source(Written):
    """Where numbers come from, and how much of it was read."""

    citation: str
    doi: Doi | None = None
    url: Address | None = None
    read: Read

    @model_validator(mode="after")
    def _findable(self) -> Self:
        if self.read != "no" and not (self.doi or self.url):
            raise ValueError("a source that was read has neither doi nor url; give one")
        return self


class Sources(RootModel[dict[str, Source]]):
    """`params/sources.yaml`: every source once, by the key that numbers cite."""

    model_config = ConfigDict(frozen=True)


def numbers(written: object, path: str = "") -> Iterator[tuple[str, Number]]:
    """Every number in what somebody wrote, with the path to it, in the order of writing."""
    if isinstance(written, Number):
        yield path, written
    elif isinstance(written, BaseModel):
        for name in type(written).model_fields:
            yield from numbers(getattr(written, name), f"{path}.{name}" if path else name)
    elif isinstance(written, tuple | list):
        for index, item in enumerate(written):
            yield from numbers(item, f"{path}[{index}]")
    elif isinstance(written, dict):
        for key, item in written.items():
            yield from numbers(item, f"{path}.{key}" if path else str(key))
