"""From a Service to Tables: every noun becomes records, every name a number.

`tabulate` is called by the compiled engine. What is said twice is kept once where that is needed to
see that it is the same: laws and targets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from pathsim import draws
from pathsim.laws import Law
from pathsim.pathway import tables as t
from pathsim.pathway.chance import Ago, FromLaw, Levels, Normal, Ordered
from pathsim.pathway.conditions import (
    AllOf,
    AnyOf,
    AtLeast,
    Below,
    Condition,
    ExpectedWait,
    Free,
    Is,
    Never,
    Not,
    Queue,
    Since,
)
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
    Pathway,
    State,
)
from pathsim.pathway.reading import CALENDAR, By, Factor, Per
from pathsim.pathway.service import RANDOM, At, Resource, Score, Service, Steady, Stream
from pathsim.pathway.setting import Now, PlusOne, Set, Test

Rows = list[tuple[Any, ...]]
GO_BACK = {HERE: t.HERE, RETURN: t.RETURN, AGAIN: t.AGAIN}


def tabulate(service: Service) -> t.Tables:
    """The service as flat arrays."""
    return Tabulation(service).tables()


class Tabulation:
    """The arrays of one service while they are filled: lists of rows by the name of the array."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.rows: dict[str, Rows] = {name: [] for name in t.RECORDS}
        self.pathways = list({id(s.pathway): s.pathway for s in service.streams}.values())
        self.resources = sorted(service.resources, key=lambda r: r.name)
        self.resource_number = {r.name: i for i, r in enumerate(self.resources)}
        self.words = sorted(set(self._words()))
        self.word = {word: i for i, word in enumerate(self.words)}
        self.law_number: dict[Law, int] = {}
        self.awaited = {
            x.resource for p in self.pathways for x in measures(p) if isinstance(x, ExpectedWait)
        }

    def _words(self) -> Iterator[str]:
        yield from ("", "arrival", "horizon")
        for stream in self.service.streams:
            yield stream.name
        for resource in self.resources:
            yield resource.name
            yield resource.until or ""
        for pathway in self.pathways:
            yield from pathway.named
            yield from clock_names(pathway)
            for choice in pathway.choices:
                yield from (way.name for way in choice.ways)
            for variable in pathway.variables:
                yield variable.name
                yield from variable.levels

    def tables(self) -> t.Tables:
        of = []
        for pathway in self.pathways:
            of.append(PathwayTabulation(self, pathway))
            self.rows["pathways"].append(of[-1].row())
        for resource in self.resources:
            self.rows["terms"] += [pathway.terms(resource) for pathway in of]
        for stream in self.service.streams:
            self.rows["streams"].append(
                self.stream(stream, of[self.pathways.index(stream.pathway)])
            )
        for resource in self.resources:
            self.rows["resources"].append(self.resource(resource))
        arrays: dict[str, Any] = {
            name: np.array(self.rows[name], dtype=kind) for name, kind in t.RECORDS.items()
        }
        arrays |= sizes(self.pathways)
        return t.Tables(tuple(self.words), **arrays)

    def add(self, array: str, rows: Iterable[Any]) -> tuple[int, int]:
        """Put rows at the end of an array; from where on, and how many."""
        made = list(rows)  # which may themselves add to this array
        first = len(self.rows[array])
        self.rows[array] += made
        return first, len(made)

    def law(self, law: Law) -> int:
        """The number of the law; equal laws have one."""
        if law not in self.law_number:
            first, _ = self.add("parameters", law.parameters)
            self.law_number[law] = len(self.rows["laws"])
            self.rows["laws"].append((law.code, first))
        return self.law_number[law]

    def stream(self, stream: Stream, pathway: PathwayTabulation) -> tuple[Any, ...]:
        most = t.NONE if stream.most is None else stream.most
        first = (
            self.word[stream.name], self.pathways.index(stream.pathway),
            pathway.target(stream.enters or stream.pathway.start), *pathway.sets(stream.sets),
            stream.first, most,
        )  # fmt: skip
        match stream.arrivals:
            case At(times):
                return (*first, t.AT, *self.add("times", times), t.NONE, 0.0, 0.0)
            case Steady(interval, start):
                return (*first, t.STEADY, 0, 0, t.NONE, interval, start)
            case poisson:
                return (*first, t.POISSON, 0, 0, self.law(poisson.law()), 0.0, 0.0)

    def resource(self, resource: Any) -> tuple[Any, ...]:
        score = resource.discipline if isinstance(resource.discipline, Score) else None
        random = t.RANDOM if resource.discipline == RANDOM else t.FIRST_COME
        return (
            self.word[resource.name], resource.returned,
            t.NONE if resource.carry is None else resource.carry,
            t.NONE if resource.until is None else self.word[resource.until],
            random if score is None else t.SCORE, resource.skip, resource.name in self.awaited,
            0.0 if score is None else score.per_day_waited, resource.typical_stay or 0.0,
            draws.key_of(f"queue:{resource.name}"),
        )  # fmt: skip


