"""The pathway as a graph: what leads where, what is held and waited for. For checks and drawings.

Follows choices and detours to the states they may reach, without probabilities or time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any

from pathsim.pathway.conditions import (
    AllOf,
    AnyOf,
    AtLeast,
    Below,
    Condition,
    ExpectedWait,
    Free,
    Measure,
    Not,
    Queue,
)
from pathsim.pathway.pathway import AGAIN, HERE, LEAVE, RETURN, Choice, Detour, Pathway, State


def ways(pathway: Pathway) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(where, target, which of here and return it may lead to) of every way."""
    yield "the start", pathway.start, ()
    for state in pathway.states:
        for clock in state.clocks:
            yield f"clock '{clock.name}' of '{state.name}'", clock.enters, (HERE, RETURN, AGAIN)
        for request in state.requests:
            yield f"request for '{request.resource}' of '{state.name}'", request.enters, ()
    for clock in pathway.standing:
        yield f"standing clock '{clock.name}'", clock.enters, (HERE,)
    for choice in pathway.choices:
        for way in choice.ways:
            yield f"'{way.name}' of choice '{choice.name}'", way.enters, (HERE, RETURN, AGAIN)
    for detour in pathway.detours:
        yield f"detour '{detour.name}'", detour.enters, ()


class Reach:
    """Where targets lead through choices and detours; each is followed but once."""

    def __init__(self, named: Mapping[str, State | Choice | Detour]) -> None:
        """`named` is all that a target may name."""
        self._named = named
        self._states: dict[str, tuple[State, ...]] = {}
        self._names: dict[str, frozenset[str]] = {}

    def states(self, target: str) -> tuple[State, ...]:
        """The states that a target may lead to, through choices and detours; none for `here`."""
        if target not in self._states:
            passed = (self._named.get(name) for name in self._followed(target, (Choice, Detour)))
            self._states[target] = tuple(thing for thing in passed if isinstance(thing, State))
        return self._states[target]

    def names(self, target: str) -> frozenset[str]:
        """All names passed from a target on through choices, `return` and `here` among them."""
        if target not in self._names:
            self._names[target] = frozenset(self._followed(target, Choice))
        return self._names[target]

    def _followed(self, target: str, through: Any) -> list[str]:
        """The names passed, in the order in which they are met."""
        seen, todo = dict[str, None](), [target.removeprefix(LEAVE)]
        while todo:
            name = todo.pop()
            if name not in seen:
                seen[name] = None
                thing = self._named.get(name)
                todo += onward(thing) if isinstance(thing, through) else []
        return list(seen)


def resolved(pathway: Pathway, target: str) -> tuple[State, ...]:
    """The states that a target may lead to, through choices and detours; none for `here`."""
    return pathway.reach.states(target)


def reached(pathway: Pathway, target: str) -> frozenset[str]:
    """All names passed from a target on through choices, `return` and `here` among them."""
    return pathway.reach.names(target)


def onward(thing: Choice | Detour) -> list[str]:
    """Where a choice or a detour may lead at once."""
    targets = [thing.enters] if isinstance(thing, Detour) else [w.enters for w in thing.ways]
    return [target.removeprefix(LEAVE) for target in targets]


def leaves(pathway: Pathway, detour: Detour) -> bool:
    """Whether something on the way into a detour leaves all detours."""
    passed = [pathway.named.get(name) for name in reached(pathway, detour.enters)]
    ways = [w.enters for thing in passed if isinstance(thing, Choice) for w in thing.ways]
    return any(target.startswith(LEAVE) for target in (detour.enters, *ways))


def is_terminal(pathway: Pathway, target: str) -> bool:
    return any(s.ends for s in resolved(pathway, target))


