"""The witness: a third interpreter, written from docs/law.md alone, without sight of the engines.

It keeps no calendar and no queue. At each step it looks through everybody for what is due, and
through everybody again for who is first in a queue: slow, and plainly the law. The tests hold its
tables against the engines'; where they differ, docs/law.md decides. It must never look at
`pathsim.engine`. Numbers in comments are sections of docs/law.md.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from pathsim import draws, events, laws
from pathsim.errors import PathwayError
from pathsim.events import Recorder
from pathsim.laws import Law
from pathsim.pathway import reading
from pathsim.pathway.pathway import (
    HERE,
    LEAVE,
    MAX_DEPTH,
    RETURN,
    START,
    Choice,
    Clock,
    Detour,
    Option,
    Request,
    Rule,
    State,
)  # fmt: skip
from pathsim.pathway.reading import CALENDAR, By, Set, Value, pick, product, total
from pathsim.pathway.service import RANDOM, Resource, Score, Service, Stream

if TYPE_CHECKING:
    import pandas as pd

EXPECTED_WAIT_WINDOW, EXPECTED_WAIT_GRANTS = 180.0, 5  # days, grants (6)


def run(
    service: Service, *, horizon: float, seed: int, replication: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The tables (log, patients, capacity) of one replication, as docs/law.md has them."""
    world = World(service, horizon, seed, replication)
    while (now := world.next_time()) <= horizon:
        world.live_through(now)
    for patient in world.present():
        patient.row(
            events.CENSOR, patient.depth, patient.levels[-1].state.name, "horizon", at=horizon
        )
    return world.recorder.tables()


class World:
    """All that is shared: the time, the resources, everybody, and the rows written."""

    def __init__(self, service: Service, horizon: float, seed: int, replication: int) -> None:
        self.seed, self.replication, self.now = seed, replication, 0.0
        self.recorder = Recorder(replication)
        self.resources = {r.name: r for r in sorted(service.resources, key=lambda r: r.name)}
        self.steps = [
            (day, name, amount)
            for name, r in self.resources.items()
            for day, amount in r.steps(horizon)
        ]
        self.arrivals = [
            Patient(self, stream, number, day)
            for stream in service.streams
            for number, day in stream.times(seed=seed, replication=replication, horizon=horizon)
        ]
        self.patients: list[Patient] = []
        self.supply: Counter[str] = Counter()  # capacity of places, stock of allotments
        self.grants: dict[str, list[tuple[float, float]]] = {name: [] for name in self.resources}

    def present(self) -> list[Patient]:
        return [p for p in self.patients if not p.ended]

    def next_time(self) -> float:
        times = [day for day, _, _ in self.steps] + [p.arrives for p in self.arrivals]
        return min(
            [*times, *(due for p in self.present() for due in p.dues().values())], default=math.inf
        )

    # --- one instant (9) ---

    def live_through(self, now: float) -> None:
        self.now = now
        for step in [s for s in self.steps if s[0] == now]:
            self.steps.remove(step)
            self.take_effect(step[1], step[2])
        while self.ring_least() or self.grant_first():
            pass

    def take_effect(self, name: str, amount: int) -> None:
        resource = self.resources[name]
        if resource.returned:
            self.supply[name] = amount
            self.recorder.capacity(self.now, name, "capacity", amount, 0)
            return
        carry = math.inf if resource.carry is None else resource.carry
        self.supply[name] = int(min(carry, self.supply[name])) + amount
        self.recorder.capacity(self.now, name, "allotment", amount, self.supply[name])

    def ring_least(self) -> bool:
        arriving = [(p.number, "arrival", p) for p in self.arrivals if p.arrives <= self.now]
        ringing = [
            (p.number, name, p)
            for p in self.present()
            for name, due in p.dues().items()
            if due <= self.now
        ]
        if not arriving and not ringing:
            return False
        _, name, patient = min([*arriving, *ringing], key=lambda ring: ring[:2])
        patient.arrive() if patient in self.arrivals else patient.ring(name)
        return True

    def grant_first(self) -> bool:
        for resource in self.resources.values():
            queue = sorted(self.in_order(resource), key=lambda place: place[0])
            for _, patient, request in queue if resource.skip else queue[:1]:
                if request.amount <= self.room(resource):
                    patient.take(request)
                    return True
        return False

    # --- resources (8) ---

    def in_order(self, resource: Resource) -> Iterator[tuple[tuple[float, ...], Patient, Request]]:
        for p in self.present():
            if resource.name in p.dates:
                level, request = p.listed_requests()[resource.name]
                if not p.is_paused(resource.name, level):
                    date, chosen = p.dates[resource.name], self.discipline(resource, p)
                    yield (request.rank, chosen, date, p.number), p, request

    def discipline(self, resource: Resource, p: Patient) -> float:
        match resource.discipline:
            case Score(terms, per_day):
                return -(total(terms, p) + per_day * (self.now - p.dates[resource.name]))
            case discipline if discipline == RANDOM:
                return self.uniform(p, "queue:" + resource.name, len(self.grants[resource.name]))
        return 0.0

    def room(self, resource: Resource) -> int:
        held = sum(p.held[resource.name] for p in self.patients) if resource.returned else 0
        return self.supply[resource.name] - held

    def queue(self, name: str) -> list[Request]:
        """All that wait, paused ones too."""
        return [p.listed_requests()[name][1] for p in self.present() if name in p.dates]

    def uniform(self, p: Patient, name: str, count: int) -> float:
        return draws.uniform(self.seed, self.replication, p.number, draws.key_of(name), count)