class PathwayTabulation:
    """One pathway of a service while it is put into the arrays."""

    def __init__(self, whole: Tabulation, pathway: Pathway) -> None:
        self.whole, self.pathway, self.word = whole, pathway, whole.word
        self.variables = list(pathway.variables)
        self.variable_number = {v.name: i for i, v in enumerate(self.variables)}
        clocks, choices = clock_names(pathway), [c.name for c in pathway.choices]
        self.names = [*clocks, *choices, *(v.name for v in self.variables)]
        self.name = {name: i for i, name in enumerate(self.names)}
        self.clocks = len(clocks)
        things: dict[str, Sequence[Any]] = {
            "states": pathway.states, "choices": pathway.choices, "detours": pathway.detours,
        }  # fmt: skip
        self.thing = {
            thing.name: len(whole.rows[array]) + i
            for array, those in things.items()
            for i, thing in enumerate(those)
        }
        self.from_arrival = {c.name for c in pathway.standing_from_arrival}
        self.standing = {c.name: len(whole.rows["clocks"]) + i
                         for i, c in enumerate(pathway.standing)}  # fmt: skip
        self.targets: dict[str, int] = {}

    def row(self) -> tuple[int, ...]:
        """The pathway's record, after all of it stands in the arrays."""
        add, pathway = self.whole.add, self.pathway
        first_standing, standings = self.add_clocks(pathway.standing)
        keys = draws.keys_of(self.names)
        first_name, names = add("names", ((self.word[n], keys[n]) for n in self.names))
        for choice in pathway.choices:
            self.whole.rows["choices"].append(self.choice(choice))
        for detour in pathway.detours:
            self.whole.rows["detours"].append(self.detour(detour))
        for state in pathway.states:
            self.whole.rows["states"].append(self.state(state))
        initial = [(self.word[v.name], self.given(v.initial), v.kind == "level")
                   for v in self.variables]  # fmt: skip
        first_variable, variables = add("variables", initial)
        return (
            self.target(pathway.start), first_name, names, self.clocks, first_variable, variables,
            first_standing, standings,
        )  # fmt: skip

    # --- where a patient goes ---

    def target(self, target: str) -> int:
        if target not in self.targets:
            name = target.removeprefix(LEAVE)
            if name in GO_BACK:
                row = (GO_BACK[name], t.NONE, name != target, t.NONE)
            else:
                kinds = {State: t.STATES, Choice: t.CHOICES, Detour: t.DETOURS}
                kind = kinds[type(self.pathway.named[name])]
                row = (kind, self.thing[name], name != target, self.word[name])
            self.targets[target], _ = self.whole.add("targets", [row])
        return self.targets[target]

    def state(self, state: State) -> tuple[int, ...]:
        add, resource = self.whole.add, self.whole.resource_number
        holds = sorted((resource[r], n) for r, n in state.holds.items())
        asked = [(resource[r.resource], self.target(r.enters), r.amount, r.rank)
                 for r in state.requests]  # fmt: skip
        return (
            self.word[state.name], state.ends, *self.add_clocks(state.clocks),
            *add("requests", asked), *add("holds", holds), *self.sets(state.sets),
            *add("links", [self.standing[n] for n in state.starts]),
            *add("links", [self.name[n] for n in state.stops]),
        )  # fmt: skip

    def add_clocks(self, clocks: Sequence[Clock]) -> tuple[int, int]:
        return self.whole.add("clocks", [self.clock(c) for c in clocks])

    def clock(self, clock: Clock) -> tuple[int, ...]:
        law, whole = clock.law, self.whole
        since = t.FROM_START if clock.since == START else self.variable(clock.since)
        return (
            self.name[clock.name],
            t.NONE if isinstance(law, By) else whole.law(law),
            self.table(law, whole.law) if isinstance(law, By) else t.NONE,
            *self.factors(clock.ratio), since, self.target(clock.enters), *self.sets(clock.sets),
            clock.name in self.from_arrival,
        )  # fmt: skip

    def choice(self, choice: Choice) -> tuple[int, ...]:
        ways: Rows = [
            (self.word[o.name], self.target(o.enters), *self.factors(o.odds), t.HOLDS,
             *self.sets(o.sets), o.probability)
            for o in choice.options
        ]  # fmt: skip
        ways += [
            (self.word[r.name], self.target(r.enters), 0, 0, self.all_of(r.when),
             *self.sets(r.sets), 0.0)
            for r in choice.rules
        ]  # fmt: skip
        return (self.word[choice.name], self.name[choice.name], bool(choice.rules),
                *self.whole.add("ways", ways))  # fmt: skip

    def detour(self, detour: Detour) -> tuple[int, ...]:
        inherited = [*self.names[: self.clocks], *(r.name for r in self.whole.resources)]
        fates = [
            t.PAUSES * (n in detour.pauses) + t.MOVES * (n in detour.moves)
            + t.ENDS * (n in detour.ends)
            for n in inherited
        ]  # fmt: skip
        first, _ = self.whole.add("fates", fates)
        return self.word[detour.name], self.target(detour.enters), first

    # --- what reads variables ---

    def variable(self, name: str) -> int:
        return t.CALENDAR if name == CALENDAR else self.variable_number[name]

    def is_moment(self, name: str) -> bool:
        return name in self.pathway.moments

    def table(self, by: By, thing: Callable[[Any], int] | None = None) -> int:
        """The number of the table; its entries are numbers, or what `thing` numbers."""

        def entry(bound: float, value: Any) -> tuple[Any, ...]:
            if value is None:
                return t.NONE, bound, t.NEVER
            return (0, bound, float(value)) if thing is None else (thing(value), bound, 0.0)

        if by.bands:
            entries = [entry(upper, value) for upper, value in by.bands]
        else:
            entries = [entry(self.level(name), value) for name, value in by.levels.items()]
        last = [entry(t.NEVER, by.never), entry(t.NEVER, by.otherwise)]
        first, _ = self.whole.add("entries", [*entries, *last])
        row = (self.variable(by.variable), self.is_moment(by.variable), not by.bands, first,
               len(entries))  # fmt: skip
        return self.whole.add("tables", [row])[0]

    def level(self, name: str) -> float:
        return float(self.word[name])

    def factors(self, factors: Sequence[Factor]) -> tuple[int, int]:
        return self.whole.add("factors", [self.factor(f) for f in factors])

    def factor(self, factor: Factor) -> tuple[Any, ...]:
        match factor:
            case By():
                return t.TABLE, self.table(factor), 0, 0.0, 0.0, 0.0
            case Per(variable, each, centre):
                moment = self.is_moment(variable)
                return t.SLOPE, self.variable(variable), moment, 0.0, each, centre
            case number:
                return t.NUMBER, t.NONE, 0, number, 0.0, 0.0

    def terms(self, resource: Resource) -> tuple[int, int]:
        """The terms of a score for this pathway's patients, where they may ask for the resource."""
        asked = {r.resource for state in self.pathway.states for r in state.requests}
        if resource.name not in asked or not isinstance(resource.discipline, Score):
            return 0, 0
        return self.factors(resource.discipline.terms)

    # --- what variables are given ---

    def sets(self, sets: Sequence[Set]) -> tuple[int, int]:
        # Whatever `calendar` is set to, it reads now.
        kept = [s for s in sets if s.variable != CALENDAR]
        rows = [(self.variable(s.variable), self.given(s.to)) for s in kept]
        return self.whole.add("sets", rows)

    def given(self, given: Any) -> int:
        return self.whole.add("givens", [self.given_row(given)])[0]

    def given_row(self, given: Any) -> tuple[Any, ...]:
        match given:
            case None:
                return t.NOTHING, t.NONE, 0, t.NEVER
            case str():
                return t.CONSTANT, t.NONE, 0, self.level(given)
            case float() | int():
                return t.CONSTANT, t.NONE, 0, float(given)
            case Now():
                return t.NOW, t.NONE, 0, 0.0
            case PlusOne():
                return t.PLUS_ONE, t.NONE, 0, 0.0
            case Test(of, sensitivity, otherwise):
                least = self.given_row(otherwise)[-1]
                row = (self.variable(of), sensitivity, least)
                return t.TESTED, self.whole.add("tests", [row])[0], 0, 0.0
            case Ago(days):
                kind, thing, _, number = self.given_row(days)
                return kind, thing, 1, number
            case By():
                return t.BY_TABLE, self.table(given, self.given), 0, 0.0
            case Per():
                return t.BY_SLOPE, self.factors([given])[0], 0, 0.0
            case draw:
                return t.DRAWN, self.whole.add("draws", [self.draw(draw)])[0], 0, 0.0

    def draw(self, draw: Any) -> tuple[Any, ...]:
        match draw:
            case Levels(probabilities, odds):
                levels = self.add_levels(probabilities, odds)
                return (t.LEVELS, *levels, 0, 0, t.NONE, 0, 0, 0.0, 0.0, 0.0, 0.0)
            case Ordered(probabilities, factors):
                levels = self.add_levels(probabilities, {})
                return (t.ORDERED, *levels, *self.factors(factors), t.NONE, 0, 0,
                        0.0, 0.0, 0.0, 0.0)  # fmt: skip
            case Normal(mean, sd, low, high, shifts):
                return (t.NORMAL, 0, 0, *self.factors(shifts), t.NONE, low is not None,
                        high is not None, mean, sd, low or 0.0, high or 0.0)  # fmt: skip
            case FromLaw(law):
                return (t.FROM_LAW, 0, 0, 0, 0, self.whole.law(law), 0, 0, 0.0, 0.0, 0.0, 0.0)
        raise TypeError(f"{draw!r} is no draw")

    def add_levels(
        self, probabilities: Mapping[str, float], odds: Mapping[str, Sequence[Factor]]
    ) -> tuple[int, int]:
        rows = [(*self.factors(odds.get(name, ())), self.level(name), p)
                for name, p in probabilities.items()]  # fmt: skip
        return self.whole.add("levels", rows)

    # --- conditions ---

    def all_of(self, conditions: Sequence[Condition]) -> int:
        return self.condition(AllOf(*conditions), t.HOLDS, t.FAILS)

    def condition(self, condition: Condition, yes: int, no: int) -> int:
        """Where to begin, so that it leads to `yes` if the condition holds and to `no` if not."""
        match condition:
            case Not(inner):
                return self.condition(inner, no, yes)
            case AllOf(conditions):
                for inner in reversed(conditions):
                    yes = self.condition(inner, yes, no)
                return yes
            case AnyOf(conditions):
                for inner in reversed(conditions):
                    no = self.condition(inner, yes, no)
                return no
            case leaf:
                return self.whole.add("conditions", [(*self.leaf(leaf, yes, no),)])[0]

    def leaf(self, leaf: Any, yes: int, no: int) -> tuple[Any, ...]:
        match leaf:
            case Is(variable, levels):
                codes = self.whole.add("codes", [self.level(name) for name in levels])
                return (t.IS, t.VALUE, self.variable(variable), 0, *codes, yes, no, 0.0)
            case Never(moment):
                return t.HAS_NOT, t.VALUE, self.variable(moment), 0, 0, 0, yes, no, 0.0
            case AtLeast(x, value) | Below(x, value):
                kind = t.AT_LEAST if isinstance(leaf, AtLeast) else t.BELOW
                return (kind, *self.measure(x), 0, 0, yes, no, value)
        raise TypeError(f"{leaf!r} is no condition")

    def measure(self, x: Any) -> tuple[int, int, bool]:
        """What is measured, of what, and whether that is a moment."""
        match x:
            case Queue(resource):
                return t.QUEUE, self.whole.resource_number[resource], False
            case Free(resource):
                return t.FREE, self.whole.resource_number[resource], False
            case ExpectedWait(resource):
                return t.EXPECTED_WAIT, self.whole.resource_number[resource], False
            case Since(moment):
                return t.VALUE, self.variable(moment), self.is_moment(moment)
            case variable:
                return t.VALUE, self.variable(variable), self.is_moment(variable)