def cycles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Cycles of a small directed graph, each once, as the names passed and back to the first."""
    with suppress(CycleError):
        # On a cycle are only those from which something leads on.
        TopologicalSorter({a: found & edges.keys() for a, found in edges.items()}).prepare()
        return []
    import networkx  # heavy, and seldom needed: most graphs have no cycle

    graph = networkx.DiGraph((a, b) for a, found in edges.items() for b in sorted(found))
    parts = [p for p in networkx.strongly_connected_components(graph)
             if len(p) > 1 or any(graph.has_edge(n, n) for n in p)]  # fmt: skip
    found = []
    for part in sorted(parts, key=min):
        cycle = networkx.find_cycle(graph.subgraph(part), min(part))
        found.append([a for a, _ in cycle] + [cycle[0][0]])
    return found


def asks(pathway: Pathway) -> Iterator[tuple[str, str]]:
    """(where, resource) of everything that names a resource."""
    for state in pathway.states:
        yield from ((f"state '{state.name}'", r.resource) for r in state.requests)
        yield from ((f"state '{state.name}'", name) for name in state.holds)
    for choice in pathway.choices:
        for rule in choice.rules:
            for x in measures(rule.when):
                if isinstance(x, Queue | Free | ExpectedWait):
                    yield f"rule '{rule.name}'", x.resource


def measures(conditions: Iterable[Condition]) -> Iterator[Measure]:
    """Every measure that the conditions compare."""
    for condition in conditions:
        match condition:
            case AtLeast(x) | Below(x):
                yield x
            case Not(inner):
                yield from measures([inner])
            case AnyOf(inner) | AllOf(inner):
                yield from measures(inner)


# --- levels: what may lie beneath a state ------------------------------------------------------


def beneath(pathway: Pathway) -> dict[str, list[State]]:
    """For each state those that may lie under it on the stack; none outside of detours."""
    detours = {d.name for d in pathway.detours}
    under: dict[str, set[str]] = {s.name: set() for s in pathway.states}
    standing = {clock.enters for clock in pathway.standing}
    onto: dict[str, set[str]] = {}

    @cache
    def landing(target: str) -> tuple[list[str], bool]:
        """The states in which one stays, and whether as a detour."""
        stays = () if target.startswith(LEAVE) else resolved(pathway, target)
        by_detour = not detours.isdisjoint(reached(pathway, target))
        return [s.name for s in stays if not s.ends], by_detour

    for state in pathway.states:
        onto[state.name] = set[str]()
        targets = {*(c.enters for c in state.clocks), *(r.enters for r in state.requests)}
        for names, by_detour in map(landing, standing | targets):
            onto[state.name].update(names)
            for name in names if by_detour else ():
                under[name].add(state.name)
    todo = [name for name, found in under.items() if found]
    while todo:
        found = under[name := todo.pop()]
        for entered in onto[name]:
            if not found <= under[entered]:
                under[entered] |= found
                todo.append(entered)
    states = {state.name: state for state in pathway.states}
    return {name: [states[n] for n in sorted(found)] for name, found in under.items()}


def unbrought(pathway: Pathway) -> Iterator[str]:
    """States that list more of a place than a way into them from the same level brings."""
    under = pathway.beneath
    detours = {d.name for d in pathway.detours}
    for state in pathway.states:
        ways_out: list[tuple[str, str, dict[str, int]]]
        ways_out = [(c.name, c.enters, {}) for c in state.clocks]
        ways_out += [(r.resource, r.enters, {r.resource: r.amount}) for r in state.requests]
        for cause, target, granted in ways_out:
            if not detours.isdisjoint(reached(pathway, target)):
                continue
            for entered in resolved(pathway, target):
                for name, amount in entered.holds.items():
                    brought = state.holds.get(name, 0) + granted.get(name, 0)
                    if amount > brought and not any(name in u.holds for u in under[state.name]):
                        yield (f"'{entered.name}' lists {amount} of '{name}', but '{cause}' of "
                               f"'{state.name}' brings {brought}; request it first")  # fmt: skip


def waits_for(pathways: list[Pathway]) -> list[tuple[str, str | None]]:
    """Cycles of "held -> waited for", each with a waiting state on it that has no clock, if any."""
    edges: dict[str, set[str]] = {}
    waiting: dict[tuple[str, str], list[Any]] = {}
    for pathway in pathways:
        under = pathway.beneath
        for state in pathway.states:
            held = {n for s in (state, *under[state.name]) for n in s.holds}
            for request in state.requests:
                for name in held:
                    edges.setdefault(name, set()).add(request.resource)
                    clocks = state.clocks or [c for u in under[state.name] for c in u.clocks]
                    clocks = clocks or pathway.standing_from_arrival
                    waiting.setdefault((name, request.resource), []).append((state.name, clocks))
    found = []
    for cycle in cycles(edges):
        states = [s for pair in pairwise(cycle) for s in waiting[pair]]
        stuck = next((name for name, clocks in states if not clocks), None)
        shown = " -> ".join(cycle) + " (" + ", ".join(sorted({n for n, _ in states})) + ")"
        found.append((shown, stuck))
    return found
