"""What patients share and how they come: Resource, Score, arrivals, Stream, Service (docs/law.md).

Frozen objects; engines walk them. A Service is the whole model that an engine runs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from pathsim import draws, laws
from pathsim.laws import PiecewiseExponential
from pathsim.pathway.pathway import Pathway, _freeze
from pathsim.pathway.reading import Factor
from pathsim.pathway.setting import Set

Step = tuple[float, int]
"""From this day on, this amount."""


@dataclass(frozen=True)
class Every:
    """Releases of an allotment every `period` days from `start` on; `amount` may be steps."""

    period: float
    amount: int | Sequence[Step]
    start: float = 0.0
    until: float = math.inf

    def upto(self, horizon: float) -> Iterator[Step]:
        for k in count():
            day = self.start + k * self.period
            if day > horizon or day >= self.until:
                return
            if amount := amount_at(self.amount, day):
                yield day, amount


def amount_at(amount: int | Sequence[Step], day: float) -> int:
    """The amount in force on a day; 0 before the first step."""
    if isinstance(amount, int):
        return amount
    return next((n for since, n in reversed(amount) if since <= day), 0)


@dataclass(frozen=True)
class Score:
    """A discipline: the highest sum of terms, plus so much for each day waited, goes first."""

    terms: Sequence[Factor] = ()
    per_day_waited: float = 0.0

    def __post_init__(self) -> None:
        _freeze(self, "terms")


FIRST_COME, RANDOM = "first_come", "random"


@dataclass(frozen=True)
class Resource:
    """Places, held and returned, or allotments, used up at their grant (until a named state).

    Exactly one of `places` (a number or steps `(day, number)`) and `allotments` (`Every` or
    releases `(day, number)`). `closed` are weekdays (0 is day 0) on which no place is granted.
    `typical_stay` (days) is only for the expected wait of places.
    """

    name: str
    places: int | Sequence[Step] | None = None
    allotments: Every | Sequence[Step] | None = None
    carry: int | None = None
    until: str | None = None
    discipline: str | Score = FIRST_COME
    skip: bool = False
    closed: Sequence[int] = ()
    typical_stay: float | None = None

    def __post_init__(self) -> None:
        _freeze(self, "closed")
        for name in ("places", "allotments"):
            if isinstance(value := getattr(self, name), list):
                object.__setattr__(self, name, tuple(value))

    @property
    def returned(self) -> bool:
        """True for places."""
        return self.places is not None

    def capacity_at(self, day: float) -> int:
        """Places on a day."""
        assert self.places is not None
        return 0 if math.floor(day) % 7 in self.closed else amount_at(self.places, day)

    def steps(self, horizon: float) -> list[Step]:
        """What changes and when, up to and with the horizon: capacities, or amounts released."""
        if self.places is None:
            assert self.allotments is not None
            if isinstance(self.allotments, Every):
                return list(self.allotments.upto(horizon))
            return [s for s in self.allotments if s[0] <= horizon]
        days = {0.0} | ({s[0] for s in self.places} if not isinstance(self.places, int) else set())
        if self.closed:
            days |= {float(d) for d in range(math.floor(horizon) + 1)}
        steps: list[Step] = []
        for day in sorted(d for d in days if d <= horizon):
            now = self.capacity_at(day)
            if not steps or steps[-1][1] != now:
                steps.append((day, now))
        return steps

    def supply_a_day(self, now: float) -> float:
        """Scheduled supply a day, for the expected wait (docs/law.md, section 6)."""
        if self.returned:
            return self.capacity_at(now) / self.typical_stay if self.typical_stay else 0.0
        return sum(n for day, n in self.steps(now + 360.0) if day > now) / 360.0


# --- arrivals ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class At:
    """Arrivals at these times, in days."""

    times: Sequence[float]

    def __post_init__(self) -> None:
        object.__setattr__(self, "times", tuple(sorted(float(t) for t in self.times)))

    def iterate(self, seed: int, replication: int, first: int) -> Iterator[float]:
        del seed, replication, first
        return iter(self.times)


@dataclass(frozen=True)
class Steady:
    """One arrival every `interval` days, the first at `start`."""

    interval: float
    start: float = 0.0

    def iterate(self, seed: int, replication: int, first: int) -> Iterator[float]:
        del seed, replication, first
        return (self.start + k * self.interval for k in count())


@dataclass(frozen=True)
class Poisson:
    """Arrivals at random, `rate` a day or steps `(day, rate)`; a gap is its patient's own draw."""

    rate: float | Sequence[tuple[float, float]]

    def iterate(self, seed: int, replication: int, first: int) -> Iterator[float]:
        key, steps = draws.key_of("arrival"), self.rate
        if isinstance(steps, float | int):
            steps = ((0.0, float(steps)),)
        law = PiecewiseExponential(tuple(s for s, _ in steps), tuple(r for _, r in steps))
        expected = 0.0
        for k in count():
            u = draws.uniform(seed, replication, first + k, key, 0)
            expected += laws.unit_exponential(u)
            yield law.inverse(expected)


Arrivals = At | Steady | Poisson


@dataclass(frozen=True)
class Stream:
    """Patients who come one after another and take one pathway.

    `patients` limits their number (None: until the horizon); they are numbered from `first` on.
    `enters` and `sets` place those whom the service holds on day 0.
    """

    pathway: Pathway
    arrivals: Arrivals
    name: str = "patients"
    patients: int | None = None
    first: int = 0
    enters: str | None = None
    sets: Sequence[Set] = ()

    def __post_init__(self) -> None:
        _freeze(self, "sets")

    @property
    def most(self) -> int | None:
        """How many patients there can be; None where only the horizon ends them."""
        if isinstance(self.arrivals, At):
            given = len(self.arrivals.times)
            return given if self.patients is None else min(given, self.patients)
        return self.patients

    def times(self, *, seed: int, replication: int, horizon: float) -> Iterator[tuple[int, float]]:
        """(patient number, day) of each arrival up to and with the horizon."""
        for k, time in enumerate(self.arrivals.iterate(seed, replication, self.first)):
            if time > horizon or (self.patients is not None and k >= self.patients):
                return
            yield self.first + k, time


@dataclass(frozen=True)
class Service:
    """Resources and the streams of patients who share them: the whole model.

    Raises PathwayError with every problem found.
    """

    streams: Sequence[Stream]
    resources: Sequence[Resource] = ()

    def __post_init__(self) -> None:
        from pathsim.pathway.checks import check_service

        _freeze(self, "streams", "resources")
        check_service(self)
