"""The kinds of design that a study file may have: which fields are changed, and to what.

`study` joins the kinds into one union; kinds that ask for more stand in modules of their own and
begin with `DesignKind`. What the values mean to a scenario is checked by `study_fields`. Knows no
scenario, draws no sample and runs nothing.
"""

import re
from collections.abc import Iterator
from math import isfinite, prod
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
    model_validator,
)

from pathsim.inputs.document import Where
from pathsim.inputs.evidence import Written
from pathsim.inputs.forms import AtLeast, OneOrMore, Sentence, Spelt
from pathsim.inputs.paths import is_number, quantity
from pathsim.units import UNITS

LONGEST = 32
"""Letters of a column's name: no more fit into Stata."""
TAKEN = frozenset(
    ("set", "scenario", "minus", "structure", "group", "outcome", "unit", "mean", "low", "high",
     "replications", "patients", "noise", "byte", "double", "float", "if", "in", "int", "long",
     "using", "with", "str", "strl")
)  # fmt: skip
"""Names that the tables have for columns of their own, and words that Stata keeps to itself."""
_GENERAL = frozenset({"therapies", "centre", "resources", "value", "efficacy", "population"})


class Measured(NamedTuple):
    """A value as a number and the unit that stood beside it, None where there was none."""

    number: float
    unit: str | None


def measured(value: Any) -> Measured | None:
    """A number, or text such as `6 per month`, as number and unit; None for anything else."""
    if is_number(value):
        return Measured(value, None)
    try:
        number, unit = quantity(value)
    except ValueError:
        return None
    return Measured(int(number) if number.is_integer() else number, unit) if unit in UNITS else None


def column(path: str) -> str:
    """The name of a field's column: as much of the end of its path as fits, in small letters."""
    words = [re.sub(r"[^a-z0-9]+", "_", word.lower()).strip("_") for word in path.split(".")]
    told = [word for word in words if word and word not in _GENERAL] or ["field"]
    name = told.pop()
    while told and len(longer := f"{told.pop()}_{name}") <= LONGEST:
        name = longer
    name = name if name[0].isalpha() else f"x{name}"
    name = f"the_{name}" if name in TAKEN else name
    return name[:LONGEST].rstrip("_")


def _end(written: object) -> float | str:
    """One end of a range: a finite number, or text with a unit."""
    if is_number(written) and isfinite(written):
        return written
    if isinstance(written, str) and measured(written) is not None:
        return written
    raise ValueError(
        f"{str(written)[:40]!r} is no end of a range; write a number, or one with its unit such "
        "as '6 per month', and list anything else as values"
    )


End = Annotated[float | str, PlainValidator(_end), WithJsonSchema({"type": ["number", "string"]})]
Column = Annotated[
    str,
    Spelt(
        r"^(?!(?:" + "|".join(sorted(TAKEN)) + r")$)[a-z][a-z0-9_]{0,31}$",
        "{} is no name of a column; write up to 32 small letters, digits and _, beginning with "
        "a letter, and none that the tables or Stata use",
    ),
]
"""What a factor's column is called in the tables: pandas, R and Stata all read it."""
FieldPath = Annotated[
    str,
    Spelt(r"^\S(.*\S)?$", "{} is no path; write one such as accrual.rate"),
]
"""The way to a field of the resolved scenario: `centre.resources.cell_therapy_bed.places`."""


class Varied(Written):
    """One field and what it is set to: the `values`, or between `low` and `high`.

    With neither, a number with its source is varied over its own spread.
    """

    path: FieldPath
    name: Column | None = None
    values: Annotated[tuple[Any, ...], AtLeast(1)] | None = None
    low: End | None = None
    high: End | None = None
    scale: Literal["linear", "log"] = "linear"
    because: Sentence | None = None

    @model_validator(mode="after")
    def _one_way_of_saying(self) -> Self:
        if self.values is not None:
            _listed(self)
        elif (self.low is None) != (self.high is None):
            raise ValueError("one end of the range is missing; write both low and high")
        elif self.low is not None and self.high is not None:
            _ordered(self.low, self.high, self.scale)
        return self

    @property
    def column(self) -> str:
        """Its name in the tables."""
        return self.name or column(self.path)

    @property
    def ends(self) -> dict[str, Any]:
        """The entries that give the ends of its range, as the file has them."""
        return {"low": self.low, "high": self.high}

    @property
    def tried(self) -> tuple[Any, ...]:
        """The values that say whether all of them are allowed: every one listed, or the ends."""
        return self.values or tuple(end for end in (self.low, self.high) if end is not None)