# --- what is asked of a pathway ---------------------------------------------------------------


def clock_names(pathway: Pathway) -> list[str]:
    """The names of its clocks in order, by which rings of one moment are ordered."""
    return sorted({c.name for s in pathway.states for c in s.clocks}
                  | {c.name for c in pathway.standing})  # fmt: skip


def measures(pathway: Pathway) -> Iterator[Any]:
    """All that the rules of its choices compare."""
    waiting: list[Any] = [c for choice in pathway.choices for r in choice.rules for c in r.when]
    while waiting:
        match waiting.pop():
            case Not(inner):
                waiting.append(inner)
            case AllOf(conditions) | AnyOf(conditions):
                waiting += conditions
            case AtLeast(x) | Below(x):
                yield x


def sizes(pathways: Sequence[Pathway]) -> dict[str, int]:
    """The most of each thing that a patient of any pathway needs room for."""
    depth = MAX_DEPTH if any(p.detours for p in pathways) else 0
    clocks = max((len(s.clocks) for p in pathways for s in p.states), default=0)
    names = max(len(clock_names(p)) for p in pathways)
    standing = max(len(p.standing) for p in pathways)
    # An event starts the clocks of one state, standing ones, and what detours had hidden.
    started = clocks + standing + 2 * MAX_DEPTH
    choices = max(len(p.choices) for p in pathways)
    variables = max(len(p.variables) for p in pathways)
    drawn = max(len(clock_names(p)) + len(p.choices) + len(p.variables) for p in pathways)
    return {
        "most_clocks": max(clocks, 1), "most_started": started,
        "most_names": max(drawn, 1), "most_clock_names": max(names, 1),
        "most_variables": max(variables, 1), "most_choices": choices, "depth": depth,
    }  # fmt: skip
