"""Small but rich services made by chance, for every test that holds for any model.

`service_from(seed)` makes one service, always the same; `services()` is the hypothesis strategy, which
can shrink what it finds. Both go the same way: a `random.Random` decides everything. What a state
holds is decided first, and a way between two states is only drawn where it brings enough; a zero delay
or a huge hazard only leads forward, so that no instant lasts for ever. What the checks refuse all the
same is thrown away. Knows nothing of the engines.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random
from typing import Any

from hypothesis import strategies as st

from pathsim import laws
from pathsim.errors import PathwayError
from pathsim.laws import Constant, Empirical, Exponential, Law
from pathsim.pathway import reading
from pathsim.pathway.pathway import (
    HERE, RETURN, START, Choice, Clock, Detour, Option, Pathway, Request, Rule, State, Variable,
    leave,
)  # fmt: skip
from pathsim.pathway.reading import NOW, PLUS_ONE, Ago, By, Condition, Factor, FromLaw, Normal, Per
from pathsim.pathway.reading import AtLeast, Below, Is, Never, Set, Since
from pathsim.pathway.service import (
    FIRST_COME, RANDOM, At, Every, Poisson, Resource, Score, Service, Steady, Stream,
)  # fmt: skip

HORIZON = 40.0
DEAD, DONE = "dead", "done"
USED_UP = "s2"  # the state in which an allotment that is held is used up
CLOCK_NAMES = ("aged", "b", "death", "fever", "move", "tick", "wane", "yield")
Holds = Mapping[str, int]

VARIABLES = (
    Variable("age", initial=Normal(60.0, 12.0, low=30.0, high=90.0)),
    Variable("risk", "level", reading.Levels({"low": 0.6, "high": 0.4}), ("low", "high")),
    Variable(
        "response",
        "level",
        reading.Levels({"none": 0.5, "good": 0.5}, {"good": [By("risk", {"high": 0.4, "low": 2.0})]}),
        ("none", "good"),
        known=False,
    ),
    Variable("seen", "level", "unknown", ("unknown", "none", "good")),
    Variable("burden", initial=FromLaw(laws.LogNormal(0.0, 1.0)), known=False),
    Variable("lines", initial=1.0),
    Variable("diagnosed", "moment", Ago(FromLaw(Empirical((0.0, 0.5, 1.0), (0.0, 30.0, 400.0))))),
    Variable("infused", "moment"),
)
SETS = (
    Set("lines", PLUS_ONE), Set("infused", NOW), Set("diagnosed", NOW), Set("risk", "high"),
    Set("seen", reading.Test("response", 0.7, "none")), Set("seen", reading.Test("response")),
    Set("age", Normal(65.0, 5.0, shifts=[Per("lines", 0.5)])), Set("burden", 2.5),
    Set("response", reading.Levels({"none": 0.3, "good": 0.7})),
    Set("lines", By("infused", bands=[(5.0, 7.0), (math.inf, 8.0)], never=3.0)),
    Set("burden", FromLaw(Exponential(0.5))),
)  # fmt: skip
FACTORS: tuple[Factor, ...] = (
    0.0, 0.3, 1.0, 2.5, By("response", {"good": 0.4}, otherwise=1.5), Per("age", 1.03, 60.0),
    By("risk", {"low": 0.5, "high": 2.0}), By("age", bands=[(55.0, 0.7), (math.inf, 1.4)]),
    By("infused", bands=[(3.0, 0.2), (math.inf, 1.3)], never=1.0), Per("diagnosed", 1.001, 30.0),
    By("calendar", bands=[(15.0, 1.0), (math.inf, 3.0)]), Per("calendar", 1.02), Per("burden", 1.2),
)  # fmt: skip
TERMS: tuple[Factor, ...] = (
    1.0, Per("age", -0.1, 60.0), By("risk", {"low": 0.0, "high": 3.0}), Per("lines", 1.0),
    By("seen", {"good": 2.0}, otherwise=0.0), By("infused", bands=[(9.0, 1.0)], never=2.0, otherwise=0.0),
)  # fmt: skip
SLOW: tuple[Law, ...] = (
    Exponential(0.05), Exponential(0.4), laws.Weibull(1.4, 12.0), laws.Weibull(0.6, 20.0),
    laws.Gompertz(0.02, 0.03), laws.LogLogistic(1.5, 15.0), laws.LogNormal(2.0, 0.8),
    laws.PiecewiseExponential((0.0, 5.0, 9.0), (0.05, 0.3, 0.02)),
    laws.CuredMixture(0.3, Exponential(0.2)),
)  # fmt: skip
EXTREME: tuple[Law, ...] = (
    Exponential(0.0), Exponential(1e-12), Exponential(1e6), Exponential(1e300),
    laws.Weibull(0.2, 5.0), laws.PiecewiseExponential((0.0, 4.0), (0.0, 50.0)),
)  # fmt: skip
SLOW_DELAYS: tuple[Law, ...] = (
    Empirical((0.0, 0.5, 1.0), (1.0, 4.0, 9.0)), Empirical((0.0, 0.4, 1.0), (2.0, 2.0, 2.0)),
    laws.Manufacturing(2.0, 5.0, 0.5), Constant(2.5),
)  # fmt: skip


def service_from(seed: int, *, shared: bool = True) -> Service:
    """The service of this seed: on whole days if the seed is even, without resources unless `shared`."""
    for attempt in count():
        maker = ServiceMaker(Random(f"{seed}/{attempt}"), whole_days=seed % 2 == 0, shared=shared)
        try:
            return maker.service()
        except PathwayError:
            continue
    raise AssertionError


def services(*, shared: bool = True) -> st.SearchStrategy[Service]:
    """The strategy of valid services."""

    def make(chance: Random, whole_days: bool) -> Service | None:
        try:
            return ServiceMaker(chance, whole_days=whole_days, shared=shared).service()
        except PathwayError:
            return None

    made = st.builds(make, st.randoms(use_true_random=False), st.booleans())
    return made.filter(lambda service: service is not None)


@dataclass
class ServiceMaker:
    """Makes one service from a source of chance."""

    chance: Random
    whole_days: bool
    shared: bool
    resources: list[Resource] = field(default_factory=list)

    def service(self) -> Service:
        if self.shared:
            names = self.chance.sample(["bed", "chair", "icu", "slot"], self.chance.randint(1, 3))
            self.resources = [self.resource(name) for name in names]
        streams: list[Stream] = []
        for k in range(self.chance.choice([1, 1, 2, 3])):
            shares = streams and self.chance.random() < 0.3
            pathway = streams[-1].pathway if shares else PathwayMaker(self, f"pathway {k}").pathway()
            streams.append(self.stream(pathway, k))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Service(streams, self.resources)

    # --- resources ---

    def resource(self, name: str) -> Resource:
        chance = self.chance
        discipline = chance.choice([FIRST_COME, RANDOM, self.score()])
        common: dict[str, Any] = {"discipline": discipline, "skip": chance.random() < 0.4}
        if name == "slot" or chance.random() < 0.15:
            until = USED_UP if chance.random() < 0.5 else None
            carry = chance.choice([None, 0, 1, 3])
            return Resource(name, allotments=self.releases(), carry=carry, until=until, **common)
        places = chance.choice([1, 2, 3, [(0.0, 2), (9.0, 0), (12.0, 1), (12.5, 3)], [(4.0, 2)], 0])
        closed = chance.choice([(), (), (5, 6), (0,)])
        return Resource(name, places=places, closed=closed, typical_stay=6.0, **common)

    def score(self) -> Score:
        terms = self.chance.sample(TERMS, self.chance.randint(0, 2))
        return Score(terms, per_day_waited=self.chance.choice([0.0, 1.0, -0.5]))

    def releases(self) -> Every | tuple[tuple[float, int], ...]:
        return self.chance.choice(
            [
                Every(7.0, 2),
                Every(3.0, 1, start=1.0, until=30.0),
                Every(2.0, ((0.0, 1), (10.0, 0), (14.0, 2))),
                ((0.0, 3), (5.0, 1), (20.0, 4)),
            ]
        )

    # --- streams ---

    def stream(self, pathway: Pathway, k: int) -> Stream:
        chance, patients = self.chance, self.chance.randint(3, 12)
        sets = chance.sample(SETS, chance.choice([0, 0, 1]))
        enters = None
        if k == 0 and (held := self.on_day_0(pathway)) is not None and chance.random() < 0.5:
            return Stream(pathway, At([0.0]), "on day 0", 1, enters=held, sets=sets)
        if chance.random() < 0.3:
            enters = chance.choice([s.name for s in pathway.states if not s.holds and not s.ends
                                    and s.name.startswith("s")])  # fmt: skip
        return Stream(pathway, self.arrivals(), f"stream {k}", patients, 100 * k, enters, sets)

    def on_day_0(self, pathway: Pathway) -> str | None:
        """A state that holds places for which there is room on day 0."""
        free = {r.name: r.capacity_at(0.0) for r in self.resources if r.returned}
        names = [s.name for s in pathway.states if s.holds and s.name.startswith("s")
                 and all(free.get(r, 0) >= n for r, n in s.holds.items())]  # fmt: skip
        return self.chance.choice(names) if names else None

    def arrivals(self) -> At | Steady | Poisson:
        whole = [Steady(1.0), Steady(2.0, start=1.0), At([0, 0, 0, 1, 1, 2, 5, 5, 5, 40, 41]), Steady(0.5)]
        free = [Poisson(0.6), Poisson([(0.0, 2.0), (3.0, 0.0), (10.0, 0.5)]), Steady(0.7)]
        return self.chance.choice(whole if self.whole_days else whole[:2] + free)


@dataclass(frozen=True)
class Place:
    """From where a way leads: what is held there, which states are ahead, and what may be entered."""

    holds: Holds
    number: int
    states: tuple[str, ...]
    detours: tuple[str, ...] = ()
    inside: bool = False


class PathwayMaker:
    """Makes one pathway for a service."""

    def __init__(self, of: ServiceMaker, name: str) -> None:
        self.of, self.chance, self.name = of, of.chance, name
        self.resources = {r.name: r for r in of.resources}
        self.choices: list[Choice] = []
        self.holds: dict[str, Holds] = {DEAD: {}, DONE: {}}
        self.needs: dict[str, Holds] = {}
        self.standing_names = self.some(("old", "second"), 0.5)

    def some(self, things: tuple[Any, ...], share: float) -> tuple[Any, ...]:
        return tuple(t for t in things if self.chance.random() < share)

    def pathway(self) -> Pathway:
        names = tuple(f"s{i}" for i in range(self.chance.randint(3, 7)))
        ways = self.lay_out(names, {})
        detours = tuple(f"d{i}" for i in range(self.chance.choice([0, 1, 1, 2])))
        inside = {d: tuple(f"{d}.{i}" for i in range(self.chance.randint(1, 3))) for d in detours}
        for d in detours:
            spare = [h for n in names if (h := self.holds[n])]
            self.needs[d] = dict(self.chance.choice(spare)) if spare and self.chance.random() < 0.2 else {}
            ways |= self.lay_out(inside[d], self.needs[d])
        states = [self.state(Place(self.holds[n], i, names, detours), n, ways.get(n))
                  for i, n in enumerate(names)]  # fmt: skip
        for k, d in enumerate(detours):
            for i, n in enumerate(inside[d]):
                place = Place(self.holds[n], i, inside[d], detours[k + 1 :], inside=True)
                states.append(self.state(place, n, ways.get(n)))
        standing = [self.standing(n, names, detours) for n in self.standing_names]
        states += [State(DEAD, ends=True, sets=self.sets()), State(DONE, ends=True)]
        start = names[0]
        if self.chance.random() < 0.3:
            start = self.choose(Place({}, -1, names), names[0], 1)
        made = [self.detour(d, inside[d], states) for d in detours]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Pathway(self.name, start, states, self.choices, made, VARIABLES, standing)

    # --- what is held, and one way to every state ---

    def lay_out(self, names: tuple[str, ...], first: Holds) -> dict[str, tuple[Request | None, str]]:
        """Decide what each state holds; return a way (by grant or by clock) out of states before it."""
        self.holds[names[0]] = first
        ways: dict[str, tuple[Request | None, str]] = {}
        for i, name in enumerate(names[1:], 1):
            before = self.chance.choice(names[:i])
            kept = {r: n for r, n in self.holds[before].items() if self.chance.random() < 0.7}
            request = None
            if self.resources and before not in ways and self.chance.random() < 0.6:
                request = self.request(name)
                if self.is_held(request.resource):
                    kept[request.resource] = self.holds[before].get(request.resource, 0) + request.amount
            self.holds[name] = {r: n for r, n in kept.items()
                                if not (self.resources[r].until and name == USED_UP)}  # fmt: skip
            ways.setdefault(before, (request, name))
        return ways

    def is_held(self, resource: str) -> bool:
        r = self.resources[resource]
        return r.returned or r.until is not None

    def request(self, enters: str) -> Request:
        amount, rank = self.chance.choice([1, 1, 1, 2]), self.chance.choice([1, 1, 2])
        return Request(self.chance.choice(list(self.resources)), enters, amount, rank)

    # --- states ---

    def state(self, place: Place, name: str, way: tuple[Request | None, str] | None) -> State:
        sets, requests, targets = self.sets(), [], []
        if way is not None and way[0] is not None:
            requests.append(way[0])
        elif way is not None:
            targets.append(way[1])
        requests += [r for r in self.more_requests(place) if all(r.resource != q.resource for q in requests)]
        wanted = max(1 + (way is None), self.chance.choice([1, 2, 2, 3]))
        clock_names = self.chance.sample(CLOCK_NAMES, wanted)
        clocks = []
        for k, clock_name in enumerate(clock_names):
            target = targets[k] if k < len(targets) else self.target(place, name)
            clocks.append(self.clock(clock_name, target, self.is_ahead(place, target), sets))
        starts = self.some(self.standing_names, 0.15)
        stops = self.some(self.standing_names, 0.15)
        return State(name, clocks, requests, dict(self.holds[name]), sets, starts, stops)

    def more_requests(self, place: Place) -> list[Request]:
        """Requests for what is not held, into states ahead that hold no more than then is held."""
        found = []
        for resource in self.some(tuple(self.resources), 0.35):
            request = self.request("")
            amount = request.amount
            then = dict(place.holds)
            if self.is_held(resource):
                then[resource] = then.get(resource, 0) + amount
            ahead = [n for n in place.states[place.number + 1 :] if self.fits(n, then)
                     and (not self.is_held(resource) or resource in self.holds[n])]  # fmt: skip
            if ahead:
                found.append(replace(request, resource=resource, enters=self.chance.choice(ahead)))
        return found

    def fits(self, state: str, held: Holds) -> bool:
        return all(held.get(r, 0) >= n for r, n in self.holds[state].items())

    def is_ahead(self, place: Place, target: str) -> bool:
        """Whether the target, or all that a choice leads to, lies ahead (or ends a life)."""
        for choice in self.choices:
            if choice.name == target:
                return all(self.is_ahead(place, way.enters) for way in choice.ways)
        return target in (*place.states[place.number + 1 :], DEAD, DONE)

    def target(self, place: Place, name: str, nested: int = 0) -> str:
        chance = self.chance
        states = [n for n in place.states if self.fits(n, place.holds)]
        kinds: list[Callable[[], str]] = [lambda: chance.choice([DEAD, DEAD, DONE])]
        if states:
            kinds += [lambda: chance.choice(states)] * 3
        kinds += [lambda: HERE]
        detours = [d for d in place.detours if all(place.holds.get(r, 0) >= n for r, n in self.needs[d].items())]
        if detours:
            kinds += [lambda: chance.choice(detours)] * 2
        if place.inside:
            kinds += [lambda: RETURN] * 5 + [lambda: leave(chance.choice(["s0", DEAD]))]
        if nested < 2:
            kinds += [lambda: self.choose(place, name, nested + 1)] * (2 if nested == 0 else 1)
        return chance.choice(kinds)()

    def choose(self, place: Place, name: str, nested: int) -> str:
        choice = f"choice {len(self.choices)} of {name}"
        self.choices.append(Choice(choice, [Option("taken", DONE, 1.0)]))  # keeps its number
        mine = len(self.choices) - 1
        inside = place.number >= 0
        pick = (lambda: self.target(place, name, nested)) if inside else (lambda: self.chance.choice(self.free(place)))
        labels = ["first", "second", "third"][: self.chance.randint(2, 3)]
        if self.chance.random() < 0.5:
            odds = [self.chance.sample(FACTORS[1:], self.chance.choice([0, 0, 1, 2])) for _ in labels]
            options = [Option(n, pick(), p, o, self.sets(0.2))
                       for n, p, o in zip(labels, self.shares(len(labels)), odds, strict=True)]  # fmt: skip
            self.choices[mine] = Choice(choice, options)
        else:
            rules = [Rule(n, pick(), self.conditions(), self.sets(0.2)) for n in labels[:-1]]
            self.choices[mine] = Choice(choice, rules=[*rules, Rule("otherwise", pick())])
        return choice

    def free(self, place: Place) -> list[str]:
        return [n for n in place.states if not self.holds[n]]

    def shares(self, n: int) -> tuple[float, ...]:
        return (0.3, 0.7) if n == 2 else (0.2, 0.3, 0.5)

    def conditions(self) -> list[Condition]:
        known: list[Condition] = [
            Is("risk", "high"), Is("seen", "good", "none"), AtLeast("age", 60.0), Below("calendar", 12.0),
            Never("infused"), AtLeast(Since("infused"), 3.0), Below(Since("diagnosed"), 40.0),
            AtLeast("lines", 2.0),
        ]  # fmt: skip
        for name in self.resources:
            known += [
                AtLeast(reading.Queue(name), self.chance.choice([1.0, 2.0])),
                AtLeast(reading.Free(name), self.chance.choice([0.0, 1.0])),
                Below(reading.ExpectedWait(name), self.chance.choice([3.0, 9.0])),
            ] * 2
        a, b = self.chance.sample(known, 2)
        return self.chance.choice([[a], [a, b], [reading.Not(a)], [reading.AnyOf(a, b)],
                                   [reading.Not(reading.AllOf(a, b))]])  # fmt: skip

    def sets(self, share: float = 0.35) -> list[Set]:
        if self.chance.random() >= share:
            return []
        return self.chance.sample(SETS, self.chance.choice([1, 1, 2]))

    # --- clocks and detours ---

    def clock(self, name: str, enters: str, ahead: bool, before: list[Set]) -> Clock:
        law = self.law(ahead)
        ratio: list[Factor] = []
        since, delay = START, self.is_delay(law)
        if not delay:
            ratio = self.chance.sample(FACTORS, self.chance.choice([0, 0, 1, 2]))
        if (ahead or not delay) and self.chance.random() < 0.3:
            moments = ["calendar", "diagnosed"]
            if any(s.variable == "infused" for s in before):
                moments.append("infused")
            since = self.chance.choice(moments)
        return Clock(name, law, enters, ratio, since, self.sets(0.25))

    def is_delay(self, law: Law | By) -> bool:
        return any(entry.is_delay for entry in (law.entries if isinstance(law, By) else (law,)))

    def law(self, ahead: bool) -> Law | By:
        if self.of.whole_days or self.chance.random() < 0.3:
            pool = [Constant(float(d)) for d in range(0 if ahead else 1, 8)]
            pool.append(Empirical((0.0, 1.0), (3.0, 3.0)))
        else:
            pool = list(self.chance.choice([SLOW, SLOW, SLOW_DELAYS, EXTREME if ahead else SLOW]))
        if self.chance.random() < 0.75:
            return self.chance.choice(pool)
        a, b = self.chance.choice(pool), self.chance.choice(pool)
        return self.chance.choice(
            [
                By("risk", {"low": a, "high": b}),
                By("response", {"good": a}, otherwise=b),
                By("lines", bands=[(2.0, a), (math.inf, b)]),
                By("infused", bands=[(4.0, a), (math.inf, b)], never=b),
            ]
        )

    def standing(self, name: str, names: tuple[str, ...], detours: tuple[str, ...]) -> Clock:
        targets = [DEAD, DEAD, DONE, HERE, *self.free(Place({}, 0, names)),
                   *(d for d in detours[-1:] if not self.needs[d])]  # fmt: skip
        target = self.chance.choice(targets)
        return self.clock(name, target, target in (DEAD, DONE), [])

    def detour(self, name: str, inside: tuple[str, ...], states: list[State]) -> Detour:
        clocks = {c.name: c.enters for s in states for c in s.clocks}
        requested = {r.resource for s in states for r in s.requests}
        fixed = {c.name for s in states for c in s.clocks if self.cannot_move(c.enters)}
        ends, moves, pauses = [], [], []
        for thing in sorted({*clocks, *requested}):
            lot = self.chance.random()
            if lot < 0.2:
                pauses.append(thing)
            elif lot < 0.45 and thing not in fixed:
                moves.append(thing)
            elif lot < 0.6:
                ends.append(thing)
        enters = inside[0]
        like = [n for n in inside if self.holds[n] == self.needs[name]]
        if len(like) > 1 and self.chance.random() < 0.5:
            enters = f"way into {name}"
            options = [Option(n, n, p) for n, p in zip(like[:2], (0.4, 0.6), strict=True)]
            self.choices.append(Choice(enters, options))
        return Detour(name, enters, ends, moves, pauses)

    def cannot_move(self, target: str) -> bool:
        for choice in self.choices:
            if choice.name == target:
                return any(self.cannot_move(way.enters) for way in choice.ways)
        return target == RETURN or target.startswith("leave:")
