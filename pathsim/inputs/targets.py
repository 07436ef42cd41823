"""What was published of a trial or a cohort, and how the model is to be asked for the same.

One file of `params/targets/`, or one of the reader's own: arms to be simulated, and figures to be
met. Called by `study.trial` and by the command line; `outcomes.endpoints` reads a `Target`. Knows
no pathway and runs nothing. docs/targets.md has an example in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import core_schema

from pathsim.errors import InputError, Problem
from pathsim.inputs.agreement import unknown_sources
from pathsim.inputs.centre import choose
from pathsim.inputs.document import Document
from pathsim.inputs.evidence import Number, Real, Source, Written
from pathsim.inputs.forms import AtLeast, Flag, Name, OneOrMore, Sentence, Slug
from pathsim.inputs.load import read, validate
from pathsim.inputs.population import FEATURES
from pathsim.inputs.quantity import LastingTime, Positive
from pathsim.inputs.target_outcomes import COMPARISONS, DELAYS, EVENT_FREE, SHARES, Outcome

Origin = Literal["randomisation", "enrolment", "decision", "start"]
From = Literal["origin", "start", "response", "relapse", "fewer_doses"]
Role = Literal["calibration", "check", "reported"]
Curve = Literal["progression_free_survival", "overall_survival"]

TOLERANCE = "tolerance"
"""The file beside the targets that says what they are held to."""

ABOUT = 0.15
"""Half-width of the interval of a median or a ratio without one, as a part of its value."""


class Bounds(Written):
    """A number within bounds: at least, and below."""

    at_least: Real | None = None
    below: Real | None = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.at_least is None and self.below is None:
            raise ValueError("no bound is given; write at_least, below, or both")
        return self


def _form(asked: object) -> str:
    return "bounds" if isinstance(asked, dict | Bounds) else "levels"


Asked = Annotated[
    Annotated[OneOrMore[Annotated[str, Field(strict=True)] | Real], Tag("levels")]
    | Annotated[Bounds, Tag("bounds")],
    Discriminator(_form),
]
"""Levels, or numbers, of which a feature is one; or bounds of a number."""


class Conditions(Written):
    """Who is at risk: all that is said must hold. `features` are those of the population, drawn."""

    started: Flag | None = None
    bridged: Flag | None = None
    out_of_specification: Flag | None = None
    response: OneOrMore[Literal["cr", "vgpr", "pr", "none"]] | None = None
    bridging_response: OneOrMore[Literal["vgpr", "pr", "less"]] | None = None
    features: dict[str, Asked] = Field(default={})

    @model_validator(mode="before")
    @classmethod
    def _features_apart(cls, written: Any) -> Any:
        """Features stand beside the others in a file."""
        if not isinstance(written, dict) or "features" in written:
            return written
        apart = {name: value for name, value in written.items() if name in FEATURES}
        rest = {name: value for name, value in written.items() if name not in apart}
        return {**rest, "features": apart} if apart else rest

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        """Says the same to editors: each feature stands beside the others."""
        found: dict[str, Any] = handler.resolve_ref_schema(handler(core))
        each = found["properties"].pop("features")["additionalProperties"]
        found["properties"] |= dict.fromkeys(FEATURES, each)
        return found

    @model_validator(mode="after")
    def _levels_that_there_are(self) -> Self:
        for name, asked in self.features.items():
            levels = FEATURES.get(name)
            if levels is None:
                raise ValueError(f"no feature '{name}'; choose from {', '.join(FEATURES)}")
            if isinstance(asked, tuple) and levels and (wrong := set(asked) - set(levels)):
                said = ", ".join(sorted(map(str, wrong)))
                raise ValueError(f"{name} has no level {said}; choose from {', '.join(levels)}")
            if isinstance(asked, Bounds) and levels:
                raise ValueError(f"{name} is no number; write one of {', '.join(levels)}")
            if isinstance(asked, tuple) and not levels and any(isinstance(a, str) for a in asked):
                raise ValueError(f"{name} is a number; write numbers, or at_least and below")
        return self


class _AllOr:
    """`all` stands for no condition; said to the JSON Schema as well."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        def read(written: object) -> object:
            return {} if written == "all" else written

        return core_schema.no_info_before_validator_function(read, handler(source))

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"const": "all"}, handler(core)]}


