"""What patients share and how they come: Resource, Score, arrivals, Stream, Service (docs/law.md).

Frozen objects; engines walk them. A Service is the whole model that an engine runs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from pathsim import draws, laws
from pathsim.errors import demand
from pathsim.events import ARRIVAL
from pathsim.laws import PiecewiseExponential
from pathsim.pathway.amounts import Step, amount_at, amounts_of, positive, steps_of, whole
from pathsim.pathway.frozen import freeze
from pathsim.pathway.pathway import Pathway
from pathsim.pathway.reading import Factor
from pathsim.pathway.setting import Set


@dataclass(frozen=True)
class Every:
    """Releases of an allotment every `period` days from `start` on and before `until`.

    `amount` is released each time, or steps `(day, amount)` of it. Raises ValueError.
    """

    period: float
    amount: int | Sequence[Step]
    start: float = 0.0
    until: float = math.inf

    def __post_init__(self) -> None:
        positive(self.period, "every: the period")
        demand(0.0 <= self.start < math.inf, f"every: start is {self.start}; give a day from 0 on.")
        demand(not math.isnan(self.until), "every: until is no number; give a day.")
        object.__setattr__(self, "amount", amounts_of(self.amount, "every: the amount"))

    def upto(self, horizon: float) -> Iterator[Step]:
        """The releases up to and with the horizon."""
        for k in count():
            day = self.start + k * self.period
            if day > horizon or day >= self.until:
                return
            if amount := amount_at(self.amount, day):
                yield day, amount


@dataclass(frozen=True)
class Score:
    """A discipline: the highest sum of terms, plus so much for each day waited, goes first."""

    terms: Sequence[Factor] = ()
    per_day_waited: float = 0.0

    def __post_init__(self) -> None:
        freeze(self, "terms")


FIRST_COME, RANDOM = "first_come", "random"


@dataclass(frozen=True)
class Resource:
    """Places, held and returned, or allotments, used up at their grant (until a named state).

    Exactly one of `places` (a number or steps `(day, number)`) and `allotments` (`Every` or
    releases `(day, number)`). `closed` are weekdays (0 is day 0) on which no place is granted.
    `typical_stay` (days) is only for the expected wait of places. Raises ValueError.
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
        freeze(self, "closed")
        what = f"resource '{self.name}'"
        if self.places is not None:
            object.__setattr__(self, "places", amounts_of(self.places, f"{what}: places"))
        if self.allotments is not None and not isinstance(self.allotments, Every):
            releases = steps_of(self.allotments, f"{what}: allotments")
            demand(
                all(day >= 0.0 for day, _ in releases),
                f"{what}: releases start on {releases[0][0] if releases else 0}; none is before 0.",
            )
            object.__setattr__(self, "allotments", releases)
        if self.carry is not None:
            whole(self.carry, f"{what}: carry")
        if self.typical_stay is not None:
            positive(self.typical_stay, f"{what}: typical_stay")
        demand(
            set(self.closed) <= set(range(7)),
            f"{what}: closed is {list(self.closed)}; give weekdays from 0 to 6.",
        )

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
        days = {0.0}  # what began earlier is in force then
        if not isinstance(self.places, int):
            days |= {day for day, _ in self.places}
        if self.closed:
            turns = {d for d in range(7) if (d in self.closed) != ((d - 1) % 7 in self.closed)}
            days |= {float(d) for turn in turns for d in range(turn, math.floor(horizon) + 1, 7)}
        steps: list[Step] = []
        for day in sorted(d for d in days if 0.0 <= d <= horizon):
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
    """Arrivals at these times, in days, in any order. Raises ValueError."""

    times: Sequence[float]

    def __post_init__(self) -> None:
        object.__setattr__(self, "times", tuple(sorted(float(t) for t in self.times)))
        wrong = [t for t in self.times if not 0.0 <= t < math.inf]
        demand(not wrong, f"arrivals at {wrong}; give finite times, 0 or more.")

    def iterate(self, seed: int, replication: int, first: int) -> Iterator[float]:
        del seed, replication, first
        return iter(self.times)


@dataclass(frozen=True)
class Steady:
    """One arrival every `interval` days, the first at `start`. Raises ValueError."""

    interval: float
    start: float = 0.0

    def __post_init__(self) -> None:
        positive(self.interval, "steady arrivals: the interval")
        demand(
            0.0 <= self.start < math.inf,
            f"steady arrivals: start is {self.start}; give a finite time, 0 or more.",
        )

    def iterate(self, seed: int, replication: int, first: int) -> Iterator[float]:
        del seed, replication, first
        return (self.start + k * self.interval for k in count())


@dataclass(frozen=True)
class Poisson:
    """Arrivals at random, `rate` a day or steps `(day, rate)`; a gap is its patient's own draw.

    The first step is that of day 0; rate 0 brings nobody. Raises ValueError.
    """

    rate: float | Sequence[tuple[float, float]]

    def __post_init__(self) -> None:
        if isinstance(self.rate, Iterable):
            object.__setattr__(self, "rate", tuple(self.rate))
        try:
            self.law()
        except ValueError as error:
            raise ValueError(f"Poisson arrivals: the rate, as {error}") from None

    def law(self) -> PiecewiseExponential:
        """The law whose cumulative hazard is the expected number of arrivals."""
        steps = self.rate if isinstance(self.rate, tuple) else ((0.0, self.rate),)
        return PiecewiseExponential(tuple(s for s, _ in steps), tuple(r for _, r in steps))

    def iterate(self, seed: int, replication: int, first: int) -> Iterator[float]:
        key, law = draws.key_of(ARRIVAL), self.law()
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
    `enters` and `sets` place those whom the service holds on day 0. Raises ValueError.
    """

    pathway: Pathway
    arrivals: Arrivals
    name: str = "patients"
    patients: int | None = None
    first: int = 0
    enters: str | None = None
    sets: Sequence[Set] = ()

    def __post_init__(self) -> None:
        freeze(self, "sets")
        what = f"stream '{self.name}'"
        whole(self.first, f"{what}: first")
        if self.patients is not None:
            whole(self.patients, f"{what}: patients")

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

        freeze(self, "streams", "resources")
        check_service(self)

    @property
    def columns(self) -> dict[str, bool]:
        """The variables of all streams' patients, and whether each holds words."""
        columns: dict[str, bool] = {}
        for variable in (v for s in self.streams for v in s.pathway.variables):
            words = variable.kind == "level"
            columns[variable.name] = words or columns.get(variable.name, False)
        return columns
