"""A number and where it comes from; a source.

Everything a person writes in `params/` ends in these. Called by the other modules of `inputs`.
Knows no therapy, no law, no YAML and no file.
"""

import math
from collections.abc import Callable, Iterator
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, model_validator

from pathsim.units import Dimension, dimension, to_base, units_of

Kind = Literal["trial", "cohort", "label", "calibrated", "expert", "assumption"]
Read = Literal["full text", "abstract", "secondary", "no"]
Real = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A finite number written as a number: neither text nor true or false."""


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
    row: Annotated[str, Field(pattern=r"^E\d{4}$")] | None = None
    where: str
    kind: Kind
    verified: Read
    spread: Spread | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _defensible(self) -> Self:
        dimension(self.unit)
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


def _of(
    measure: Dimension, *, above: float = -math.inf, low: float = -math.inf, high: float = math.inf
) -> Callable[[Number], Number]:
    """A check: the number measures this, and it and its spread lie in bounds (base unit)."""

    def check(number: Number) -> Number:
        if number.measures != measure:
            raise ValueError(
                f"unit {number.unit!r} measures {number.measures}, a {measure} is needed; "
                f"write one of {', '.join(units_of(measure))}"
            )
        for base in (number.base, *(number.base_spread or ())):
            if not (low <= base <= high and base > above):
                raise ValueError(
                    f"{base:g} is no {measure}; it must be "
                    + (f"above {above:g}" if above > -math.inf else f"{low:g} or more")
                    + (f" and at most {high:g}" if high < math.inf else "")
                )
        return number

    return check


Duration = Annotated[Number, AfterValidator(_of("time", low=0))]
Probability = Annotated[Number, AfterValidator(_of("probability", low=0, high=1))]
Rate = Annotated[Number, AfterValidator(_of("rate", low=0))]
Growth = Annotated[Number, AfterValidator(_of("rate"))]
"""A rate that may be negative: how fast a hazard grows."""
Ratio = Annotated[Number, AfterValidator(_of("ratio", above=0))]
Count = Annotated[Number, AfterValidator(_of("count", low=0))]
Visits = Annotated[Number, AfterValidator(_of("frequency", low=0))]
Shape = Annotated[Number, AfterValidator(_of("shape", above=0))]
Concentration = Annotated[Number, AfterValidator(_of("concentration", low=0))]


class Source(Written):
    """Where numbers come from, and how much of it was read."""

    citation: str
    doi: Annotated[str, Field(pattern=r"^10\.\S+/\S+$")] | None = None
    url: Annotated[str, Field(pattern=r"^https?://")] | None = None
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
