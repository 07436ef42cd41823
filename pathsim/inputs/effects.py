"""What a patient's variables do to a therapy's odds and hazards.

Called by the therapy models and by the pathway builder, which reads the coefficients. Knows the
names and levels of a patient's variables, not how they are distributed or drawn.
"""

import math
from collections.abc import Mapping
from difflib import get_close_matches
from typing import ClassVar, Self

from pydantic import model_validator

from pathsim.inputs.evidence import Number, Ratio, Real, Written

VARIABLES: dict[str, tuple[str, ...]] = {
    "sex": ("female", "male"),
    "age": (),
    "prior_lines": (),
    "risk": ("standard", "high"),
    "emd": ("no", "yes"),
    "functional_high_risk": ("no", "yes"),
    "refractory": ("triple", "penta", "less"),
    "fitness": ("fit", "intermediate", "frail"),
    "burden": ("low", "high"),
    "renal": ("normal", "impaired"),
    "frailty": (),
    "tempo": (),
    "bcma_exposure": ("never", "recent", "past"),
    "gprc5d_exposure": ("never", "recent", "past"),
    "bridging_response": ("vgpr", "pr", "less", "not_bridged"),
    "bcma_ended": ("never", "progression", "response"),
    "gprc5d_ended": ("never", "progression", "response"),
    "bcma_antigen": ("present", "lost"),
    "gprc5d_antigen": ("present", "lost"),
    "recent_bispecific": ("no", "yes"),
    "recent_alkylator": ("no", "yes"),
}
"""Variable -> its levels; none for a number (age in years, frailty and tempo in sd).

`…_exposure` and `…_ended` are as before the therapy under way: when it was last given, and whether
that ended in progression, or in a response in which it was stopped. `…_antigen` is hidden.
`recent_…` is as at the last apheresis, by the windows of the product's file.
"""

OF_THE_WAY = (
    "bridging_response", "bcma_ended", "gprc5d_ended", "bcma_antigen", "gprc5d_antigen",
    "recent_bispecific",
)  # fmt: skip
"""Variables that come of what is given and of its course: no feature of a population."""


REACH = {"age": 120.0, "prior_lines": 100.0, "frailty": 10.0, "tempo": 10.0}
"""Numeric variable -> how far from its centre a patient can be, in its own unit."""

UNITS = {"age": "years", "prior_lines": "count"}
"""What a numeric variable is counted in; the others in sd."""

EXTREME = 1e30
"""The most that one effect may multiply by, up or down, in the patient farthest away."""


class Effect(Written):
    """A ratio for one level of a variable, or for each `per` of a numeric one.

    The ratio counts from `centre`, the fitted population's average: the share at the level, or
    the mean of the number. There the therapy's own figure holds. Without a centre, from 0: the
    figure is that of patients not at the level.
    """

    known: ClassVar[Mapping[str, tuple[str, ...]]] = VARIABLES
    """Variable that may have the effect -> its levels; none for a number."""

    variable: str
    level: str | None = None
    per: Real | None = None
    centre: Number | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        _listed(self.variable, self.known, "variable")
        levels = self.known[self.variable]
        if levels and (self.level is None or self.per is not None):
            raise ValueError(f"{self.variable} has levels; give level, one of {', '.join(levels)}")
        if levels and self.level is not None:
            _listed(self.level, levels, f"level of {self.variable}")
        if not levels and (self.level is not None or not self.per):
            raise ValueError(f"{self.variable} is a number; give per, such as 1, and no level")
        return self

    @model_validator(mode="after")
    def _centred(self) -> Self:
        centre, unit = self.centre, UNITS.get(self.variable)
        if centre is None:
            return self
        if self.known[self.variable]:
            if centre.measures != "probability" or not 0 <= centre.base <= 1:
                raise ValueError("the centre is no share; write 0 to 100 %, the share at the level")
        elif unit is not None and centre.unit != unit:
            raise ValueError(f"the centre is in {centre.unit}; write it in {unit}")
        elif not 0 <= centre.value <= REACH[self.variable]:
            most = f"{REACH[self.variable]:g}"
            raise ValueError(f"the centre is {centre.value:g}; write 0 to {most}")
        return self

    @model_validator(mode="after")
    def _within_reason(self) -> Self:
        """ValueError for a ratio that nobody has seen in patients far from the centre."""
        ratio = self.ratio
        if abs(math.log(ratio)) > math.log(most_ratio(self)):
            raise ValueError(
                f"a ratio of {ratio:g} for every {self.per:g} of {self.variable} is beyond all "
                "reason; write one nearer to 1, or a larger per"
            )
        return self

    @property
    def ratio(self) -> float:
        """What the odds or the hazard is multiplied by, for the level or for each `per`."""
        raise NotImplementedError("an effect is on odds or on a hazard")

    @property
    def centred_at(self) -> float:
        """The centre as a share (levels) or in the variable's own unit (numbers)."""
        if self.centre is None:
            return 0.0
        return self.centre.base if self.level is not None else self.centre.value

    def steps(self, value: object) -> float:
        """How often the ratio applies to a patient with this value of the variable."""
        if self.level is not None:
            return float(value == self.level) - self.centred_at
        assert isinstance(value, int | float)
        assert self.per is not None
        return (value - self.centred_at) / self.per


class OddsEffect(Effect):
    """An effect on the odds of an event or of a better response."""

    odds_ratio: Ratio

    @property
    def ratio(self) -> float:
        return self.odds_ratio.base


class HazardEffect(Effect):
    """An effect on a hazard or a rate."""

    hazard_ratio: Ratio

    @property
    def ratio(self) -> float:
        return self.hazard_ratio.base


def most_ratio(effect: Effect) -> float:
    """How much an effect's ratio may be at most, and one over that at least."""
    reach = REACH.get(effect.variable)
    return EXTREME ** (abs(effect.per) / reach) if reach and effect.per else math.inf


def _listed(word: str, known: "tuple[str, ...] | Mapping[str, object]", what: str) -> None:
    if word not in known:
        near = get_close_matches(word, known, n=1)
        remedy = f"did you mean {near[0]!r}?" if near else f"write one of {', '.join(known)}"
        raise ValueError(f"unknown {what} {word!r}; {remedy}")
