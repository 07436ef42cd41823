"""Small but rich services made by chance, for every test that holds for any model.

`service_from(seed)` makes one service, always the same; `services()` is the hypothesis strategy.
Both go the same way: a `random.Random` decides everything. What each state holds is decided first,
and a way between two states is only drawn where it brings enough; a zero delay or a huge hazard
only leads forward, so that no instant lasts for ever. What the checks refuse all the same is thrown
away. Knows nothing of the engines.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from pathsim.errors import PathwayError
from pathsim.laws import Constant, Law
from pathsim.pathway.conditions import AllOf, AnyOf, Condition, Not
from pathsim.pathway.pathway import (
    AGAIN,
    HERE,
    RETURN,
    START,
    Choice,
    Clock,
    Detour,
    Option,
    Pathway,
    Request,
    Rule,
    State,
    leave,
)  # fmt: skip
from pathsim.pathway.reading import By, Factor
from pathsim.pathway.service import (
    FIRST_COME,
    RANDOM,
    Arrivals,
    At,
    Every,
    Poisson,
    Resource,
    Score,
    Service,
    Steady,
    Stream,
)  # fmt: skip
from pathsim.pathway.setting import Set
from tests.engines.ingredients import (
    DELAYS,
    EXTREME,
    FACTORS,
    SETS,
    SLOW,
    TERMS,
    VARIABLES,
    WHOLE_DAYS,
    conditions_on,
    tables_of,
)  # fmt: skip

DEAD, DONE = "dead", "done"
USED_UP = "s2"  # the state in which an allotment that is held is used up
CLOCKS = ("aged", "b", "death", "fever", "move", "yield")  # on both sides of "arrival"
Holds = Mapping[str, int]
T = TypeVar("T")


def service_from(seed: int, *, shared: bool = True) -> Service:
    """The service of this seed: on whole days if it is even, without resources unless `shared`."""
    for attempt in count():
        maker = ServiceMaker(Random(f"{seed}/{attempt}"), seed % 2 == 0, shared)
        try:
            return maker.service()
        except PathwayError:
            continue
    raise AssertionError


def services(*, shared: bool = True) -> st.SearchStrategy[Service]:
    """The strategy of services; it shrinks to a smaller seed."""
    return st.integers(1000, 1_000_000).map(lambda seed: service_from(seed, shared=shared))


@dataclass
class ServiceMaker:
    """Makes one service from a source of chance."""

    chance: Random
    whole_days: bool
    shared: bool
    resources: list[Resource] = field(default_factory=list)

    def service(self) -> Service:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if self.shared:
                names = self.chance.sample(
                    ["bed", "chair", "icu", "slot"], self.chance.randint(1, 3)
                )
                self.resources = [self.resource(name) for name in names]
            streams: list[Stream] = []
            for k in range(self.chance.choice([1, 1, 2, 3])):
                again = streams and self.chance.random() < 0.3
                pathway = streams[-1].pathway if again else PathwayMaker(self, f"p{k}").pathway()
                streams.append(self.stream(pathway, k))
            return Service(streams, self.resources)

    def resource(self, name: str) -> Resource:
        chance = self.chance
        score = Score(chance.sample(TERMS, chance.randint(0, 2)), chance.choice([0.0, 1.0, -0.5]))
        order: dict[str, Any] = {
            "discipline": chance.choice([FIRST_COME, RANDOM, score]), "skip": chance.random() < 0.4,
        }  # fmt: skip
        if name == "slot" or chance.random() < 0.15:
            releases: list[Every | tuple[tuple[float, int], ...]] = [
                Every(7.0, 2), Every(3.0, 1, start=1.0, until=30.0),
                Every(2.0, ((0.0, 1), (10.0, 0), (14.0, 2))), ((0.0, 3), (5.0, 1), (20.0, 4)),
            ]  # fmt: skip
            until, carry = chance.choice([None, USED_UP]), chance.choice([None, 0, 1, 3])
            return Resource(name, None, chance.choice(releases), carry, until, **order)
        falls = [(0.0, 2), (9.0, 0), (12.0, 1), (12.5, 3)]
        steps: list[int | list[tuple[float, int]]] = [1, 2, 3, falls, [(4.0, 2)], 0]
        closed = chance.choice([(), (), (5, 6), (0,)])
        places = chance.choice(steps)
        return Resource(name, places, closed=closed, typical_stay=6.0, **order)

    def stream(self, pathway: Pathway, k: int) -> Stream:
        """The first stream may be one patient whom the service holds on day 0."""
        sets = self.chance.sample(SETS, self.chance.choice([0, 0, 1]))
        states = [s for s in pathway.states if s.name.startswith("s")]
        free = {r.name: r.capacity_at(0.0) for r in self.resources if r.returned}
        held = [
            s.name
            for s in states
            if s.holds and all(free.get(r, 0) >= n for r, n in s.holds.items())
        ]
        if k == 0 and held and self.chance.random() < 0.5:
            return Stream(pathway, At([0.0]), "on day 0", 1, 0, self.chance.choice(held), sets)
        enters = self.chance.choice([None, None, *(s.name for s in states if not s.holds)])
        patients = self.chance.randint(3, 12)
        return Stream(pathway, self.arrivals(), f"stream {k}", patients, 100 * k, enters, sets)

    def arrivals(self) -> Arrivals:
        ties = At([0, 0, 0, 1, 1, 2, 5, 5, 5, 40, 41])
        stepped = Poisson([(0.0, 2.0), (3.0, 0.0), (10.0, 0.5)])
        whole: list[Arrivals] = [Steady(1.0), Steady(2.0, start=1.0), Steady(0.5), ties]
        free: list[Arrivals] = [Poisson(0.6), stepped, Steady(0.7), ties]
        return self.chance.choice(whole if self.whole_days else free)


@dataclass(frozen=True)
class Place:
    """From where a way leads: the state's number, what it holds, its fellows, detours in reach."""

    state: str
    holds: Holds
    fellows: tuple[str, ...]
    detours: tuple[str, ...] = ()
    inside: bool = False

    @property
    def ahead(self) -> tuple[str, ...]:
        return self.fellows[self.fellows.index(self.state) + 1 :]


