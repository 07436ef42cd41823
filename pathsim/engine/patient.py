"""One patient in the SimPy engine: variables, the stack of levels, what runs, waits and is held.

`transition.py` moves patients; this module says what a patient is and what the levels list together
(docs/law.md, section 4). It never decides what happens next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import simpy

from pathsim import draws, laws
from pathsim.laws import Law
from pathsim.pathway import problems
from pathsim.pathway.chance import Draw
from pathsim.pathway.pathway import START, Clock, Detour, Pathway, Request, State
from pathsim.pathway.reading import CALENDAR, By, Value, product

if TYPE_CHECKING:
    from pathsim.engine.reference import Run

key_of = cache(draws.key_of)


class Listed(NamedTuple):
    """A clock as a level listed it on entry; `origin` is None where it is the clock's own start."""

    clock: Clock
    law: Law
    ratio: float
    origin: float | None


@dataclass
class Level:
    """One state on the stack, with its listing as read, and the detour that it belongs to."""

    state: State
    listing: dict[str, Listed]
    detour: Detour | None = None
    started_by: str | None = None


@dataclass
class Running:
    """A clock that runs: its budget, spent up to `spent_at`, and when it is due."""

    name: str
    clock: Clock
    law: Law
    ratio: float
    start: float
    origin: float
    rest: float
    spent_at: float
    due: float
    level: int
    paused_at: float | None = None
    standing: bool = False
    event: simpy.Event | None = None

    def spend(self, now: float) -> None:
        law = self.law
        self.rest = laws.spend(
            law.code, law.parameters, self.ratio, self.origin, self.spent_at, now, self.rest
        )
        self.spent_at = now

    def work_out_due(self, now: float) -> None:
        law = self.law
        self.due = laws.due(law.code, law.parameters, self.ratio, self.origin, now, self.rest)

    def take_over(self, listed: Listed, now: float, *, paused: bool) -> bool:
        """Go on as now listed; True if the due time had to be worked out anew."""
        same_terms = (
            (listed.law is self.law or listed.law == self.law)
            and listed.ratio == self.ratio
            and (listed.origin is None or listed.origin == self.origin)
            and (listed.origin is not None or self.origin == self.start)
        )
        self.clock = listed.clock
        if same_terms and paused == (self.paused_at is not None):
            return False
        if self.paused_at is None:
            self.spend(now)
        elif not paused:
            self.start += now - self.paused_at
        self.law, self.ratio, self.spent_at = listed.law, listed.ratio, now
        self.origin = self.start if listed.origin is None else listed.origin
        self.pause(now, paused=paused)
        return True

    def pause(self, now: float, *, paused: bool) -> None:
        """Stand still, or go on and be due."""
        if paused:
            self.paused_at = now if self.paused_at is None else self.paused_at
            self.due = float("inf")
        else:
            self.paused_at = None
            self.work_out_due(now)


@dataclass
class Waiting:
    """A request in a queue."""

    request: Request
    date: float
    level: int
    paused: bool


@dataclass(eq=False)
class Patient:
    """A life in the model; also the `Reader` that tables, draws and conditions ask."""

    number: int
    pathway: Pathway
    run: Run
    variables: dict[str, Value] = field(default_factory=dict)
    levels: list[Level] = field(default_factory=list)
    running: dict[str, Running] = field(default_factory=dict)
    requests: dict[str, Waiting] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    luck: int = 0
    instant: tuple[float, int] = (-1.0, 0)

    def __post_init__(self) -> None:
        self.luck = draws.stream(self.run.seed, self.run.replication, self.number)

    # --- as a Reader ---

    @property
    def now(self) -> float:
        return self.run.calendar.now

    def value(self, variable: str) -> Value:
        return self.now if variable == CALENDAR else self.variables[variable]

    def is_moment(self, variable: str) -> bool:
        return variable in self.pathway.moments

    def queue(self, resource: str) -> float:
        return len(self.run.pools[resource].queue)

    def free(self, resource: str) -> float:
        return self.run.pools[resource].free

    def expected_wait(self, resource: str) -> float:
        return self.run.pools[resource].expected_wait(self.now)

    # --- draws ---

    def uniform(self, name: str) -> float:
        """The patient's next uniform under this name."""
        count = self.counts.get(name, 0)
        self.counts[name] = count + 1
        return draws.uniform_in(self.luck, key_of(name), count)

    def draw(self, name: str, draw: Draw) -> Value:
        return draw.draw(self.uniform(name), self)

    # --- what is listed ---

    @property
    def depth(self) -> int:
        return len(self.levels) - 1

    def read(self, state: State) -> dict[str, Listed]:
        """The listing of a state, read now."""
        return {clock.name: self.read_clock(clock) for clock in state.clocks}

    def read_clock(self, clock: Clock) -> Listed:
        law = clock.law.read(self) if isinstance(clock.law, By) else clock.law
        if clock.since == START:
            origin = None
        elif clock.since == CALENDAR:
            origin = 0.0
        else:
            value = self.variables[clock.since]
            if value is None:
                raise problems.not_set(clock.name, clock.since, self.number, self.now)
            origin = float(value)
        return Listed(clock, law, product(clock.ratio, self), origin)

    def listed_clocks(self) -> Iterator[tuple[int, Listed]]:
        """The effective clocks with the level that each belongs to: the innermost prevails."""
        seen: set[str] = set()
        for depth in range(self.depth, -1, -1):
            level = self.levels[depth]
            for name, listed in level.listing.items():
                if name not in seen:
                    seen.add(name)
                    yield depth, listed
            if level.started_by is not None:
                seen.add(level.started_by)

    def listed_requests(self) -> dict[str, tuple[int, Request]]:
        """The effective requests by resource, with the level that each belongs to."""
        listed: dict[str, tuple[int, Request]] = {}
        started = {level.started_by for level in self.levels}
        for depth, level in enumerate(self.levels):
            for request in level.state.requests:
                if request.resource not in started or self.not_started_above(request, depth):
                    listed[request.resource] = depth, request
        return listed

    def not_started_above(self, request: Request, depth: int) -> bool:
        """Whether no detour above this level was started by the request's grant."""
        return all(above.started_by != request.resource for above in self.levels[depth + 1 :])

    def listed_holds(self) -> dict[str, int]:
        """The effective holds: for each resource the greatest amount of any level."""
        listed: dict[str, int] = {}
        for level in self.levels:
            for resource, amount in level.state.holds.items():
                listed[resource] = max(amount, listed.get(resource, 0))
        return listed

    def is_paused(self, name: str, level: int) -> bool:
        return any(
            name in above.detour.pauses for above in self.levels[level + 1 :] if above.detour
        )

    def clock_moves(self, name: str, level: int) -> bool:
        """Whether an inherited clock's ring leaves the detours above it in place."""
        above = self.levels[level + 1 :]
        return bool(above) and all(a.detour and name in a.detour.moves for a in above)

    def request_moves(self, resource: str, level: int) -> bool:
        """Whether an inherited request's grant leaves the detours above it in place."""
        above = self.levels[level + 1 :]
        return bool(above) and not any(a.detour and resource in a.detour.ends for a in above)
