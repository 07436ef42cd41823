"""A pathway at a glance: for each therapy its phases, in their order, and what interrupts them.

Called by the report, for a diagram of two dozen boxes where the drawings of `boxes` have hundreds.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from pathsim.pathway.grouping import owners
from pathsim.pathway.pathway import LEAVE, Pathway, State

APART = ("between_lines", "dead", "supportive_care")
"""Phases that belong to no therapy's own way."""


@dataclass(frozen=True)
class Phase:
    """A phase of a therapy: its states in order, and the resources that they ask for and hold."""

    name: str
    states: tuple[State, ...]
    interrupts: bool = False

    @property
    def asks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(r.resource for s in self.states for r in s.requests))

    @property
    def holds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for s in self.states for name in s.holds))


def phases(pathway: Pathway, therapy: str) -> tuple[Phase, ...]:
    """The phases of one therapy, first those on the way, then those that interrupt it."""
    mine = {name for name, owner in owners(pathway).items() if owner == therapy}
    reached = _onward(pathway, mine)
    states = [s for s in pathway.states if s.name in mine and s.marks.phase not in APART]
    named = dict.fromkeys(s.marks.phase for s in states if s.marks.phase)
    found = [Phase(name, tuple(s for s in states if s.marks.phase == name),
                   not any(s.name in reached for s in states if s.marks.phase == name))
             for name in named]  # fmt: skip
    return tuple(sorted(found, key=lambda phase: phase.interrupts))


def interruptions(pathway: Pathway, therapy: str) -> tuple[str, ...]:
    """The detours of one therapy, by their names without its own."""
    return tuple(d.name.removeprefix(f"{therapy}: ") for d in pathway.detours
                 if d.name.startswith(f"{therapy}: "))  # fmt: skip


def _onward(pathway: Pathway, mine: set[str]) -> set[str]:
    """What of a therapy is come to from outside without a detour."""
    ways = _ways(pathway)
    detours = {d.name for d in pathway.detours}
    todo = deque(to for name, tos in ways.items() if name not in mine for to in tos if to in mine)
    seen = set(todo)
    while todo:
        onward = {to for to in ways.get(todo.popleft(), ()) if to in mine} - seen - detours
        seen |= onward
        todo.extend(onward)
    return seen


def _ways(pathway: Pathway) -> dict[str, list[str]]:
    """Each state or choice -> what its clocks, grants and options lead to."""
    found: dict[str, list[str]] = {}
    for state in pathway.states:
        found[state.name] = [
            *(r.enters for r in state.requests), *(c.enters for c in state.clocks)
        ]  # fmt: skip
    for choice in pathway.choices:
        found[choice.name] = [way.enters for way in choice.ways]
    return {name: [to.removeprefix(LEAVE) for to in tos] for name, tos in found.items()}
