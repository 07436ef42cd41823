"""The witness: a third interpreter, written from docs/law.md alone, without sight of the engines.

It keeps no calendar and no queues. At each step it looks through everybody for what is due, and
through everybody again for who comes first: slow, and plainly the law. The tests hold its tables
against the engines'; where they differ, docs/law.md decides. It must never look at
`pathsim.engine`. Numbers in brackets are sections of docs/law.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import inf
from statistics import median
from typing import Any, NamedTuple

from pathsim import draws, events, hazards
from pathsim.errors import PathwayError
from pathsim.events import Recorder
from pathsim.laws import Law
from pathsim.pathway import chance, reading, setting
from pathsim.pathway.pathway import (
    AGAIN,
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
from pathsim.pathway.reading import CALENDAR, By, pick, product, total
from pathsim.pathway.service import RANDOM, Resource, Score, Service, Stream
from pathsim.pathway.setting import Set


def run(service: Service, *, horizon: float, seed: int, replication: int) -> tuple[Any, Any, Any]:
    """The tables (log, patients, capacity) of one replication, as docs/law.md has them (10)."""
    world = World(service, horizon, seed, replication)
    while (now := world.next_time()) <= horizon:
        world.live_through(now)
    world.now = horizon
    for patient in world.present():
        patient.row(events.CENSOR, patient.depth, "horizon")
    return world.recorder.tables()


class World:
    """All that is shared: the time, the resources, everybody, and the rows written."""

    def __init__(self, service: Service, horizon: float, seed: int, replication: int) -> None:
        self.numbers, self.now, self.recorder = (
            (seed, replication),
            0.0,
            Recorder(replication, service.columns),
        )
        self.resources = sorted(service.resources, key=lambda r: r.name)
        self.steps = [(day, r, n) for r in self.resources for day, n in r.steps(horizon)]
        self.arrivals = [
            Patient(self, stream, number, day)
            for stream in service.streams
            for number, day in stream.times(seed=seed, replication=replication, horizon=horizon)
        ]
        self.patients: list[Patient] = []
        self.supply: Counter[str] = Counter()  # the capacity of places, the stock of allotments
        self.grants: dict[str, list[tuple[float, float]]] = {r.name: [] for r in self.resources}

    def present(self) -> list[Patient]:
        return [p for p in self.patients if not p.ended]

    def rings(self) -> Iterator[tuple[float, int, str, Patient]]:
        """Everything that is to ring: when, whose, which clock."""
        yield from ((p.arrives, p.number, events.ARRIVAL, p) for p in self.arrivals)
        for p in self.present():
            yield from ((c.due, p.number, name, p) for name, c in (p.clocks | p.standing).items())

    def next_time(self) -> float:
        return min((*(s[0] for s in self.steps), *(ring[0] for ring in self.rings())), default=inf)

    # --- one instant (9) ---

    def live_through(self, now: float) -> None:
        self.now, rung = now, Counter[int]()
        for step in [s for s in self.steps if s[0] == now]:
            self.steps.remove(step)
            self.take_effect(*step[1:])
        while True:
            due = [ring[1:] for ring in self.rings() if ring[0] == now]
            if due:
                number, name, patient = min(due, key=lambda ring: ring[:2])
                rung[number] += 1
                if rung[number] > 10_000:
                    raise PathwayError(f"patient {number} rings for ever on day {now}")
                patient.arrive() if patient in self.arrivals else patient.ring(name)
            elif not any(self.grant_one(r, rung) for r in self.resources):
                return

    def take_effect(self, r: Resource, amount: int) -> None:
        kept = 0 if r.returned else self.supply[r.name]
        kept = kept if r.carry is None else min(r.carry, kept)
        self.supply[r.name] = kept + amount
        kind, stock = ("capacity", 0) if r.returned else ("allotment", kept + amount)
        self.recorder.capacity(self.now, r.name, kind, amount, stock)

    # --- resources (8) ---

    def grant_one(self, r: Resource, happened: Counter[int]) -> bool:
        """Whether somebody could be served, and was."""
        active = [p for p in self.waiting(r.name) if not p.is_paused(r.name, p.asks(r.name)[0])]
        active.sort(key=lambda p: self.place_in_queue(r, p))
        for p in active if r.skip else active[:1]:
            if p.asks(r.name)[1].amount <= self.room(r):
                happened[p.number] += 1
                if happened[p.number] > 10_000:
                    raise PathwayError(f"patient {p.number} is granted for ever on day {self.now}")
                p.take(r)
                return True
        return False

    def waiting(self, resource: str) -> list[Patient]:
        return [p for p in self.present() if resource in p.dates]

    def place_in_queue(self, r: Resource, p: Patient) -> tuple[float, ...]:
        date, discipline = p.dates[r.name], 0.0
        if isinstance(r.discipline, Score):
            waited = r.discipline.per_day_waited * (self.now - date)
            discipline = -(total(r.discipline.terms, p) + waited)
        elif r.discipline == RANDOM:
            discipline = self.uniform(p, f"queue:{r.name}", len(self.grants[r.name]))
        return p.asks(r.name)[1].rank, discipline, date, p.number

    def room(self, r: Resource) -> int:
        held = sum(p.held[r.name] for p in self.present()) if r.returned else 0
        return self.supply[r.name] - held

    def uniform(self, p: Patient, name: str, count: int) -> float:
        return draws.uniform(*self.numbers, p.number, draws.key_of(name), count)


class Listed(NamedTuple):
    """A clock as its level's listing read it (4); no moment means its start is its origin."""

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
    due: float = inf
    paused_at: float | None = None

    def origin(self, read: Listed) -> float:
        return self.start if read.moment is None else read.moment

    def differs(self, read: Listed) -> bool:
        old = self.read
        return (old.law, old.ratio, self.origin(old)) != (read.law, read.ratio, self.origin(read))

    def spend(self, now: float) -> None:
        _, law, ratio, _ = self.read
        span = self.origin(self.read), self.spent_at, now
        self.rest = hazards.spend(law.code, law.parameters, ratio, *span, self.rest)
        self.spent_at = now

    def work_out_due(self, now: float) -> None:
        _, law, ratio, _ = self.read
        origin = self.origin(self.read)
        self.due = hazards.due(law.code, law.parameters, ratio, origin, now, self.rest)

    def go_on(self, read: Listed, paused: bool, now: float) -> None:
        """Rule 2 of section 5."""
        touched = self.differs(read) or paused != (self.paused_at is not None)
        if self.paused_at is None and touched:
            self.spend(now)
        if self.paused_at is not None and not paused:
            self.start += now - self.paused_at
            self.spent_at, self.paused_at = now, None
        self.read = read
        if paused:
            self.due, self.paused_at = inf, now if self.paused_at is None else self.paused_at
        elif touched:
            self.work_out_due(now)


