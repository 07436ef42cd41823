"""Whether pathways and resources fit: what is asked for is there, what is granted is held.

Called by `checks`. Yields sentences, each with its place and remedy; refuses nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from pathsim.errors import did_you_mean
from pathsim.pathway import graph
from pathsim.pathway.conditions import ExpectedWait, Free, Queue
from pathsim.pathway.pathway import Pathway

if TYPE_CHECKING:
    from pathsim.pathway.service import Resource, Service
from pathsim.pathway.check_reading import Problems, every_clock, reading


def pathways(service: Service) -> list[Pathway]:
    return list({s.pathway.name: s.pathway for s in service.streams}.values())


def doubled(found: Sequence[str], among: str) -> Problems:
    for name in sorted({n for n in found if found.count(n) > 1}):
        yield f"'{name}' stands twice among {among}; names must differ"


def resources(found: Sequence[Resource]) -> Problems:
    yield from doubled([r.name for r in found], "the resources")
    for r in found:
        if (r.places is None) == (r.allotments is None):
            yield f"resource '{r.name}' needs places or allotments, and not both"
            continue
        if any(amount < 0 for _, amount in r.steps(10_000.0)):
            yield f"resource '{r.name}' has a negative amount; capacities are 0 or more"
        if isinstance(r.discipline, str) and r.discipline not in ("first_come", "random"):
            known = "use first_come, random or a Score"
            yield f"resource '{r.name}' is served by '{r.discipline}'; {known}"
        if r.until is not None and r.returned:
            yield f"resource '{r.name}' has places, which are returned; 'until' is for allotments"


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
        for s in stream.sets:
            yield from reading(f"stream '{stream.name}'", s, kinds, known_only=False)
        if stream.enters is not None and stream.enters not in graph.names(stream.pathway):
            yield f"stream '{stream.name}' enters '{stream.enters}', which its pathway must have"


def asked(pathway: Pathway, service: Service) -> Problems:
    """What states and rules ask of resources is there."""
    known = {r.name: r for r in service.resources}
    taken = {c.name for c in every_clock(pathway)} | {c.name for c in pathway.choices}
    taken |= {v.name for v in pathway.variables}
    yield from (
        f"'{n}' names a resource and something else; rename one" for n in known if n in taken
    )
    for where, name in graph.asks(pathway):
        if name not in known:
            near = did_you_mean(name, known)
            hint = f"did you mean '{near}'?" if near else "add it to the service"
            yield f"{where} asks for '{name}', which is no resource; {hint}"
    for choice in pathway.choices:
        for rule in choice.rules:
            for x in graph.measures(rule.when):
                if isinstance(x, Queue | Free | ExpectedWait) and x.resource in known:
                    r = known[x.resource]
                    if isinstance(x, ExpectedWait) and r.returned and r.typical_stay is None:
                        yield (
                            f"rule '{rule.name}' expects a wait for '{r.name}', whose typical_stay "
                            "is not given; add it"
                        )
    inherited = {c.name for c in every_clock(pathway)} | set(known)
    for detour in pathway.detours:
        for name in (*detour.ends, *detour.moves, *detour.pauses):
            if name not in inherited:
                yield f"detour '{detour.name}' speaks of '{name}'; name a clock or a resource"
    kinds, states = {v.name: v for v in pathway.variables}, {s.name for s in pathway.states}
    for r in service.resources:
        used = any(r.name == n for _, n in graph.asks(pathway))
        if used and r.until is not None and r.until not in states:
            yield f"'{r.name}' is kept until '{r.until}', which must be a state"
        if used and not isinstance(r.discipline, str):
            for term in r.discipline.terms:
                yield from reading(f"the score of '{r.name}'", term, kinds, known_only=True)


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
