"""Designs that ask how far results can be trusted: all numbers drawn anew, or which ones matter.

Kinds of `study_designs`, joined to the others by `study`. How a spread becomes a distribution is
told to them here and done by `study.uncertain`. Knows no scenario and draws nothing.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from pathsim.inputs.evidence import Written
from pathsim.inputs.forms import AtLeast, Flag, OneOrMore
from pathsim.inputs.quantity import Share
from pathsim.inputs.study_designs import Balanced, DesignKind, FieldPath, Varied


def _part(share: float) -> float:
    if not 0.1 <= share <= 0.999:
        raise ValueError(f"{100 * share:g} % is no part to read a spread by; write 10 to 99.9 %")
    return share


Part = Annotated[Share, AfterValidator(_part)]
"""How much of all that a number may be lies within its spread."""


class Spreads(Written):
    """How spreads are read that do not say how much of all lies within them.

    `patients` are those that the range of a median time is of: it is their scatter, and the median
    is known better than that.
    """

    assumed: Part = 0.95
    range: Part = 0.95
    patients: Annotated[int, Field(strict=True, ge=5, le=100_000)] = 30


class Uncertainty(DesignKind):
    """Every number with a spread is drawn anew in each set, those of one fit together.

    `of` names the numbers that are meant by the beginnings of their paths; all others stay. Each
    set has patients of its own; scenarios share them.
    """

    kind: Literal["uncertainty"]
    sets: Annotated[int, Field(strict=True, ge=2, le=100_000)]
    of: OneOrMore[FieldPath] | None = None
    correlated: Flag = True
    spreads: Spreads = Spreads()

    @property
    def count(self) -> int:
        return self.sets


def _form(written: object) -> str:
    return "spreads" if isinstance(written, str) else "fields"


OrSpreads = Annotated[
    Annotated[Literal["spreads"], Tag("spreads")]
    | Annotated[tuple[Varied, ...], AtLeast(1), Tag("fields")],
    Discriminator(_form),
]
"""Fields, or the word `spreads`: every number by its own distribution."""


class Sensitivity(DesignKind):
    """What the kinds share that ask which factor matters.

    A field with low and high is varied evenly over its range, one without by the distribution of
    its number. With `vary: spreads` every number is, or those that `of` means; `by: part` makes one
    factor of all numbers of a part (each therapy, the population, the centre).
    """

    vary: OrSpreads
    of: OneOrMore[FieldPath] | None = None
    by: Literal["number", "part"] = "number"
    spreads: Spreads = Spreads()

    @model_validator(mode="after")
    def _of_spreads(self) -> Self:
        for name in ("of", "by"):
            if name in self.model_fields_set and self.vary != "spreads":
                raise ValueError(f"{name} is for 'vary: spreads' alone; remove it")
        return self


class SobolIndices(Sensitivity):
    """The part of an outcome's variance that each factor brings, alone and with others.

    base_sets x (factors + 2) sets are simulated.
    """

    kind: Literal["sobol_indices"]
    base_sets: Annotated[int, Field(strict=True, ge=2, le=65_536), Balanced]

    @property
    def count(self) -> int | None:
        return None if self.vary == "spreads" else self.base_sets * (len(self.vary) + 2)


class Morris(Sensitivity):
    """How far an outcome moves when one factor does: a first look at many factors.

    trajectories x (factors + 1) sets are simulated, each factor at so many even `levels`.
    """

    kind: Literal["morris"]
    trajectories: Annotated[int, Field(strict=True, ge=2, le=10_000)]
    levels: Literal[4, 6, 8, 10] = 4

    @property
    def count(self) -> int | None:
        return None if self.vary == "spreads" else self.trajectories * (len(self.vary) + 1)