@dataclass
class Level:
    """One level of a configuration (4)."""

    state: State
    detour: Detour | None = None
    starter: str | None = None
    listing: dict[str, Listed] = field(default_factory=dict)


class Patient:
    """Somebody, their configuration, and what reads their variables (a `Reader`)."""

    def __init__(self, world: World, stream: Stream, number: int, arrives: float) -> None:
        self.world, self.stream, self.pathway = world, stream, stream.pathway
        self.number, self.arrives, self.ended = number, arrives, False
        self.levels: list[Level] = []
        self.clocks: dict[str, Running] = {}
        self.standing: dict[str, Running] = {}
        self.dates: dict[str, float] = {}  # of the requests that wait
        self.held: Counter[str] = Counter()
        self.entered: set[str] = set()  # since configurations were last compared
        self.values: dict[str, Any] = {}
        self.drawn: Counter[str] = Counter()

    @property
    def depth(self) -> int:
        return len(self.levels) - 1

    def row(self, kind: str, j: int, cause: str, option: str = "", name: str | None = None) -> None:
        state = self.levels[j].state.name if name is None else name
        self.world.recorder.event(self.number, self.now, kind, j, state, cause, option)

    # --- the Reader (2, 6) ---

    @property
    def now(self) -> float:
        return self.world.now

    def value(self, variable: str) -> Any:
        return self.values[variable]

    def is_moment(self, variable: str) -> bool:
        return next(v.kind == "moment" for v in self.pathway.variables if v.name == variable)

    def queue(self, resource: str) -> float:
        return len(self.world.waiting(resource))

    def free(self, resource: str) -> float:
        asked = sum(p.asks(resource)[1].amount for p in self.world.waiting(resource))
        return self.world.room(self.resource(resource)) - asked

    def expected_wait(self, resource: str) -> float:
        waits = [w for at, w in self.world.grants[resource] if at >= self.now - 180.0]
        supply = self.resource(resource).supply_a_day(self.now)
        if len(waits) >= 5:
            return median(waits)
        return (self.queue(resource) + 1) / supply if supply > 0.0 else inf

    def resource(self, name: str) -> Resource:
        return next(r for r in self.world.resources if r.name == name)

    # --- draws and sets (2, 7) ---

    def uniform(self, name: str) -> float:
        self.drawn[name] += 1
        return self.world.uniform(self, name, self.drawn[name] - 1)

    def apply(self, sets: Iterable[Set]) -> None:
        for s in sets:
            self.give(s.variable, s.to)

    def give(self, name: str, what: Any) -> None:
        value = self.worth(name, what)
        self.values[name] = value if isinstance(value, str | None) else float(value)

    def worth(self, name: str, what: Any) -> Any:
        match what:
            case setting.Now():
                return self.now
            case setting.PlusOne():
                return self.values[name] + 1
            case chance.Ago(days):
                return None if (ago := self.worth(name, days)) is None else self.now - ago
            case reading.By():
                entry = what.read(self)
                return self.values.get(name) if entry is None else self.worth(name, entry)
            case reading.Per():
                return what.term(self)
            case chance.Levels() | chance.Ordered() | chance.Normal() | chance.FromLaw():
                return what.draw(self.uniform(name), self)
            case setting.Test(of, sensitivity, otherwise):
                missed = self.values[name] if otherwise is None else otherwise
                return self.values[of] if self.uniform(name) < sensitivity else missed
        return what

    # --- what is listed (4) ---

    def listed(self) -> dict[str, tuple[int, Listed]]:
        """The clocks of all levels, the innermost prevailing, with their levels."""
        return {
            name: (j, listed)
            for j, level in enumerate(self.levels)
            for name, listed in level.listing.items()
            if all(above.starter != name for above in self.levels[j + 1 :])
        }

    def requested(self) -> dict[str, tuple[int, Request]]:
        return {
            q.resource: (j, q)
            for j, level in enumerate(self.levels)
            for q in level.state.requests
            if all(above.starter != q.resource for above in self.levels[j + 1 :])
        }

    def asks(self, resource: str) -> tuple[int, Request]:
        return self.requested()[resource]

    def holds(self, resource: str) -> int:
        return max(level.state.holds.get(resource, 0) for level in self.levels)

    def above(self, j: int) -> list[Detour]:
        return [level.detour for level in self.levels[j + 1 :] if level.detour is not None]

    def is_paused(self, name: str, j: int) -> bool:
        return any(name in detour.pauses for detour in self.above(j))

    def read(self, clock: Clock) -> Listed:
        law = clock.law.read(self) if isinstance(clock.law, By) else clock.law
        known = self.values | {START: None, CALENDAR: 0.0}
        if clock.since != START and known[clock.since] is None:
            raise PathwayError(f"clock '{clock.name}' runs since '{clock.since}', not yet set")
        return Listed(clock, law, product(clock.ratio, self), known[clock.since])

    def started(self, read: Listed) -> Running:
        rest = hazards.unit_exponential(self.uniform(read.clock.name))
        running = Running(read, self.now, rest, self.now)
        running.work_out_due(self.now)
        return running

    # --- the rule of change (5) ---

    def change(self, rang: str | None = None) -> None:
        listed = self.listed()
        self.clocks = {n: c for n, c in self.clocks.items() if n in listed and n != rang}
        self.dates = {name: self.dates.get(name, self.now) for name in self.requested()}
        for r in self.world.resources:
            self.give_back(r)
        self.entered.clear()
        for name, (j, read) in listed.items():
            if name not in self.clocks:
                self.clocks[name] = self.started(read)
            self.clocks[name].go_on(read, self.is_paused(name, j), self.now)

    def give_back(self, r: Resource) -> None:
        back = self.held[r.name] - self.holds(r.name)
        used_up = r.until is not None and r.until in self.entered
        if back < 0 or (used_up and self.holds(r.name)):
            raise PathwayError(f"lists more of '{r.name}' than is held", f"patient {self.number}")
        self.held[r.name] -= back
        if not r.returned and not used_up:
            self.world.supply[r.name] += back

    def hold(self, r: Resource, amount: int) -> None:
        if amount > max(0, self.world.room(r)):
            raise PathwayError(f"no room in '{r.name}'", f"patient {self.number}")
        if not r.returned:
            self.world.supply[r.name] -= amount
        if r.returned or r.until is not None:
            self.held[r.name] += amount

    # --- what happens (6) ---

    def arrive(self) -> None:
        self.world.arrivals.remove(self)
        self.world.patients.append(self)
        for variable in self.pathway.variables:
            self.give(variable.name, variable.initial)
        self.apply(self.stream.sets)
        self.world.recorder.patient(self.number, self.stream.name, dict(self.values))
        self.row(events.ARRIVE, 0, events.ARRIVAL, self.stream.name, "")
        for clock in self.pathway.standing_from_arrival:
            self.standing[clock.name] = self.started(self.read(clock))
        start = self.stream.enters or self.pathway.start
        target, _, cause = self.resolve(start, 0, events.ARRIVAL)
        self.enter(self.pathway.state(target), 0, cause)
        for r in self.world.resources:
            self.hold(r, self.holds(r.name))
        self.change()

    def ring(self, name: str) -> None:
        if name in self.standing:
            clock = self.standing.pop(name).read.clock
            self.apply(clock.sets)
            return self.follow(clock.enters, name, self.depth, rang=name, standing=True)
        j, (clock, *_) = self.listed()[name]
        self.apply(clock.sets)
        moves = j < self.depth and all(name in detour.moves for detour in self.above(j))
        return self.follow(clock.enters, name, j, rang=name, moves=moves)

    def take(self, r: Resource) -> None:
        j, request = self.asks(r.name)
        self.hold(r, request.amount)
        self.world.grants[r.name].append((self.now, self.now - self.dates.pop(r.name)))
        moves = j < self.depth and not any(r.name in detour.ends for detour in self.above(j))
        self.follow(request.enters, r.name, j, starter=r.name, moves=moves)

    def follow(
        self, target: str, cause: str, j: int, *,
        rang: str | None = None, starter: str | None = None,
        moves: bool = False, standing: bool = False,
    ) -> None:  # fmt: skip
        """Resolve what is entered from level j, settle the new configuration, compare it once."""
        target, leaves, cause = self.resolve(target, j, cause)
        detour = next((d for d in self.pathway.detours if d.name == target), None)
        if rang is None and target in (HERE, RETURN, AGAIN):
            raise PathwayError(f"a grant enters '{target}'", cause)
        if target in (RETURN, AGAIN) and (moves or standing or j == 0):
            raise PathwayError("there is nothing to return to", cause)
        if detour is not None and self.depth < MAX_DEPTH:
            self.begin(detour, j, cause, rang or starter)
        elif detour is not None:
            self.again(self.depth, cause)
        elif target in (RETURN, AGAIN):
            self.come_back(j - 1, cause)
            if target == AGAIN:
                self.again(j - 1, cause)
        elif target == HERE:
            if not moves and j < self.depth:
                self.come_back(j, cause)
            self.again(j, cause)
        elif moves and not leaves and not self.pathway.state(target).ends:
            self.enter(self.pathway.state(target), j, cause, events.MOVE)
        else:
            j = 0 if leaves or standing else j
            del self.levels[j + 1 :]
            self.enter(self.pathway.state(target), j, cause)
        self.change(rang)

    def begin(self, detour: Detour, j: int, cause: str, starter: str | None) -> None:
        first, _, cause = self.resolve(detour.enters, j, cause)
        level = Level(self.pathway.state(first), detour, starter)
        self.levels.append(level)
        self.enter(level.state, self.depth, cause, events.DETOUR, detour.name)

    def come_back(self, j: int, cause: str) -> None:
        del self.levels[j + 1 :]
        self.row(events.RETURN, j, cause)

    def again(self, j: int, cause: str) -> None:
        self.row(events.HERE, j, cause)
        self.read_listing(self.levels[j])

    def enter(
        self, state: State, j: int, cause: str, kind: str = events.ENTER, option: str = ""
    ) -> None:
        """Level j's state is now this one; a terminal state is all that is left."""
        if state.ends or not self.levels:
            self.levels, j = [Level(state)], 0
        self.levels[j].state, self.ended = state, state.ends
        self.row(events.END if state.ends else kind, j, cause, option)
        self.entered.add(state.name)
        self.apply(state.sets)
        for name in self.standing.keys() & (self.standing if state.ends else state.stops):
            del self.standing[name]
        for clock in self.pathway.standing:
            if clock.name in state.starts and clock.name not in self.standing:
                self.standing[clock.name] = self.started(self.read(clock))
        self.read_listing(self.levels[j])

    def read_listing(self, level: Level) -> None:
        level.listing = {clock.name: self.read(clock) for clock in level.state.clocks}

    # --- choices (6) ---

    def resolve(self, target: str, j: int, cause: str) -> tuple[str, bool, str]:
        """What is entered at last, whether it leaves all detours, and the immediate cause."""
        leaves = target.startswith(LEAVE)
        target = target.removeprefix(LEAVE)
        choice = next((c for c in self.pathway.choices if c.name == target), None)
        if choice is None:
            return target, leaves, cause
        way = self.way_through(choice)
        self.row(events.CHOICE, j, cause, way.name, choice.name)
        self.apply(way.sets)
        target, leaves_later, cause = self.resolve(way.enters, j, choice.name)
        return target, leaves or leaves_later, cause

    def way_through(self, choice: Choice) -> Option | Rule:
        if choice.rules:
            return next(rule for rule in choice.rules if all(c.holds(self) for c in rule.when))
        weights = [option.probability * product(option.odds, self) for option in choice.options]
        return choice.options[pick(weights, self.uniform(choice.name))]
