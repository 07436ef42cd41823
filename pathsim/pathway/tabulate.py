"""From a Service to Tables: every noun becomes records, every name a number.

`tabulate` is called by the compiled engine. Here are the service, and where a pathway leads; what
reads and sets variables is in `tabulate_reading`. What is said twice is kept once where that is
needed to see that it is the same: laws and targets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from pathsim import draws
from pathsim.laws import Law
from pathsim.pathway import tables as t
from pathsim.pathway.conditions import (
    AllOf,
    AnyOf,
    AtLeast,
    Below,
    ExpectedWait,
    Not,
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
from pathsim.pathway.reading import By
from pathsim.pathway.service import RANDOM, At, Score, Service, Steady, Stream
from pathsim.pathway.tabulate_reading import ReadingTabulation

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
        self.known_law: dict[int, int] = {}
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
        """The number of the law; equal laws have one. A life table takes long to compare."""
        if id(law) not in self.known_law:
            if law not in self.law_number:
                first, _ = self.add("parameters", law.parameters)
                self.law_number[law] = len(self.rows["laws"])
                self.rows["laws"].append((law.code, first))
            self.known_law[id(law)] = self.law_number[law]
        return self.known_law[id(law)]

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


class PathwayTabulation(ReadingTabulation):
    """One pathway of a service while it is put into the arrays."""

    def __init__(self, whole: Tabulation, pathway: Pathway) -> None:
        super().__init__(whole, pathway)
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
        self.clock_rows: dict[int, tuple[int, ...]] = {}

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
        """The clock's record; several states may list the same clock."""
        if id(clock) not in self.clock_rows:
            self.clock_rows[id(clock)] = self.clock_row(clock)
        return self.clock_rows[id(clock)]

    def clock_row(self, clock: Clock) -> tuple[int, ...]:
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
        pauses, moves, ends = map(frozenset, (detour.pauses, detour.moves, detour.ends))
        fates = [
            t.PAUSES * (n in pauses) + t.MOVES * (n in moves) + t.ENDS * (n in ends)
            for n in inherited
        ]
        first, _ = self.whole.add("fates", fates)
        return self.word[detour.name], self.target(detour.enters), first


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
