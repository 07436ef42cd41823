"""What is refused when a Pathway or a Service is made (docs/law.md, section 11).

Called by the nouns themselves. Every problem is found before one PathwayError tells them all.
`warnings_of` and `deathless` are for those who describe a model: nothing is refused there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pathsim import draws
from pathsim.errors import PathwayError, did_you_mean
from pathsim.laws import Constant, Law
from pathsim.pathway import graph
from pathsim.pathway.check_names import doubled, reserved
from pathsim.pathway.check_reading import Problems, every_clock, reads, weights
from pathsim.pathway.check_service import asked, holdings, pathways, resources, streams
from pathsim.pathway.pathway import AGAIN, HERE, LEAVE, RETURN, Choice, Pathway, State

if TYPE_CHECKING:
    from pathsim.pathway.service import Service


def refuse(problems: Iterable[str], where: str) -> None:
    """One PathwayError with all the problems, or nothing."""
    found = list(dict.fromkeys(problems))
    if found:
        raise PathwayError("\n  ".join(found), where)


def check_pathway(pathway: Pathway) -> None:
    """Raise PathwayError with everything that is wrong inside one pathway."""
    where = f"pathway '{pathway.name}'"
    refuse([*names(pathway), *targets(pathway), *shapes(pathway)], where)
    refuse([*reads(pathway), *loops(pathway)], where)


def check_service(service: Service) -> None:
    """Raise PathwayError with everything that is wrong between pathways and resources."""
    refuse([*resources(service.resources), *streams(service)], "service")
    for pathway in pathways(service):
        where = f"pathway '{pathway.name}'"
        refuse([*asked(pathway, service), *holdings(pathway, service)], where)
    refuse(deadlocks(service), "service")


def names(pathway: Pathway) -> Problems:
    """Doubled, reserved and colliding names."""
    clocks = {c.name for s in pathway.states for c in s.clocks}
    yield from doubled(
        [s.name for s in pathway.states]
        + [c.name for c in pathway.choices]
        + [d.name for d in pathway.detours],
        "states, choices and detours",
    )
    drawing = [*sorted(clocks), *(c.name for c in pathway.standing)]
    drawing += [c.name for c in pathway.choices] + [v.name for v in pathway.variables]
    yield from doubled(drawing, "clocks, standing clocks, choices and variables")
    every = [*drawing, *(s.name for s in pathway.states), *(d.name for d in pathway.detours)]
    yield from reserved(every)
    for state in pathway.states:
        yield from doubled([c.name for c in state.clocks], f"the clocks of '{state.name}'")
        yield from doubled([r.resource for r in state.requests], f"the requests of '{state.name}'")
    for choice in pathway.choices:
        yield from doubled([w.name for w in choice.ways], f"the ways of choice '{choice.name}'")
    try:
        draws.keys_of(dict.fromkeys(drawing))
    except ValueError as error:
        yield str(error)


def targets(pathway: Pathway) -> Problems:
    """Every way leads to something that there is, and that it may lead to."""
    for where, target, allowed in graph.ways(pathway):
        plain = target.removeprefix(LEAVE)
        if target in (HERE, RETURN, AGAIN):
            if target not in allowed:
                yield f"{where} leads to '{target}', which it may not; name a state"
        elif plain not in pathway.named:
            near = did_you_mean(plain, pathway.named)
            hint = f"did you mean '{near}'?" if near else "define it, or name another"
            yield f"{where} leads to '{plain}', which is not defined; {hint}"
    standing = {c.name for c in pathway.standing}
    for state in pathway.states:
        for name in (*state.starts, *state.stops):
            if name not in standing:
                yield f"state '{state.name}' names no standing clock with '{name}'; define it"
    yield from dead_ends(pathway)


def dead_ends(pathway: Pathway) -> Problems:
    """The start, detours and `leave:` lead to states, and to nothing that is relative."""
    detours = {d.name for d in pathway.detours}
    relative = {HERE, RETURN, AGAIN} | detours
    if pathway.start.removeprefix(LEAVE) in detours:
        yield f"the start is the detour '{pathway.start}'; name a state or a choice"
    for where, target, _ in graph.ways(pathway):
        leaving = target.startswith(LEAVE)
        if leaving and (beyond := relative & graph.reached(pathway, target)):
            yield f"{where} leaves all detours for '{min(beyond)}'; it must lead to a state"
    for detour in pathway.detours:
        beyond = relative & graph.reached(pathway, detour.enters)
        if beyond or graph.is_terminal(pathway, detour.enters) or graph.leaves(pathway, detour):
            yield f"detour '{detour.name}' must enter a state that ends no life"


def shapes(pathway: Pathway) -> Problems:
    """Terminal states that list something, choices of the wrong form, delays with a ratio."""
    for state in pathway.states:
        listed = (state.clocks, state.requests, state.holds, state.starts, state.stops)
        if state.ends and any(listed):
            yield f"state '{state.name}' ends a life, so it may list nothing but sets and marks"
        amounts = {**state.holds, **{r.resource: r.amount for r in state.requests}}
        for name, amount in amounts.items():
            if not isinstance(amount, int) or amount < 1:
                yield f"'{state.name}' has {amount} of '{name}'; amounts must be whole and positive"
        for request in state.requests:
            if not isinstance(request.rank, int):
                yield (
                    f"'{state.name}' asks for '{request.resource}' with rank {request.rank}; "
                    "ranks must be whole"
                )
    for choice in pathway.choices:
        yield from ways_of(choice)
    for clock in every_clock(pathway):
        if not clock.laws:
            yield f"clock '{clock.name}' has no law; give it one"
        if clock.ratio and any(isinstance(law, Law) and law.is_delay for law in clock.laws):
            yield f"clock '{clock.name}' is a delay, which takes no ratio; take the ratio away"


def ways_of(choice: Choice) -> Problems:
    """A choice has options that add up to 1, or rules of which the last always holds."""
    if bool(choice.options) == bool(choice.rules):
        yield f"choice '{choice.name}' needs options or rules, and not both"
    if choice.rules and choice.rules[-1].when:
        yield f"choice '{choice.name}' has no last rule without conditions; add an otherwise"
    for rule in choice.rules[:-1]:
        if not rule.when:
            yield f"rule '{rule.name}' of '{choice.name}' always holds; put it last"
    yield from weights(f"'{choice.name}'", {o.name: o.probability for o in choice.options})


def loops(pathway: Pathway) -> Problems:
    """A loop of choices and zero delays never lets time pass."""
    edges: dict[str, set[str]] = {}
    for choice in pathway.choices:
        edges[choice.name] = {w.enters.removeprefix(LEAVE) for w in choice.ways}
    for detour in pathway.detours:
        edges[detour.name] = {detour.enters}
    for state in pathway.states:
        at_once = [c for c in state.clocks if c.laws and all(is_zero(law) for law in c.laws)]
        targets_of = {c.enters.removeprefix(LEAVE) for c in at_once}
        if targets_of:  # few have any
            edges[state.name] = {state.name if t == HERE else t for t in targets_of}
    for cycle in graph.cycles(edges):
        yield f"a loop without time: {' -> '.join(cycle)}; let a clock in it take time"


def is_zero(law: Any) -> bool:
    return isinstance(law, Constant) and law.delay == 0.0


def deadlocks(service: Service) -> Problems:
    """Cycles of held and waited for where a waiting state has no clock to leave by."""
    for cycle, stuck in graph.waits_for(pathways(service)):
        if stuck:
            yield f"{cycle}: and '{stuck}' has no clock, so nobody may ever leave; give it one"


def warnings_of(service: Service) -> list[str]:
    """Cycles of held and waited for out of which a clock leads."""
    cycles = graph.waits_for(pathways(service))
    return [f"may wait for each other: {cycle}" for cycle, stuck in cycles if not stuck]


def deathless(pathway: Pathway) -> list[State]:
    """States in which nobody can die: no clock of theirs, or standing, leads to a dead end."""
    if any("dead" in s.marks.tags for c in pathway.standing_from_arrival
           for s in graph.resolved(pathway, c.enters)):  # fmt: skip
        return []
    return [
        s
        for s in pathway.states
        if not s.ends
        and not any(
            "dead" in t.marks.tags for c in s.clocks for t in graph.resolved(pathway, c.enters)
        )
    ]