class Interval(NamedTuple):
    """What a published figure may lie between, in the model's own unit, and how that is known.

    `kind` is that of the spread (95ci, assumed), "exact" (binomial, from n) or "15 %".
    """

    low: float
    high: float
    kind: str

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


class Target(Written):
    """One published figure: of whom, from when, what, and at what time.

    `at` is left out for a median, or for what ever happens. With `after` time counts from a
    landmark so long after `from`, for those who are then free of the event. `curve` and `against`
    are a hazard ratio's. `informs` names the fits that use it: with none it is independent.
    """

    name: Slug
    arm: Slug
    outcome: Outcome
    start: Annotated[From, Field(alias="from")] = "origin"
    of: Annotated[Conditions, _AllOr()] = Conditions()
    after: LastingTime | None = None
    at: LastingTime | None = None
    therapy: Name | None = None
    against: Slug | None = None
    curve: Curve | None = None
    published: Number
    n: Positive | None = None
    role: Role
    informs: tuple[Slug, ...] = ()
    because: Sentence | None = None

    @property
    def kind(self) -> Literal["share", "median", "ratio"]:
        """What sort of figure it is."""
        kinds = {"probability": "share", "time": "median", "ratio": "ratio"}
        return kinds[self.published.measures]  # type: ignore[return-value]

    @property
    def days(self) -> float | None:
        """`at` in days; None where it is left out."""
        return None if self.at is None else self.at.days

    @property
    def interval(self) -> Interval | None:
        """The published interval, or one from n; None for a figure that is only reported."""
        value, spread = self.published.base, self.published.spread
        if spread is not None and self.published.base_spread is not None:
            return Interval(*self.published.base_spread, spread.of)
        if self.kind != "share":
            return Interval(value * (1 - ABOUT), value * (1 + ABOUT), "15 %")
        return None if self.n is None else Interval(*exact(value, self.n), "exact")

    @model_validator(mode="after")
    def _unit_fits(self) -> Self:
        measures, outcome = self.published.measures, self.outcome
        wanted = ["probability"] if outcome in SHARES else ["time"] if outcome in DELAYS else []
        wanted = ["ratio"] if outcome in COMPARISONS else wanted or ["probability", "time"]
        if measures not in wanted:
            needed = {"probability": "%", "time": "months or days", "ratio": "ratio"}
            remedy = f"write it in {' or '.join(needed[w] for w in wanted)}"
            raise ValueError(f"unit {self.published.unit!r} is none of {outcome}; {remedy}")
        if measures == "probability" and not 0 <= self.published.base <= 1:
            raise ValueError("a share beyond 0 to 100 %; correct the value or its unit")
        if measures != "probability" and self.published.base <= 0:
            raise ValueError("a time or a ratio of 0 or less; correct the value")
        return self

    @model_validator(mode="after")
    def _time_fits(self) -> Self:
        free = self.outcome in EVENT_FREE
        if free and self.kind == "share" and self.at is None:
            raise ValueError("a share free of an event, and no time; add 'at: 12 months'")
        if self.kind == "median" and self.at is not None and self.outcome not in DELAYS:
            raise ValueError("a median is of all times; remove 'at'")
        begins = ("response", "start", "fewer_doses")
        if self.outcome == "duration_of_response" and self.start not in begins:
            raise ValueError("a duration of response begins there; write 'from: response'")
        if self.after is not None and not free:
            raise ValueError("a landmark is for those free of an event; remove 'after'")
        if self.outcome in DELAYS and self.start != "origin":
            raise ValueError("the outcome says from when; remove 'from'")
        return self

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        compared = self.outcome in COMPARISONS
        for name, needed in (("against", compared), ("curve", compared),
                             ("therapy", self.outcome == "crossover")):  # fmt: skip
            if needed and getattr(self, name) is None:
                raise ValueError(f"{self.outcome} without {name}; add '{name}:'")
            if not needed and getattr(self, name) is not None:
                raise ValueError(f"{name} is not for {self.outcome}; remove it")
        if self.against is not None and self.against == self.arm:
            raise ValueError("an arm against itself; name another arm in 'against'")
        return self

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        spread = self.published.spread
        if spread is not None and spread.of not in ("95ci", "assumed"):
            raise ValueError(
                f"{spread.of} of patients is no interval of the figure; leave the spread out, "
                "and give n"
            )
        if self.role == "reported" and self.because is None:
            raise ValueError("only reported, and no reason; say why in 'because'")
        if self.role != "reported" and self.interval is None:
            raise ValueError("a share without an interval; give its 95ci as spread, or n")
        return self


