"""What a rule may ask of a patient and of the service: a closed list, nothing else.

Part of `strategy`; read by the pathway builder, which makes each a condition of the law. Knows no
therapy by name and no file. All that a `when` says must hold; what it does not say is not asked.
"""

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pathsim.inputs.efficacy import Target
from pathsim.inputs.evidence import Real, Written
from pathsim.inputs.forms import AtLeast, Flag, OneOrMore
from pathsim.inputs.quantity import CalendarDay, Share, Span, TimeSpan, Whole

TARGETS = ("BCMA", "GPRC5D", "FcRH5", "CD38")

YesNo = Literal["no", "yes"]


class _Interval(Written):
    """At least so much, below so much; one of the two may be left out."""

    @property
    def bounds(self) -> tuple[float, float]:
        """Both bounds in the model's own unit, infinite where not given."""
        return _plain(getattr(self, "at_least", None), -math.inf), _plain(
            getattr(self, "below", None), math.inf
        )

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        low, high = self.bounds
        if low == -math.inf and high == math.inf:
            raise ValueError("no bound is given; write at_least, below or both")
        if low >= high:
            raise ValueError(
                f"nothing is at least {low:g} and below {high:g}; "
                "the rule can never match: correct one of them"
            )
        return self


def _plain(bound: Span | float | None, otherwise: float) -> float:
    if bound is None:
        return otherwise
    return bound.days if isinstance(bound, Span) else float(bound)


class Between(_Interval):
    """A number, such as age in years."""

    at_least: Real | None = None
    below: Real | None = None


class Numbered(_Interval):
    """A count, such as the number of a line."""

    at_least: Whole | None = None
    below: Whole | None = None


class Lasting(_Interval):
    """A stretch of time."""

    at_least: TimeSpan | None = None
    below: TimeSpan | None = None


class Exposed(Written):
    """Whether a target or therapy was ever given, before arrival or since."""

    to: str
    ever: Flag


class RefractoryTo(Written):
    """Whether the disease progressed on a therapy, or on any against a target.

    On it means while it was given, or within 60 days of its last dose or infusion; for therapies
    before arrival the population says it (`progressed_on_it`).
    """

    what: str
    is_: Annotated[Flag, Field(alias="is")]


class Antigen(Written):
    """What the last test for a target found; nobody is tested unless the scenario's support says.

    Whether the target is there is hidden from rules.
    """

    target: Target
    found: OneOrMore[Literal["present", "lost", "not_tested"]]


class Since(Lasting):
    """Time since the last dose or infusion, the arrival, or the last relapse.

    Where there was none the condition does not hold, whatever the bounds.
    """

    what: str


class Given(Numbered):
    """How often a therapy was begun since arrival; a line counts from the decision on it."""

    therapy: str


class Wait(Lasting):
    """The expected wait for a resource, were it asked for now (docs/law.md, section 6)."""

    resource: str


class Queued(Numbered):
    """How many now wait for a resource."""

    resource: str


class Free(Numbered):
    """How much of a resource is neither held nor asked for."""

    resource: str


class Calendar(Written):
    """From a date on, before a date, or both."""

    start: Annotated[CalendarDay | None, Field(alias="from")] = None
    before: CalendarDay | None = None

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.start is None and self.before is None:
            raise ValueError("no date is given; write from, before or both")
        if self.start and self.before and self.start >= self.before:
            raise ValueError(
                f"no day is from {self.start} and before {self.before}; "
                "the rule can never match: correct one of them"
            )
        return self