def _listed(varied: Varied) -> None:
    given = [name for name in ("low", "high") if getattr(varied, name) is not None]
    if given:
        raise ValueError(f"both values and {given[0]} are given; give values, or low and high")
    values = varied.values or ()
    twice = next((v for k, v in enumerate(values) if any(_same(v, w) for w in values[:k])), ())
    if twice != ():
        raise ValueError(f"{str(twice)[:40]!r} stands twice among the values; remove one")


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _ordered(low: float | str, high: float | str, scale: str) -> None:
    least, most = measured(low), measured(high)
    if least is None or most is None or least.unit != most.unit:
        raise ValueError(f"from {low} to {high}; write both ends in the same unit")
    if least.number == most.number:
        raise ValueError(f"from {low} to {high} is an empty range; write a low below the high")
    if least.number > most.number:
        raise ValueError(f"low {low} lies above high {high}; exchange them")
    if scale == "log" and least.number <= 0:
        raise ValueError(f"low {low} has no logarithm; write more than 0, or 'scale: linear'")


class Stepped(Varied):
    """A field that is set to each of its values, or to so many `steps` from low to high."""

    steps: Annotated[int, Field(strict=True, ge=2, le=1000)] | None = None

    @model_validator(mode="after")
    def _steps_of_a_range(self) -> Self:
        if self.values is not None and self.steps is not None:
            raise ValueError("both values and steps are given; give values, or low and high")
        return self


class GridField(Stepped):
    """A field of a grid, which is always told what it is set to."""

    @model_validator(mode="after")
    def _told(self) -> Self:
        if self.values is None and (self.low is None or self.steps is None):
            raise ValueError("no values are given; write values, or low, high and steps")
        return self

    @property
    def count(self) -> int:
        """How many values it has, at most."""
        return len(self.values) if self.values is not None else self.steps or 2


class DesignKind(Written):
    """What all kinds share: they say which fields they change, and how many sets there are."""

    kind: str
    combined: ClassVar[bool] = True
    """Whether a set changes several fields at once."""

    def fields(self) -> Iterator[tuple[Where, Varied]]:
        """Every field that the file itself names, and its entry below `design`."""
        vary = getattr(self, "vary", ())
        if not isinstance(vary, str):
            yield from ((("vary", k), varied) for k, varied in enumerate(vary))

    @property
    def count(self) -> int | None:
        """How many sets there are, at most; None where only the scenario tells."""
        return None


Some = AtLeast(1)


class Grid(DesignKind):
    """Every combination of the values of the fields."""

    kind: Literal["grid"]
    vary: Annotated[tuple[GridField, ...], Some]

    @property
    def count(self) -> int:
        return prod(field.count for field in self.vary)


def _form(written: object) -> str:
    return "spreads" if isinstance(written, str) else "fields"


OrSpreads = Annotated[
    Annotated[Literal["spreads"], Tag("spreads")]
    | Annotated[tuple[Stepped, ...], Some, Tag("fields")],
    Discriminator(_form),
]
"""Fields, or the word `spreads`: every number over its own spread."""


class OneWay(DesignKind):
    """One field at a time, the others as they are: what a tornado shows.

    With `vary: spreads` it is every number that has a spread; `of` names those that are meant by
    the beginnings of their paths.
    """

    combined = False
    kind: Literal["one_way"]
    vary: OrSpreads
    of: OneOrMore[FieldPath] | None = None

    @model_validator(mode="after")
    def _of_spreads(self) -> Self:
        if self.of is not None and self.vary != "spreads":
            raise ValueError("of is for 'vary: spreads' alone; remove it")
        return self


class Sampled(DesignKind):
    """Sets drawn over the ranges of the fields; `sets` says how many."""

    sets: Annotated[int, Field(strict=True, ge=1)]
    vary: Annotated[tuple[Varied, ...], Some]

    @property
    def count(self) -> int:
        return self.sets


class LatinHypercube(Sampled):
    """A Latin hypercube: each field takes every part of its range once."""

    kind: Literal["latin_hypercube"]


def _balanced(sets: int) -> int:
    if sets & (sets - 1):
        below = 1 << (sets.bit_length() - 1)
        raise ValueError(f"{sets} is no power of two; write {below} or {2 * below}")
    return sets


Balanced = AfterValidator(_balanced)
"""How many points a Sobol sequence may have to be balanced."""


class SobolSequence(Sampled):
    """A scrambled Sobol sequence, which fills the ranges more evenly than chance."""

    kind: Literal["sobol_sequence"]
    sets: Annotated[int, Field(strict=True, ge=1), Balanced]