def exact(share: float, n: int) -> tuple[float, float]:
    """The exact 95 % binomial interval of a share of n (Clopper and Pearson 1934)."""
    from scipy.stats import beta  # heavy

    k = round(share * n)
    low = 0.0 if k == 0 else float(beta.ppf(0.025, k, n - k + 1))
    high = 1.0 if k == n else float(beta.ppf(0.975, k + 1, n - k))
    return min(low, share), max(high, share)


class Arm(Written):
    """What is given: the therapy whose start counts, and a scenario laid over the trials' base."""

    therapy: Name
    scenario: dict[str, Any]


class TrialFile(Written):
    """One file: a trial or a cohort, its arms and its targets. `sources` are the file's own."""

    trial: Slug
    title: Sentence
    origin: Origin
    arms: dict[Slug, Arm]
    sources: dict[str, Source] = Field(default={})
    targets: Annotated[tuple[Target, ...], AtLeast(1)]


class Tolerance(Written):
    """`params/targets/tolerance.yaml`: what the calibration targets are held to, set beforehand."""

    inside: Annotated[Real, Field(ge=0, le=1)]
    furthest: Annotated[Real, Field(gt=0)]
    because: Sentence


@dataclass(frozen=True, eq=False)
class Trial:
    """A file of targets as read, with the place of every entry; `arms` resolve in study.trial."""

    file: TrialFile
    document: Document = field(repr=False)

    @property
    def name(self) -> str:
        return self.file.trial

    @property
    def arms(self) -> Mapping[str, Arm]:
        return self.file.arms

    @property
    def targets(self) -> tuple[Target, ...]:
        return self.file.targets

    def target(self, name: str) -> Target:
        """The target of this name; KeyError for none."""
        return {target.name: target for target in self.targets}[name]


def load_trial(path: Path | str) -> Trial:
    """The trial in a file; raises InputError with everything wrong with it."""
    document = read(path)
    found = validate(document, TrialFile)
    unknown = [_of_ones_own(p) for p in unknown_sources(document, found.sources)]
    if problems := [*_disagreements(document, found), *unknown]:
        raise InputError(problems)
    return Trial(found, document)


def _of_ones_own(problem: Problem) -> Problem:
    """A cohort of one's own keeps its sources in its own file."""
    if not problem.remedy.startswith("add it"):
        return problem
    return replace(problem, remedy="add it to the file's own 'sources', or to params/sources.yaml")


def load_tolerance(path: Path | str) -> Tolerance:
    """The tolerance in a file; raises InputError."""
    return validate(read(path), Tolerance)


def _disagreements(document: Document, found: TrialFile) -> Iterator[Problem]:
    names = [target.name for target in found.targets]
    for index, target in enumerate(found.targets):
        for key in ("arm", "against"):
            arm = getattr(target, key)
            if arm is not None and arm not in found.arms:
                remedy = choose(arm, list(found.arms))
                yield document.problem(("targets", index, key), f"no arm '{arm}'", remedy=remedy)
        if target.name in names[:index]:
            cause = f"a second target named '{target.name}'"
            where = ("targets", index, "name")
            yield document.problem(where, cause, remedy="give it another name")
