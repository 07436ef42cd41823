"""What a patient's variables do to a therapy's odds and hazards.

Called by the therapy models and by the pathway builder, which reads the coefficients. Knows the
names and levels of a patient's variables, not how they are distributed or drawn.
"""

from difflib import get_close_matches
from typing import Self

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
}
"""Variable -> its levels; none for a number (age in years, frailty and tempo in sd)."""


class Effect(Written):
    """A ratio for one level of a variable, or for each `per` of a numeric one.

    The ratio counts from `centre`, the fitted population's average: the share at the level, or
    the mean of the number. There the therapy's own figure holds. Without a centre, from 0: the
    figure is that of patients not at the level.
    """

    variable: str
    level: str | None = None
    per: Real | None = None
    centre: Number | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        _listed(self.variable, VARIABLES, "variable")
        levels = VARIABLES[self.variable]
        if levels and (self.level is None or self.per is not None):
            raise ValueError(f"{self.variable} has levels; give level, one of {', '.join(levels)}")
        if levels and self.level is not None:
            _listed(self.level, levels, f"level of {self.variable}")
        if not levels and (self.level is not None or not self.per):
            raise ValueError(f"{self.variable} is a number; give per, such as 1, and no level")
        return self

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


def _listed(word: str, known: "tuple[str, ...] | dict[str, tuple[str, ...]]", what: str) -> None:
    if word not in known:
        near = get_close_matches(word, known, n=1)
        remedy = f"did you mean {near[0]!r}?" if near else f"write one of {', '.join(known)}"
        raise ValueError(f"unknown {what} {word!r}; {remedy}")
