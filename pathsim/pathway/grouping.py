"""Which therapy each state, choice and detour of a pathway belongs to.

Called by `describe` and `boxes`, so that words and drawings are cut in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathsim.pathway.pathway import LEAVE, Pathway

BETWEEN = "between therapies"
"""The group of all that no therapy has to itself."""


def owners(pathway: Pathway) -> dict[str, str]:
    """The group of each state, choice and detour, by name, in the pathway's order.

    A state belongs to the therapy that marks it. What none marks belongs to the one therapy whose
    patients come to it, or lies between therapies.
    """
    marked = {s.name: s.marks.therapy for s in pathway.states if s.marks.therapy}
    after = {name: list(_after(pathway, name)) for name in _names(pathway)}
    comers: dict[str, set[str]] = {name: set() for name in after}
    for name, therapy in marked.items():
        _come(therapy, name, after, marked, comers)
    _come(BETWEEN, "", {"": [pathway.start], **after}, marked, comers)
    return {name: marked.get(name) or _only(comers[name]) for name in after}


def _only(found: set[str]) -> str:
    return next(iter(found)) if len(found) == 1 else BETWEEN


def _come(
    group: str,
    name: str,
    after: dict[str, list[str]],
    marked: dict[str, str],
    comers: dict[str, set[str]],
) -> None:
    """Mark all that is reached from a name, up to the next marked state, as come to by a group."""
    todo = [name]
    while todo:
        for reached in after[todo.pop()]:
            if reached not in marked and group not in comers[reached]:
                comers[reached].add(group)
                todo.append(reached)


def _names(pathway: Pathway) -> Iterator[str]:
    for part in (pathway.states, pathway.choices, pathway.detours):
        yield from (each.name for each in part)


def _after(pathway: Pathway, name: str) -> Iterator[str]:
    """What a state, choice or detour leads to next, by the standing clocks it starts too."""
    known = set(_names(pathway))
    for target in _targets(pathway, name):
        if target.removeprefix(LEAVE) in known:
            yield target.removeprefix(LEAVE)


def _targets(pathway: Pathway, name: str) -> Iterator[str]:
    for state in pathway.states:
        if state.name == name:
            yield from (clock.enters for clock in state.clocks)
            yield from (request.enters for request in state.requests)
            yield from (c.enters for c in pathway.standing if c.name in state.starts)
    yield from (way.enters for c in pathway.choices if c.name == name for way in c.ways)
    yield from (detour.enters for detour in pathway.detours if detour.name == name)


def groups(pathway: Pathway) -> list[str]:
    """The therapies in order of mention, and last what lies between them, if anything does."""
    found = list(dict.fromkeys(owners(pathway).values()))
    return [g for g in found if g != BETWEEN] + [BETWEEN] * (BETWEEN in found)
