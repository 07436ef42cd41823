"""A service made over: in another order, with something added, with a state in two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from pathsim.laws import Constant, Exponential
from pathsim.pathway.pathway import LEAVE, Choice, Clock, Detour, Pathway, State
from pathsim.pathway.service import Service, Stream

FIRST = " at first"
SPLIT = "zz split"


def over_pathways(service: Service, change: Callable[[Pathway], Pathway]) -> Service:
    """The service with each of its pathways changed."""
    changed = {p.name: change(p) for p in [stream.pathway for stream in service.streams]}
    streams = [replace(stream, pathway=changed[stream.pathway.name]) for stream in service.streams]
    return Service(streams, service.resources)


def shuffled(service: Service, chance: Random) -> Service:
    """The same service, written down in another order wherever order means nothing."""

    def mixed(things: Any) -> list[Any]:
        return chance.sample(list(things), len(things))

    def state(s: State) -> State:
        return replace(
            s,
            clocks=mixed(s.clocks),
            requests=mixed(s.requests),
            holds=dict(mixed(s.holds.items())),
        )

    def pathway(p: Pathway) -> Pathway:
        return replace(
            p, states=[state(s) for s in mixed(p.states)], choices=mixed(p.choices),
            detours=mixed(p.detours), standing=mixed(p.standing),
        )  # fmt: skip

    made = over_pathways(service, pathway)
    return Service(mixed(made.streams), mixed(made.resources))


def with_idle_clock(service: Service) -> Service:
    """Every state lists one more clock, which never rings."""
    idle = Clock("aa idle", Exponential(0.0), "done")

    def pathway(p: Pathway) -> Pathway:
        return replace(
            p, states=[s if s.ends else replace(s, clocks=[idle, *s.clocks]) for s in p.states]
        )

    return over_pathways(service, pathway)


def with_more_patients(service: Service) -> Service:
    """Every stream has one patient more than before."""
    streams = [replace(s, patients=(s.patients or 0) + 1) for s in service.streams]
    return Service(streams, service.resources)


def with_stream(service: Service, stream: Stream) -> Service:
    return Service([stream, *service.streams], service.resources)


def split(service: Service, name: str) -> Service:
    """State `name` in two by a zero-time ring: all that leads there enters the first half.

    Both halves list the same; only the first has what happens once, on entry.
    """

    def target(enters: str) -> str:
        prefix = LEAVE if enters.startswith(LEAVE) else ""
        return enters + FIRST if enters == prefix + name else enters

    def aim(thing: Any) -> Any:
        return replace(thing, enters=target(thing.enters))

    def state(s: State) -> list[State]:
        s = replace(s, clocks=[aim(c) for c in s.clocks], requests=[aim(r) for r in s.requests])
        if s.name != name:
            return [s]
        ring = Clock(SPLIT, Constant(0.0), name)
        first = replace(s, name=name + FIRST, clocks=[*s.clocks, ring])
        return [first, replace(s, sets=(), starts=(), stops=())]

    def choice(c: Choice) -> Choice:
        return replace(c, options=[aim(o) for o in c.options], rules=[aim(r) for r in c.rules])

    def detour(d: Detour) -> Detour:
        return replace(d, enters=target(d.enters), moves=[*d.moves, SPLIT])

    def pathway(p: Pathway) -> Pathway:
        if all(s.name != name for s in p.states):
            return p
        halves = [half for s in p.states for half in state(s)]
        return replace(
            p, start=target(p.start), states=halves, choices=[choice(c) for c in p.choices],
            detours=[detour(d) for d in p.detours], standing=[aim(c) for c in p.standing],
        )  # fmt: skip

    made = over_pathways(service, pathway)
    entered = [replace(s, enters=s.enters and target(s.enters)) for s in made.streams]
    return Service(entered, service.resources)
