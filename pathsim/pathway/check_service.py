"""Whether pathways and resources fit: what is asked for is there, what is granted is held.

Called by `checks`. Yields sentences, each with its place and remedy; refuses nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from pathsim.errors import did_you_mean
from pathsim.pathway import graph
from pathsim.pathway.check_names import doubled, reserved
from pathsim.pathway.check_reading import Place, Problems, every_clock
from pathsim.pathway.conditions import ExpectedWait
from pathsim.pathway.pathway import Choice, Pathway, State
from pathsim.pathway.service import FIRST_COME, RANDOM, Resource, Score

if TYPE_CHECKING:
    from pathsim.pathway.service import Service


def pathways(service: Service) -> list[Pathway]:
    return list({s.pathway.name: s.pathway for s in service.streams}.values())


def resources(found: Sequence[Resource]) -> Problems:
    """Each has a name of its own, one kind of amount, and an order that there is."""
    yield from doubled([r.name for r in found], "the resources")
    yield from reserved(r.name for r in found)
    for r in found:
        if (r.places is None) == (r.allotments is None):
            yield f"resource '{r.name}' needs places or allotments, and not both"
        elif r.until is not None and r.returned:
            yield f"resource '{r.name}' has places, which are returned; 'until' is for allotments"
        if isinstance(r.discipline, str) and r.discipline not in (FIRST_COME, RANDOM):
            known = f"use {FIRST_COME}, {RANDOM} or a Score"
            yield f"resource '{r.name}' is served by '{r.discipline}'; {known}"


def streams(service: Service) -> Problems:
    """Names and numbers of streams do not overlap, and each starts somewhere."""
    yield from doubled([s.name for s in service.streams], "the streams")
    if not service.streams:
        yield "a service needs at least one stream of patients"
    by_first = sorted(service.streams, key=lambda s: s.first)
    for a, b in pairwise(by_first):
        if a.first == b.first or (a.most is not None and a.first + a.most > b.first):
            both = f"streams '{a.name}' and '{b.name}'"
            yield f"{both} share patient numbers; give '{b.name}' a later first"
        if a.most is None and b.first - a.first < 1_000_000:
            yield f"stream '{a.name}' has no end, so '{b.name}' must start a million numbers later"
    named: dict[str, Pathway] = {}
    for stream in service.streams:
        if named.setdefault(stream.pathway.name, stream.pathway) is not stream.pathway:
            yield f"two pathways are called '{stream.pathway.name}'; give them names of their own"
        kinds = {v.name: v for v in stream.pathway.variables}
        yield from Place(f"stream '{stream.name}'", kinds).sets(stream.sets)
        if stream.enters is not None:
            found = stream.pathway.named.get(stream.enters)
            if not isinstance(found, State | Choice):
                must = "must be a state or a choice of its pathway"
                yield f"stream '{stream.name}' enters '{stream.enters}', which {must}"


def asked(pathway: Pathway, service: Service) -> Problems:
    """What states and rules ask of resources is there, and resources ask for what is there."""
    known = {r.name: r for r in service.resources}
    clocks = {c.name for c in every_clock(pathway)}
    taken = clocks | {c.name for c in pathway.choices} | {v.name for v in pathway.variables}
    for name in known:
        if name in taken:
            yield f"'{name}' names a resource and something else; rename one"
    asks = list(graph.asks(pathway))
    for where, name in asks:
        if name not in known:
            near = did_you_mean(name, known)
            hint = f"did you mean '{near}'?" if near else "add it to the service"
            yield f"{where} asks for '{name}', which is no resource; {hint}"
    for detour in pathway.detours:
        for name in (*detour.ends, *detour.moves, *detour.pauses):
            if name not in clocks and name not in known:
                yield f"detour '{detour.name}' speaks of '{name}'; name a clock or a resource"
    yield from waits(pathway, known)
    kinds = {v.name: v for v in pathway.variables}
    for name in sorted({name for _, name in asks} & set(known)):
        r = known[name]
        if r.until is not None and not isinstance(pathway.named.get(r.until), State):
            yield f"'{name}' is kept until '{r.until}', which must be a state"
        if isinstance(r.discipline, Score):
            place = Place(f"the score of '{name}'", kinds, known_only=True)
            yield from place.terms(r.discipline.terms)


def waits(pathway: Pathway, known: dict[str, Resource]) -> Problems:
    """A wait for places is expected only where their typical stay is given."""
    for choice in pathway.choices:
        for rule in choice.rules:
            for x in graph.measures(rule.when):
                r = known.get(x.resource) if isinstance(x, ExpectedWait) else None
                if r is not None and r.returned and r.typical_stay is None:
                    yield (
                        f"rule '{rule.name}' expects a wait for '{r.name}', whose typical_stay "
                        "is not given; add it"
                    )


def holdings(pathway: Pathway, service: Service) -> Problems:
    """Places are held after their grant, and no way into a state brings less than it lists."""
    known = {r.name: r for r in service.resources}
    for state in pathway.states:
        for name in state.holds:
            r = known.get(name)
            if r is not None and not r.returned and r.until is None:
                yield (
                    f"state '{state.name}' holds the allotment '{name}', which is used up at its "
                    "grant; give the resource an 'until', or do not hold it"
                )
        for request in state.requests:
            for entered in graph.resolved(pathway, request.enters):
                r = known.get(request.resource)
                if r is not None and r.returned and r.name not in entered.holds:
                    yield (
                        f"state '{entered.name}' is granted '{request.resource}' but does not hold "
                        "it; add it to its holds"
                    )
    yield from graph.unbrought(pathway)
