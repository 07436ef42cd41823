"""What the templates are made of: factors, laws with their sources, the clocks every patient has.

A `Kit` holds what all templates read; a `Parts` gathers what they make. Used by car_t, bispecific,
regimen and between; knows no modality.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from pathsim.inputs.effects import Effect
from pathsim.inputs.evidence import Number, numbers
from pathsim.inputs.lawspec import LawSpec
from pathsim.inputs.natural_history import PerSd
from pathsim.inputs.population import Population
from pathsim.inputs.strategy import Stopping, Thinning
from pathsim.inputs.supportive import AntigenTest, SupportiveCareFile
from pathsim.laws import Law, PiecewiseExponential
from pathsim.laws.families import refitted
from pathsim.pathway import words
from pathsim.pathway.pathway import (
    Choice,
    Clock,
    Option,
    State,
    Variable,
)
from pathsim.pathway.reading import By, Factor, Per
from pathsim.pathway.setting import Set

AS_FITTED = "as_fitted"
"""Laws of progression as they stand in the therapies' files, each of its own family."""

NEVER = PiecewiseExponential((0.0,), (0.0,))


"""A law that never rings: what a patient without an event runs."""


TARGETS = ("BCMA", "GPRC5D", "FcRH5", "CD38")


EXPOSURES = {"bcma_exposure": "BCMA", "gprc5d_exposure": "GPRC5D"}


"""A population's features of earlier treatment, and the target of each."""


READ_AS = {
    **{feature: words.before(target) for feature, target in EXPOSURES.items()},
    **{f"{target.lower()}_ended": words.ended_before(target) for target in EXPOSURES.values()},
    **{f"{target.lower()}_antigen": words.antigen(target) for target in EXPOSURES.values()},
}


"""Written variables that the pathway keeps under another name."""


KEPT = 4096
"""So many laws and factors are kept: variants of a scenario share most of what was written."""


@dataclass(frozen=True)
class Interruption:
    """A detour to be: where it begins, by what it may be interrupted itself, what it pauses."""

    name: str
    enters: str
    open_to: Sequence[str] = ()
    pauses: Sequence[str] = ()


@dataclass
class Parts:
    """What a pathway is put together from."""

    states: list[State] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    detours: list[Interruption] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    standing: list[Clock] = field(default_factory=list)

    def add(self, other: Parts) -> None:
        self.states += other.states
        self.choices += other.choices
        self.detours += other.detours
        self.variables += other.variables
        self.standing += other.standing


@dataclass(frozen=True)
class Kit:
    """What every template reads: the population's natural history, day 0, and the switches.

    With `settled` authorisation and work-up take no time. `therapies` are the names of all;
    `washouts` and `holds` are the days that rules may ask for. By therapy, `stopping` and
    `thinning` are the fixed durations and the rules for fewer doses that are asked for, `gaps` the
    days after which step-up is to begin again. `supportive` says what is given beside.
    `washed` are the therapies before whose first dose some rule asks for a washout; `antigen_test`
    is None where nobody is tested for a lost target.
    """

    population: Population
    start: date
    dependent: bool = True
    curves: str = AS_FITTED
    settled: bool = False
    therapies: tuple[str, ...] = ()
    washouts: tuple[float, ...] = ()
    holds: tuple[float, ...] = ()
    stopping: Mapping[str, tuple[Stopping, ...]] = field(default_factory=dict)
    thinning: Mapping[str, tuple[Thinning, ...]] = field(default_factory=dict)
    gaps: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    supportive: SupportiveCareFile | None = None
    washed: frozenset[str] = frozenset()
    antigen_test: AntigenTest | None = None

    def dependence(self, on: str) -> list[Factor]:
        """The hidden features' factors on death, infection or progression."""
        if not self.dependent:
            return []
        found: list[Factor] = []
        for name in ("frailty", "tempo"):
            per_sd: PerSd = getattr(self.population.dependence, name)
            found.append(Per(name, getattr(per_sd, on).base))
        return found

    @property
    def care(self) -> SupportiveCareFile:
        """What is given beside every therapy."""
        assert self.supportive is not None
        return self.supportive

    @property
    def prevention(self) -> By:
        """The factor on serious infections: prevention given, or not."""
        spec = self.care.infection_prophylaxis
        levels = {"yes": spec.infection_ratio.base, "no": spec.without.base}
        return By(words.PREVENTION, levels=levels)

    def day(self, when: date) -> float:
        """A calendar date as days since the start; negative before it."""
        return float((when - self.start).days)


def cite(*written: object) -> str:
    """The sources of the numbers in what was written, for a clock's note."""
    found: list[Number] = [n for w in written for _, n in numbers(w)]
    return "; ".join(dict.fromkeys(f"{n.source} ({n.kind})" for n in found))


def factors(effects: Iterable[Effect]) -> list[Factor]:
    """Written effects as factors, counted from their centres."""
    return [factor(effect) for effect in effects]


@lru_cache(maxsize=KEPT)
def factor(effect: Effect) -> Factor:
    ratio, centre = effect.ratio, effect.centred_at
    if effect.level is None:
        assert effect.per is not None
        return Per(effect.variable.replace("_", " "), ratio ** (1.0 / effect.per), centre)
    on, off = ratio ** (1.0 - centre), ratio ** (-centre)
    read = READ_AS.get(effect.variable) or variable(effect.variable)
    return By(read, levels={effect.level: on}, otherwise=off)


def variable(name: str) -> str:
    """The pathway's name of a written variable."""
    return name.replace("_", " ")


@lru_cache(maxsize=KEPT)
def law_of(spec: LawSpec) -> Law:
    return spec.build()


def curve(spec: LawSpec, family: str) -> Law:
    """A law of progression: as it was fitted, or of another family through two of its points."""
    law = law_of(spec)
    return law if family == AS_FITTED else refitted(law, family)


def odds(p: float) -> float:
    return p / (1.0 - p)


def by_probability(
    choice: str, ways: Sequence[tuple[str, str, float]], **sets: Sequence[Set]
) -> Choice:
    """A choice between named ways; the last one's probability is what the others leave."""
    *others, (last, target, _) = ways
    left = max(0.0, 1.0 - sum(p for _, _, p in others))
    options = [Option(n, t, p, sets=sets.get(n, ())) for n, t, p in (*others, (last, target, left))]
    return Choice(choice, options=options)