class Listed(NamedTuple):
    """A clock as its level's listing read it (4); no moment means that its origin is its start."""

    clock: Clock
    law: Law
    ratio: float
    moment: float | None


@dataclass
class Running:
    """A running clock (3)."""

    read: Listed
    start: float
    rest: float
    spent_at: float
    due: float = math.inf
    paused_at: float | None = None

    def origin(self, read: Listed) -> float:
        return self.start if read.moment is None else read.moment

    def terms(self, read: Listed) -> tuple[Law, float, float]:
        return read.law, read.ratio, self.origin(read)

    def spend(self, now: float) -> None:
        law, ratio, origin = self.terms(self.read)
        self.rest = laws.spend(
            law.code, law.parameters, ratio, origin, self.spent_at, now, self.rest
        )
        self.spent_at = now

    def work_out_due(self, now: float) -> None:
        law, ratio, origin = self.terms(self.read)
        self.due = laws.due(law.code, law.parameters, ratio, origin, now, self.rest)

    def go_on(self, read: Listed, paused: bool, now: float) -> None:
        """Rule 2 of section 5."""
        before = self.paused_at
        same = self.terms(read) == self.terms(self.read) and paused == (before is not None)
        if before is None and not same:
            self.spend(now)
        if before is not None and not paused:
            self.start, self.spent_at = self.start + (now - before), now
        self.read = read
        self.paused_at = None if not paused else now if before is None else before
        if paused:
            self.due = math.inf
        elif not same:
            self.work_out_due(now)


@dataclass
class Level:
    """One level of a configuration (4)."""

    state: State
    detour: Detour | None = None
    starter: str | None = None
    listing: dict[str, Listed] = field(default_factory=dict)


