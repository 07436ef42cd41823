"""A population as a person writes it: who the patients are, in the order of drawing.

Called by the scenario loader and by the pathway builder, which makes a variable of each feature.
Knows no therapy, no resource and no pathway; which features there are, `effects` says.
"""

import math
from collections.abc import Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pathsim.errors import InputError, Problem, did_you_mean
from pathsim.inputs.document import Document, Where
from pathsim.inputs.effects import OF_THE_WAY, REACH, UNITS, VARIABLES, OddsEffect
from pathsim.inputs.evidence import Duration, Number, Probability, Written
from pathsim.inputs.forms import AtLeast
from pathsim.inputs.lawspec import LawSpec
from pathsim.inputs.load import read_extended, validate
from pathsim.inputs.natural_history import BetweenLines, Dependence, Waiting
from pathsim.inputs.places import named, params_dir
from pathsim.laws import Empirical

ACCESS: dict[str, tuple[str, ...]] = {
    "distance": ("near", "far"),
    "caregiver": ("no", "yes"),
    "centre_type": ("academic", "community"),
}
"""Features of access, which bear on where a patient can be treated and on no hazard."""

FEATURES: dict[str, tuple[str, ...]] = {
    **{name: levels for name, levels in VARIABLES.items() if name not in OF_THE_WAY},
    **ACCESS,
}
"""Every feature that a population gives, and its levels; none for a number."""

LEFT_OUT = {"centre_type": "academic", "recent_alkylator": "no"}
"""Features that a population may leave out, and what then holds for all of its patients.

`centre_type` is where a patient is cared for before referral. `recent_alkylator` is whether an
alkylator was among the last drugs: it counts as given until referral.
"""

HIDDEN = ("frailty", "tempo")
"""Features that nobody sees: no rule may read them."""


class _WithLevels(Written):
    """Shares of the levels of a feature; the level named in `rest` takes what they leave."""

    levels: dict[str, Probability]
    rest: str

    @model_validator(mode="after")
    def _within_one(self) -> Self:
        if self.rest in self.levels:
            raise ValueError(f"'{self.rest}' has a share and is the rest; remove one of the two")
        total = math.fsum(share.base for share in self.levels.values())
        if total > 1 + 1e-9:
            raise ValueError(f"shares add up to {total:g}; let them leave the rest 0 or more")
        return self

    @property
    def shares(self) -> dict[str, float]:
        """The share of each level, the rest last; they add up to 1."""
        given = {level: share.base for level, share in self.levels.items()}
        return {**given, self.rest: max(0.0, 1 - math.fsum(given.values()))}


class FeatureEffect(OddsEffect):
    """An effect of a feature drawn before, of access too, on the odds of a level of another."""

    known: ClassVar[Mapping[str, tuple[str, ...]]] = FEATURES


class Levels(_WithLevels):
    """One of several levels. `effects` shift the odds of a level, by features drawn before."""

    draw: Literal["levels"]
    effects: dict[str, tuple[FeatureEffect, ...]] = Field(default={})

    def shares_given(self, patient: Mapping[str, object]) -> dict[str, float]:
        """The share of each level for a patient with these earlier features."""
        weights = dict(self.shares)
        for level, effects in self.effects.items():
            for effect in effects:
                weights[level] *= effect.ratio ** effect.steps(patient[effect.variable])
        total = math.fsum(weights.values())
        return {level: weight / total for level, weight in weights.items()}


class TruncatedNormal(Written):
    """A number, normal between bounds, in the one unit that all four figures are written in."""

    draw: Literal["normal"]
    mean: Number
    sd: Number
    low: Number
    high: Number

    @model_validator(mode="after")
    def _of_one_piece(self) -> Self:
        if len({n.unit for n in (self.mean, self.sd, self.low, self.high)}) > 1:
            raise ValueError("mean, sd, low and high differ in unit; write all in one")
        low, mean, high = self.low.value, self.mean.value, self.high.value
        if not 0 < self.sd.value <= 1000:
            raise ValueError(f"sd {self.sd.value:g}; write more than 0 and up to 1000")
        if not low < high:
            raise ValueError(f"low {low:g} is not below high {high:g}; exchange or correct them")
        if not low <= mean <= high:
            raise ValueError(f"mean {mean:g} lies outside {low:g} to {high:g}; correct one of them")
        return self


class CountShare(Written):
    """A count and the share of patients who have it."""

    count: Annotated[int, Field(strict=True, ge=0, le=100)]
    share: Probability