class When(Written):
    """All of these must hold. A feature is asked for one level or any of a list.

    `line` is the number of the line about to be given, `lines_here` counts those given since
    arrival. `last_…` speak of the last line since arrival and hold for nobody before the first.
    `last_lasted` is the time from its start to progression, or until it was left. `share` holds
    for that share of all patients, by chance: drawn once a patient, at arrival.
    """

    sex: OneOrMore[Literal["female", "male"]] | None = None
    fitness: OneOrMore[Literal["fit", "intermediate", "frail"]] | None = None
    risk: OneOrMore[Literal["standard", "high"]] | None = None
    emd: OneOrMore[YesNo] | None = None
    functional_high_risk: OneOrMore[YesNo] | None = None
    burden: OneOrMore[Literal["low", "high"]] | None = None
    renal: OneOrMore[Literal["normal", "impaired"]] | None = None
    refractory: OneOrMore[Literal["triple", "penta", "less"]] | None = None
    distance: OneOrMore[Literal["near", "far"]] | None = None
    caregiver: OneOrMore[YesNo] | None = None
    centre_type: OneOrMore[Literal["academic", "community"]] | None = None
    share: Share | None = None
    age: Between | None = None
    line: Numbered | None = None
    lines_here: Numbered | None = None
    exposed: OneOrMore[Exposed] | None = None
    refractory_to: OneOrMore[RefractoryTo] | None = None
    antigen: OneOrMore[Antigen] | None = None
    since: OneOrMore[Since] | None = None
    last_response: OneOrMore[Literal["cr", "vgpr", "pr", "none", "not_assessed"]] | None = None
    last_therapy: OneOrMore[str] | None = None
    last_lasted: Lasting | None = None
    stopped_in_response: Flag | None = None
    given: OneOrMore[Given] | None = None
    expected_wait: OneOrMore[Wait] | None = None
    queue: OneOrMore[Queued] | None = None
    free: OneOrMore[Free] | None = None
    calendar: Calendar | None = None
    any_of: Annotated[tuple["When", ...], AtLeast(2)] | None = None
    negated: Annotated["When | None", Field(alias="not")] = None

    @property
    def asked(self) -> dict[str, object]:
        """What it asks, by field name, in the order of the list above."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in fields.items() if value is not None}


LEVEL_FEATURES = (
    "sex", "fitness", "risk", "emd", "functional_high_risk", "burden", "renal", "refractory",
    "distance", "caregiver", "centre_type",
)  # fmt: skip


def covers(earlier: object, later: object) -> bool:
    """Whether all that the later asks for implies the earlier; False where that is not plain."""
    if isinstance(earlier, When) and isinstance(later, When):
        return all(_implied(name, asked, later) for name, asked in earlier.asked.items())
    ways = isinstance(earlier, tuple) and earlier and isinstance(earlier[0], When)
    if earlier is None or (earlier == later and not ways):
        return True
    if isinstance(earlier, _Interval) and type(earlier) is type(later):
        return _same_thing(earlier, later) and _within(later.bounds, earlier.bounds)
    if not isinstance(earlier, tuple) or not isinstance(later, tuple):
        return False
    if isinstance(earlier[0], str):
        return set(later) <= set(earlier)
    if isinstance(earlier[0], When):
        return all(any(covers(way, one) for way in earlier) for one in later)
    return all(any(covers(one, narrower) for narrower in later) for one in earlier)


def _implied(name: str, asked: object, later: When) -> bool:
    """Whether one condition follows from all that the later asks; never one left to chance."""
    if name == "share":
        return False
    if name == "negated":
        return later.negated is not None and covers(later.negated, asked)
    return covers(asked, getattr(later, name))


def _same_thing(one: _Interval, other: _Interval) -> bool:
    bounds = {"at_least": None, "below": None}
    return one.model_copy(update=bounds) == other.model_copy(update=bounds)


def _within(inner: tuple[float, float], outer: tuple[float, float]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def contradiction(when: When) -> str | None:
    """Why nobody can meet all of it, if that is plain; None otherwise."""
    if when.negated is not None and covers(when.negated, when):
        return "it asks for what 'not' excludes"
    never = {e.to for e in when.exposed or () if not e.ever}
    ever = {e.to for e in when.exposed or () if e.ever}
    ever |= {s.what for s in when.since or ()} | {r.what for r in when.refractory_to or () if r.is_}
    if both := sorted(never & ever):
        return f"it asks for patients never exposed to {both[0]} and for ones who were"
    if when.line and when.lines_here and when.lines_here.bounds[0] >= when.line.bounds[1] - 1:
        return "more lines given here than lines given at all"
    return _no_overlap(when)


def _no_overlap(when: When) -> str | None:
    """Two intervals for the same thing that do not meet."""
    for name, asked in when.asked.items():
        several = asked if isinstance(asked, tuple) else ()
        ranges = [one for one in several if isinstance(one, _Interval)]
        for i, one in enumerate(ranges):
            for other in ranges[:i]:
                low = max(one.bounds[0], other.bounds[0])
                if _same_thing(one, other) and low >= min(one.bounds[1], other.bounds[1]):
                    return f"two bounds under '{name}' exclude each other"
    return None