class PathwayMaker:
    """Makes one pathway for a service: main states s0, s1, …, detours d0, d1 with states d0.0, …"""

    def __init__(self, of: ServiceMaker, name: str) -> None:
        self.of, self.chance, self.name = of, of.chance, name
        self.resources = {r.name: r for r in of.resources}
        self.choices: list[Choice] = []
        self.holds: dict[str, Holds] = {DEAD: {}, DONE: {}}
        self.needs: dict[str, Holds] = {}  # what the first state of a detour holds
        self.paused: set[str] = set()  # in every detour
        self.ways: dict[str, tuple[Request | None, str]] = {}
        self.standing_names = self.some(("old", "second"), 0.5)
        self.movers = self.some(CLOCKS, 0.2)  # in every detour

    def some(self, things: Sequence[T], share: float) -> tuple[T, ...]:
        return tuple(t for t in things if self.chance.random() < share)

    def likely(self, share: float) -> bool:
        return self.chance.random() < share

    def pathway(self) -> Pathway:
        names = tuple(f"s{i}" for i in range(self.chance.randint(3, 7)))
        self.lay_out(names, {})
        detours = tuple(f"d{i}" for i in range(self.chance.choice([0, 1, 1, 2])))
        inside = {d: tuple(f"{d}.{i}" for i in range(self.chance.randint(1, 3))) for d in detours}
        for d in detours:
            held = [self.holds[n] for n in names if self.holds[n]]
            self.needs[d] = self.chance.choice(held) if held and self.likely(0.4) else {}
            self.lay_out(inside[d], self.needs[d])
        places = [Place(n, self.holds[n], names, detours) for n in names]
        for k, d in enumerate(detours):
            places += [
                Place(n, self.holds[n], inside[d], detours[k + 1 :], True) for n in inside[d]
            ]
        states = [self.state(place) for place in places]
        start = self.way_in("start", self.free(names)) if self.likely(0.3) else names[0]
        made = [self.detour(d, inside[d], states) for d in detours]
        standing = [self.standing(n, names, detours) for n in self.standing_names]
        states += [State(DEAD, ends=True, sets=self.sets()), State(DONE, ends=True)]
        return Pathway(self.name, start, states, self.choices, made, VARIABLES, standing)

    # --- what is held ---

    def lay_out(self, names: tuple[str, ...], first: Holds) -> None:
        """Decide what each state holds, with a way to it (by grant or by clock) from one before."""
        self.holds[names[0]] = first
        for i, name in enumerate(names[1:], 1):
            before = self.chance.choice(names[:i])
            kept = {r: n for r, n in self.holds[before].items() if self.likely(0.7)}
            request = None
            if self.resources and before not in self.ways and self.likely(0.6):
                request = self.request(self.chance.choice(list(self.resources)), name)
                kept = {**kept, **self.brought(self.holds[before], request)}
            self.holds[name] = {
                r: n for r, n in kept.items() if not (self.resources[r].until and name == USED_UP)
            }
            self.ways.setdefault(before, (request, name))

    def is_held(self, resource: str) -> bool:
        return self.resources[resource].returned or self.resources[resource].until is not None

    def request(self, resource: str, enters: str) -> Request:
        return Request(
            resource, enters, self.chance.choice([1, 1, 1, 2]), self.chance.choice([1, 1, 2])
        )

    def brought(self, held: Holds, request: Request) -> Holds:
        name = request.resource
        return {name: held.get(name, 0) + request.amount} if self.is_held(name) else {}

    def fits(self, wanted: Holds, held: Holds) -> bool:
        return all(held.get(r, 0) >= n for r, n in wanted.items())

    def takes(self, wanted: Holds, held: Holds, brought: Holds) -> bool:
        """Whether it holds what a grant brought, and no more than is held."""
        return self.fits(wanted, held) and brought.keys() <= wanted.keys()

    def free(self, names: Sequence[str]) -> list[str]:
        return [n for n in names if not self.holds[n]]

    # --- states ---

    def state(self, place: Place) -> State:
        request, named = self.ways.get(place.state, (None, None))
        requests = {} if request is None else {request.resource: request}
        for resource in self.some(list(self.resources), 0.4):
            if (more := self.another_request(place, resource)) is not None:
                requests.setdefault(resource, more)
        targets = [self.target(place) for _ in range(self.chance.choice([1, 2, 2, 3]))]
        if named is not None and request is None:
            targets.append(named)
        sets = self.sets()
        names = self.chance.sample(CLOCKS, len(targets))
        clocks = [
            self.clock(name, target, self.is_ahead(place, target), sets)
            for name, target in zip(names, targets, strict=True)
        ]
        starts, stops = self.some(self.standing_names, 0.15), self.some(self.standing_names, 0.15)
        held = dict(place.holds)
        return State(place.state, clocks, list(requests.values()), held, sets, starts, stops)

    def another_request(self, place: Place, resource: str) -> Request | None:
        """Into a state ahead that holds what is granted, a choice of such, or such a detour."""
        request = self.request(resource, "")
        brought = self.brought(place.holds, request)
        held = {**place.holds, **brought}
        ahead = [n for n in place.ahead if self.takes(self.holds[n], held, brought)]
        enters = [*ahead]
        if ahead:
            enters.append(self.way_in(f"grant of {resource} in {place.state}", ahead))
        for d in () if place.inside else place.detours:
            if brought and self.takes(self.needs[d], held, brought):
                self.paused.add(resource)  # or it would be asked for, and granted, again at once
                enters.append(d)
        if not enters:
            return None
        return Request(resource, self.chance.choice(enters), request.amount, request.rank)

    def is_ahead(self, place: Place, target: str) -> bool:
        """Whether the target, or all that a choice leads to, lies ahead (or ends a life)."""
        for choice in self.choices:
            if choice.name == target:
                return all(self.is_ahead(place, way.enters) for way in choice.ways)
        return target in (*place.ahead, DEAD, DONE)

    def target(self, place: Place, nested: int = 0) -> str:
        chance = self.chance
        states = [n for n in place.fellows if self.fits(self.holds[n], place.holds)]
        detours = [d for d in place.detours if self.fits(self.needs[d], place.holds)]
        kinds: list[Callable[[], str]] = [lambda: chance.choice([DEAD, DONE]), lambda: HERE]
        kinds += [lambda: chance.choice(states)] * (4 if states else 0)
        kinds += [lambda: chance.choice(detours)] * ((4 if place.inside else 2) if detours else 0)
        kinds += [lambda: self.choose(place, nested + 1)] * (2 - nested)
        if place.inside:
            kinds += (
                [lambda: RETURN] * 4
                + [lambda: AGAIN] * 2
                + [lambda: leave(chance.choice(["s0", DEAD]))] * 2
            )
        return chance.choice(kinds)()

    # --- choices ---

    def choose(self, place: Place, nested: int) -> str:
        """A choice between anything that may be entered from there."""
        name, labels = (
            f"choice in {place.state}",
            ["one", "two", "three"][: self.chance.randint(2, 3)],
        )
        targets = {label: self.target(place, nested) for label in labels}
        if self.likely(0.5):
            return self.by_draw(name, targets)
        rules = [Rule(n, t, self.conditions(), self.sets(0.2)) for n, t in targets.items()]
        return self.add(name, rules=[*rules, Rule("otherwise", self.target(place, nested))])

    def way_in(self, name: str, states: Sequence[str]) -> str:
        """A choice by draw between (at most three of) these states."""
        return self.by_draw(name, {n: n for n in states[:3]})

    def by_draw(self, name: str, targets: Mapping[str, str]) -> str:
        shares = {1: (1.0,), 2: (0.3, 0.7), 3: (0.2, 0.3, 0.5)}[len(targets)]
        options = [
            Option(
                n,
                t,
                p,
                self.chance.sample(FACTORS[1:], self.chance.choice([0, 0, 1, 2])),
                self.sets(0.2),
            )
            for (n, t), p in zip(targets.items(), shares, strict=True)
        ]
        return self.add(name, options)

    def add(self, name: str, options: Sequence[Option] = (), rules: Sequence[Rule] = ()) -> str:
        self.choices.append(Choice(f"{name} ({len(self.choices)})", options, rules))
        return self.choices[-1].name

    def conditions(self) -> list[Condition]:
        wait = self.chance.choice([3.0, 9.0])
        a, b = self.chance.sample(conditions_on(list(self.resources), wait), 2)
        return self.chance.choice([[a], [a, b], [Not(a)], [AnyOf(a, b)], [Not(AllOf(a, b))]])

    def sets(self, share: float = 0.35) -> list[Set]:
        return self.chance.sample(SETS, self.chance.choice([1, 1, 2])) if self.likely(share) else []

    # --- clocks and detours ---

    def clock(self, name: str, enters: str, ahead: bool, before: Sequence[Set]) -> Clock:
        """One that leads ahead may be a delay since a moment long past: it then rings at once."""
        law = self.law(ahead)
        laws = law.entries if isinstance(law, By) else (law,)
        ratio: list[Factor] = []
        if not (delay := laws[0].is_delay):
            ratio = self.chance.sample(FACTORS, self.chance.choice([0, 0, 1, 2]))
        since = START
        if (ahead or not delay) and self.likely(0.3):
            infused = any(s.variable == "infused" for s in before)
            since = self.chance.choice(["calendar", "diagnosed", "infused" if infused else START])
        return Clock(name, law, enters, ratio, since, self.sets(0.25))

    def law(self, ahead: bool) -> Law | By:
        pools = [SLOW, SLOW, DELAYS, EXTREME if ahead else SLOW]
        whole = self.of.whole_days or self.likely(0.3)
        pool = [*(WHOLE_DAYS if whole else self.chance.choice(pools))]
        pool += [Constant(0.0)] if whole and ahead else []
        a, b = self.chance.choice(pool), self.chance.choice(pool)
        return a if self.likely(0.75) else self.chance.choice(tables_of(a, b))

    def standing(self, name: str, names: tuple[str, ...], detours: tuple[str, ...]) -> Clock:
        open_to_all = [d for d in detours if not self.needs[d]][-1:]
        target = self.chance.choice([DEAD, DEAD, DONE, HERE, *self.free(names), *open_to_all])
        return self.clock(name, target, target in (DEAD, DONE), [])

    def detour(self, name: str, inside: tuple[str, ...], states: Sequence[State]) -> Detour:
        fixed = {c.name for s in states for c in s.clocks if self.cannot_move(c.enters)}
        inherited = sorted({c.name for s in states for c in s.clocks}
                           | {r.resource for s in states for r in s.requests})  # fmt: skip
        fates: defaultdict[str, list[str]] = defaultdict(list)
        for thing in inherited:
            fate = self.chance.choice(["ends", "moves", "pauses", "default"])
            fate = "moves" if thing in self.movers else fate
            fate = "default" if fate == "moves" and thing in fixed else fate
            fates["pauses" if thing in self.paused else fate].append(thing)
        like = [n for n in inside if self.holds[n] == self.needs[name]]
        enters = self.way_in(f"way into {name}", like) if self.likely(0.4) else inside[0]
        return Detour(name, enters, fates["ends"], fates["moves"], fates["pauses"])

    def cannot_move(self, target: str) -> bool:
        for choice in self.choices:
            if choice.name == target:
                return any(self.cannot_move(way.enters) for way in choice.ways)
        return target in (RETURN, AGAIN)