class Counts(Written):
    """A whole number, by the share of each."""

    draw: Literal["counts"]
    counts: Annotated[tuple[CountShare, ...], AtLeast(2)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = math.fsum(entry.share.base for entry in self.counts)
        if abs(total - 1) > 1e-9:
            raise ValueError(f"shares add up to {total:g}; let them add up to 1")
        if any(b.count <= a.count for a, b in zip(self.counts, self.counts[1:], strict=False)):
            raise ValueError("counts do not rise; put the lowest first")
        return self

    def law(self) -> Empirical:
        """The counts as quantiles with a step at each: the draw is a whole number, but for one
        in 10^9."""
        present = [entry for entry in self.counts if entry.share.base > 0]
        ends = [*accumulate(entry.share.base for entry in present[:-1]), 1.0]
        begins = [0.0, *(end + 1e-9 for end in ends[:-1])]
        steps = [p for pair in zip(begins, ends, strict=True) for p in pair]
        return Empirical(tuple(steps), tuple(float(e.count) for e in present for _ in range(2)))


class Latent(Written):
    """A hidden standard normal: what tells patients apart beyond all that is seen of them."""

    draw: Literal["latent"]


class Exposure(_WithLevels):
    """Earlier treatment against a target: never, recent (within `recent_within`) or past.

    For the exposed: days since the last dose or infusion, by level; the therapy it was, by share;
    and whether the disease progressed on it. `antigen_lost` is the share of those who progressed
    whose disease no longer carries the target; none if it is left out.
    """

    draw: Literal["exposure"]
    recent_within: Duration
    since: dict[str, LawSpec] = Field(default={})
    therapies: dict[str, Probability] = Field(default={})
    progressed_on_it: Probability | None = None
    antigen_lost: Probability | None = None

    @model_validator(mode="after")
    def _told(self) -> Self:
        met = [level for level, share in self.shares.items() if level != "never" and share > 0]
        if missing := [level for level in met if level not in self.since]:
            raise ValueError(f"no time since for {', '.join(missing)}; add it below 'since'")
        if met and (not self.therapies or self.progressed_on_it is None):
            raise ValueError("some are exposed; give therapies and progressed_on_it")
        total = math.fsum(share.base for share in self.therapies.values())
        if self.therapies and abs(total - 1) > 1e-9:
            raise ValueError(f"shares of therapies add up to {total:g}; let them add up to 1")
        return self


Feature = Annotated[
    Levels | TruncatedNormal | Counts | Latent | Exposure, Field(discriminator="draw")
]


class Population(Written):
    """One file of `params/populations/`. Features are drawn in the order in which they stand."""

    name: str
    title: str
    setting: str
    background: str
    features: dict[str, Feature]
    waiting: Waiting
    between_lines: BetweenLines
    dependence: Dependence
    note: str | None = None


def load_population(path: Path | str) -> Population:
    """The population in a file and those it extends; raises InputError with all that is wrong."""
    return population_in(read_extended(path, named(params_dir() / "populations")))


def population_in(document: Document, at: Where = ()) -> Population:
    """The population that a document (or its entry `at`) describes; raises InputError."""
    population = validate(document, Population, at)
    if problems := list(_problems(document, (*at, "features"), population.features)):
        raise InputError(problems)
    return population


def _problems(document: Document, at: Where, features: Mapping[str, Feature]) -> Iterator[Problem]:
    """What is wrong with the features taken together, each at its own line."""
    for missing in [name for name in FEATURES if name not in (*features, *LEFT_OUT)]:
        yield document.problem(at, f"no {missing}", remedy=f"add '{missing}:'")
    drawn: list[str] = []
    for name, feature in features.items():
        where: Where = (*at, name)
        if name not in FEATURES:
            near = did_you_mean(name, FEATURES)
            remedy = f"did you mean '{near}'?" if near else f"write one of {', '.join(FEATURES)}"
            yield document.problem(where, "no such feature", remedy=remedy)
        else:
            yield from _unfit(document, where, feature)
            yield from _too_early(document, where, feature, drawn)
        drawn.append(name)


def _unfit(document: Document, where: Where, feature: Feature) -> Iterator[Problem]:
    """A problem where a feature is drawn as another kind, or has other levels."""
    name = str(where[-1])
    fit = _draws_fit_for(name)
    if feature.draw not in fit:
        cause = f"'{feature.draw}' does not fit {name}"
        yield document.problem((*where, "draw"), cause, remedy=f"write {' or '.join(fit)}")
    elif isinstance(feature, _WithLevels) and set(feature.shares) != set(FEATURES[name]):
        cause = f"levels are {', '.join(feature.shares)}"
        remedy = f"give each of {', '.join(FEATURES[name])}, one of them as the rest"
        yield document.problem(where, cause, remedy=remedy)
    elif isinstance(feature, TruncatedNormal) and feature.mean.unit != UNITS[name]:
        cause = f"{name} in {feature.mean.unit}"
        remedy = f"write it in {UNITS[name]}"
        yield document.problem((*where, "mean", "unit"), cause, remedy=remedy)
    elif isinstance(feature, TruncatedNormal):
        low, high, most = feature.low.value, feature.high.value, REACH[name]
        if low < 0 or high > most:
            cause = f"{name} from {low:g} to {high:g}"
            yield document.problem(where, cause, remedy=f"let it lie within 0 to {most:g}")


def _draws_fit_for(name: str) -> tuple[str, ...]:
    if name in HIDDEN:
        return ("latent",)
    if name.endswith("_exposure"):
        return ("exposure",)
    return ("levels",) if FEATURES[name] else ("normal", "counts")


def _too_early(
    document: Document, where: Where, feature: Feature, drawn: list[str]
) -> Iterator[Problem]:
    """A problem for each effect on a level that is none, or by a feature not drawn before."""
    name = str(where[-1])
    effects = feature.effects if isinstance(feature, Levels) else {}
    for level, shifts in effects.items():
        at: Where = (*where, "effects", level)
        if level not in FEATURES[name]:
            remedy = f"write one of {', '.join(FEATURES[name])}"
            yield document.problem(at, f"{name} has no such level", remedy=remedy)
        for index, effect in enumerate(shifts):
            if effect.variable not in drawn:
                cause = f"{effect.variable} is not drawn before {name}"
                remedy = f"put {name} below {effect.variable}, or remove the effect"
                if effect.variable == name:
                    cause, remedy = "a feature cannot shift itself", "remove the effect"
                yield document.problem((*at, index, "variable"), cause, remedy=remedy)