class Patient:
    """Somebody, their configuration, and what reads their variables (`pathsim.pathway.Reader`)."""

    def __init__(self, world: World, stream: Stream, number: int, arrives: float) -> None:
        self.world, self.stream, self.pathway = world, stream, stream.pathway
        self.number, self.arrives, self.ended = number, arrives, False
        self.levels: list[Level] = []
        self.clocks: dict[str, Running] = {}
        self.standing: dict[str, Running] = {}
        self.dates: dict[str, float] = {}  # of the requests that wait
        self.held: Counter[str] = Counter()
        self.entered: set[str] = set()  # states entered since the configurations were compared
        self.values: dict[str, Value] = {}
        self.drawn: Counter[str] = Counter()

    @property
    def depth(self) -> int:
        return len(self.levels) - 1

    def row(
        self,
        kind: str,
        depth: int,
        state: str,
        cause: str,
        option: str = "",
        at: float | None = None,
    ) -> None:
        time = float(self.now if at is None else at)
        self.world.recorder.event(self.number, time, kind, depth, state, cause, option)

    # --- the Reader (2, 6) ---

    @property
    def now(self) -> float:
        return self.world.now

    def value(self, variable: str) -> Value:
        return self.now if variable == CALENDAR else self.values[variable]

    def is_moment(self, variable: str) -> bool:
        return any(v.name == variable and v.kind == "moment" for v in self.pathway.variables)

    def queue(self, resource: str) -> float:
        return float(len(self.world.queue(resource)))

    def free(self, resource: str) -> float:
        asked = sum(request.amount for request in self.world.queue(resource))
        return float(self.world.room(self.world.resources[resource]) - asked)

    def expected_wait(self, resource: str) -> float:
        since = self.now - EXPECTED_WAIT_WINDOW
        waits = [wait for time, wait in self.world.grants[resource] if time >= since]
        if len(waits) >= EXPECTED_WAIT_GRANTS:
            return median(waits)
        supply = self.world.resources[resource].supply_a_day(self.now)
        return (self.queue(resource) + 1.0) / supply if supply > 0.0 else math.inf

    # --- draws and sets (2, 7) ---

    def uniform(self, name: str) -> float:
        self.drawn[name] += 1
        return self.world.uniform(self, name, self.drawn[name] - 1)

    def apply(self, sets: Iterable[Set]) -> None:
        for s in sets:
            match s.to:
                case reading.Now():
                    self.give(s.variable, self.now)
                case reading.PlusOne():
                    self.give(s.variable, self.values[s.variable] + 1.0)
                case By():
                    self.give(s.variable, s.to.read(self))
                case reading.Test(of, sensitivity, otherwise):
                    if self.uniform(s.variable) < sensitivity:
                        self.give(s.variable, self.values[of])
                    elif otherwise is not None:
                        self.give(s.variable, otherwise)
                case _:
                    self.give(s.variable, self.drawn_or_given(s.variable, s.to))

    def give(self, name: str, value: Any) -> None:
        level = isinstance(value, str) or value is None
        self.values[name] = value if level else float(value)

    def drawn_or_given(self, name: str, what: Any) -> Any:
        if isinstance(what, reading.Ago):
            return self.now - self.drawn_or_given(name, what.days)
        if isinstance(what, reading.Levels | reading.Normal | reading.FromLaw):
            return what.draw(self.uniform(name), self)
        return what

    # --- what is listed (4) ---

    def listed_clocks(self) -> dict[str, tuple[int, Listed]]:
        return {
            name: (j, listed)
            for j, level in enumerate(self.levels)
            for name, listed in level.listing.items()
            if all(above.starter != name for above in self.levels[j + 1 :])
        }

    def listed_requests(self) -> dict[str, tuple[int, Request]]:
        return {
            r.resource: (j, r) for j, level in enumerate(self.levels) for r in level.state.requests
        }

    def listed_holds(self) -> Counter[str]:
        holds: Counter[str] = Counter()
        for level in self.levels:
            holds |= Counter(level.state.holds)
        return holds

    def detours_above(self, level: int) -> list[Detour]:
        return [above.detour for above in self.levels[level + 1 :] if above.detour is not None]

    def is_paused(self, name: str, level: int) -> bool:
        return any(name in detour.pauses for detour in self.detours_above(level))

    def dues(self) -> dict[str, float]:
        return {name: c.due for name, c in {**self.clocks, **self.standing}.items()}

    def read(self, clock: Clock) -> Listed:
        law = clock.law.read(self) if isinstance(clock.law, By) else clock.law
        moments = {START: None, CALENDAR: 0.0}
        moment = moments[clock.since] if clock.since in moments else self.values[clock.since]
        if clock.since != START and moment is None:
            raise PathwayError(f"'{clock.since}' is not yet set", f"clock {clock.name}")
        return Listed(clock, law, product(clock.ratio, self), moment)

    def started(self, read: Listed) -> Running:
        rest = laws.unit_exponential(self.uniform(read.clock.name))
        running = Running(read, start=self.now, rest=rest, spent_at=self.now)
        running.work_out_due(self.now)
        return running

    # --- the rule of change (5) ---

    def change(self, rang: str | None = None) -> None:
        listed = self.listed_clocks()
        self.clocks = {n: c for n, c in self.clocks.items() if n in listed and n != rang}
        self.dates = {name: self.dates.get(name, self.now) for name in self.listed_requests()}
        self.give_back()
        for name, (level, read) in listed.items():
            if name not in self.clocks:
                self.clocks[name] = self.started(read)
            self.clocks[name].go_on(read, self.is_paused(name, level), self.now)

    def give_back(self) -> None:
        holds = self.listed_holds()
        for name, resource in self.world.resources.items():
            if (surplus := self.held[name] - holds[name]) < 0:
                where = self.levels[-1].state.name
                raise PathwayError(f"lists more of '{name}' than is held", where)
            self.held[name] -= surplus
            if not resource.returned and resource.until not in self.entered:
                self.world.supply[name] += surplus
        self.entered.clear()

    # --- what happens (6) ---

    def arrive(self) -> None:
        self.world.arrivals.remove(self)
        self.world.patients.append(self)
        for variable in self.pathway.variables:
            self.give(variable.name, self.drawn_or_given(variable.name, variable.initial))
        self.apply(self.stream.sets)
        self.world.recorder.patient(self.number, self.stream.name, dict(self.values))
        self.row(events.ARRIVE, 0, "", "arrival", self.stream.name)
        for clock in self.pathway.standing_from_arrival:
            self.standing[clock.name] = self.started(self.read(clock))
        target, _, cause = self.resolve(self.stream.enters or self.pathway.start, 0, "arrival")
        state = self.pathway.state(target)
        self.levels = [Level(state)]
        self.enter(0, state, events.END if state.ends else events.ENTER, cause)
        for name, amount in self.listed_holds().items():
            self.hold(name, amount)
        self.change()

    def hold(self, name: str, amount: int) -> None:
        resource = self.world.resources[name]
        if amount > self.world.room(resource):
            raise PathwayError(f"no room in '{name}' for an arrival", self.levels[0].state.name)
        if not resource.returned:
            self.world.supply[name] -= amount
        if resource.returned or resource.until is not None:
            self.held[name] += amount

    def ring(self, name: str) -> None:
        if name in self.standing:
            clock = self.standing.pop(name).read.clock
            self.apply(clock.sets)
            self.follow(clock.enters, name, self.depth, rang=name, standing=True)
            return
        level, (clock, *_) = self.listed_clocks()[name]
        self.apply(clock.sets)
        above = self.detours_above(level)
        moves = bool(above) and all(name in detour.moves for detour in above)
        self.follow(clock.enters, name, level, rang=name, moves=moves)

    def take(self, request: Request) -> None:
        name = request.resource
        level = self.listed_requests()[name][0]
        self.hold(name, request.amount)
        self.world.grants[name].append((self.now, self.now - self.dates.pop(name)))
        above = self.detours_above(level)
        moves = bool(above) and not any(name in detour.ends for detour in above)
        self.follow(request.enters, name, level, moves=moves)

    def follow(
        self, target: str, cause: str, j: int,
        rang: str | None = None, moves: bool = False, standing: bool = False,
    ) -> None:  # fmt: skip
        """Resolve what is entered, settle the new configuration, compare it with the old one."""
        target, leaving, cause = self.resolve(target, j, cause)
        detour = next((d for d in self.pathway.detours if d.name == target), None)
        if target in (HERE, RETURN) and rang is None:
            raise PathwayError(f"a grant cannot enter '{target}'", cause)
        if detour is not None:
            self.begin(detour, j, cause, rang)
        elif target == HERE:
            self.again(j, cause, moves)
        elif target == RETURN:
            self.come_back(j, cause, moves or standing)
        else:
            self.go(self.pathway.state(target), cause, 0 if standing else j, leaving, moves)
        self.change(rang)

    def begin(self, detour: Detour, j: int, cause: str, rang: str | None) -> None:
        if self.depth == MAX_DEPTH:
            raise PathwayError(f"detours are nested more than {MAX_DEPTH} deep", detour.name)
        first, _, cause = self.resolve(detour.enters, j, cause)
        state = self.pathway.state(first)
        self.levels.append(Level(state, detour, rang))
        self.enter(self.depth, state, events.DETOUR, cause, detour.name)

    def again(self, j: int, cause: str, moves: bool) -> None:
        level = self.levels[j]
        if not moves and j < self.depth:
            del self.levels[j + 1 :]
            self.row(events.RETURN, j, level.state.name, cause)
        self.row(events.HERE, j, level.state.name, cause)
        self.read_listing(level)

    def come_back(self, j: int, cause: str, refused: bool) -> None:
        if refused or j == 0:
            raise PathwayError("there is nothing to return to", cause)
        del self.levels[j:]
        self.row(events.RETURN, self.depth, self.levels[-1].state.name, cause)

    def go(self, state: State, cause: str, j: int, leaving: bool, moves: bool) -> None:
        if state.ends:
            self.levels = [Level(state)]
            self.enter(0, state, events.END, cause)
            return
        if leaving and moves:
            raise PathwayError("what moves cannot leave", cause)
        j = 0 if leaving else j
        if not moves:
            del self.levels[j + 1 :]
        self.enter(j, state, events.MOVE if moves else events.ENTER, cause)

    def enter(self, j: int, state: State, kind: str, cause: str, option: str = "") -> None:
        self.row(kind, j, state.name, cause, option)
        self.entered.add(state.name)
        self.levels[j].state = state
        self.apply(state.sets)
        self.ended = state.ends
        self.standing = {
            n: c for n, c in self.standing.items() if n not in state.stops and not self.ended
        }
        for clock in self.pathway.standing:
            if clock.name in state.starts and clock.name not in self.standing:
                self.standing[clock.name] = self.started(self.read(clock))
        self.read_listing(self.levels[j])

    def read_listing(self, level: Level) -> None:
        level.listing = {clock.name: self.read(clock) for clock in level.state.clocks}

    # --- choices (6) ---

    def resolve(self, target: str, depth: int, cause: str) -> tuple[str, bool, str]:
        """What is entered, whether all detours are left for it, and the immediate cause."""
        leaving = False
        while True:
            leaving = leaving or target.startswith(LEAVE)
            target = target.removeprefix(LEAVE)
            choice = next((c for c in self.pathway.choices if c.name == target), None)
            if choice is None:
                return target, leaving, cause
            way = self.way_through(choice)
            self.row(events.CHOICE, depth, choice.name, cause, way.name)
            self.apply(way.sets)
            target, cause = way.enters, choice.name

    def way_through(self, choice: Choice) -> Option | Rule:
        if choice.rules:
            return next(r for r in choice.rules if all(c.holds(self) for c in r.when))
        weights = [option.probability * product(option.odds, self) for option in choice.options]
        return choice.options[pick(weights, self.uniform(choice.name))]
