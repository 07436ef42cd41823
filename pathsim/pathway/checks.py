"""What is refused when a Pathway or a Service is made (docs/law.md, section 11).

Called by the nouns themselves. Every problem is found before one PathwayError tells them all.
`warnings_of` and `deathless` are for those who describe a model: nothing is refused there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pathsim import draws
from pathsim.errors import PathwayError, did_you_mean
from pathsim.laws import Constant
from pathsim.pathway import graph
from pathsim.pathway.pathway import AGAIN, HERE, LEAVE, RETURN, START, Clock, Pathway, State
from pathsim.pathway.reading import (
    CALENDAR,
    NOW,
    PLUS_ONE,
    Ago,
    AllOf,
    AnyOf,
    AtLeast,
    Below,
    By,
    ExpectedWait,
    Free,
    Is,
    Levels,
    Never,
    Normal,
    Not,
    Ordered,
    Per,
    Queue,
    Set,
    Since,
    Test,
)

if TYPE_CHECKING:
    from pathsim.pathway.service import Resource, Service

RESERVED = {HERE, RETURN, AGAIN, START, CALENDAR, "arrival", "horizon"}
Problems = Iterator[str]


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


def pathways(service: Service) -> list[Pathway]:
    return list({s.pathway.name: s.pathway for s in service.streams}.values())


# --- names and targets -------------------------------------------------------------------------


def names(pathway: Pathway) -> Problems:
    """Doubled, reserved and colliding names."""
    clocks = {c.name for s in pathway.states for c in s.clocks}
    yield from doubled([s.name for s in pathway.states] + [c.name for c in pathway.choices]
                       + [d.name for d in pathway.detours], "states, choices and detours")  # fmt: skip
    drawing = [*sorted(clocks), *(c.name for c in pathway.standing)]
    drawing += [c.name for c in pathway.choices] + [v.name for v in pathway.variables]
    yield from doubled(drawing, "clocks, standing clocks, choices and variables")
    every = [*drawing, *(s.name for s in pathway.states), *(d.name for d in pathway.detours)]
    for name in every:
        if not name or name in RESERVED or name.startswith((LEAVE, "queue:")):
            yield f"the name '{name}' is reserved or empty; choose another"
    for state in pathway.states:
        yield from doubled([c.name for c in state.clocks], f"the clocks of '{state.name}'")
        yield from doubled([r.resource for r in state.requests], f"the requests of '{state.name}'")
    for choice in pathway.choices:
        yield from doubled([w.name for w in choice.ways], f"the ways of choice '{choice.name}'")
    try:
        draws.keys_of(dict.fromkeys(drawing))
    except ValueError as error:
        yield str(error)


def doubled(found: Sequence[str], among: str) -> Problems:
    for name in sorted({n for n in found if found.count(n) > 1}):
        yield f"'{name}' stands twice among {among}; names must differ"


def targets(pathway: Pathway) -> Problems:
    """Every way leads to something that there is, and that it may lead to."""
    known = graph.names(pathway)
    for where, target, allowed in graph.ways(pathway):
        plain = target.removeprefix(LEAVE)
        if target in (HERE, RETURN, AGAIN):
            if target not in allowed:
                yield f"{where} leads to '{target}', which it may not; name a state"
        elif plain not in known:
            near = did_you_mean(plain, known)
            hint = f"did you mean '{near}'?" if near else "define it, or name another"
            yield f"{where} leads to '{plain}', which is not defined; {hint}"
    standing = {c.name for c in pathway.standing}
    for state in pathway.states:
        for name in (*state.starts, *state.stops):
            if name not in standing:
                yield f"state '{state.name}' names no standing clock with '{name}'; define it"
    detours = {d.name for d in pathway.detours}
    for detour in pathway.detours:
        if detour.enters in detours or graph.is_terminal(pathway, detour.enters):
            yield f"detour '{detour.name}' must enter a state that does not end, or a choice of such"


# --- shapes ------------------------------------------------------------------------------------


def shapes(pathway: Pathway) -> Problems:
    """Terminal states that list something, choices of the wrong form, delays with a ratio."""
    for state in pathway.states:
        if state.ends and (state.clocks or state.requests or state.holds or state.starts):
            yield f"state '{state.name}' ends a life, so it may list no clock, request or holding"
        for name, amount in [
            *state.holds.items(),
            *((r.resource, r.amount) for r in state.requests),
        ]:
            if not isinstance(amount, int) or amount < 1:
                yield f"state '{state.name}' has {amount} of '{name}'; amounts are whole and positive"
    for choice in pathway.choices:
        if bool(choice.options) == bool(choice.rules):
            yield f"choice '{choice.name}' needs options or rules, and not both"
        if choice.rules and choice.rules[-1].when:
            yield f"choice '{choice.name}' has no last rule without conditions; add an otherwise"
        for rule in choice.rules[:-1]:
            if not rule.when:
                yield f"rule '{rule.name}' of '{choice.name}' always holds: those after it never can"
        yield from weights(choice.name, {o.name: o.probability for o in choice.options})
    for clock in every_clock(pathway):
        if not clock.laws:
            yield f"clock '{clock.name}' has no law"
        if clock.ratio and any(law.is_delay for law in clock.laws):
            yield f"clock '{clock.name}' is a delay, which takes no ratio; take the ratio away"


def weights(where: str, probabilities: dict[str, float]) -> Problems:
    if not probabilities:
        return
    for name, p in probabilities.items():
        if not 0.0 <= p <= 1.0:
            yield f"'{where}' gives '{name}' probability {p}; it must be from 0 to 1"
    if abs(sum(probabilities.values()) - 1.0) > 1e-9:
        yield f"the probabilities of '{where}' add up to {sum(probabilities.values()):g}; make them 1"


def every_clock(pathway: Pathway) -> list[Clock]:
    return [*(c for s in pathway.states for c in s.clocks), *pathway.standing]


# --- what reads variables ----------------------------------------------------------------------


def reads(pathway: Pathway) -> Problems:
    """Tables, slopes, sets and conditions name variables, levels and kinds that there are."""
    kinds = {v.name: v for v in pathway.variables}
    for variable in pathway.variables:
        yield from initials(variable)
    for where, thing, known_only in readers(pathway):
        yield from reading(where, thing, kinds, known_only=known_only)
    moments = {v.name for v in pathway.variables if v.kind == "moment"} | {START, CALENDAR}
    for clock in every_clock(pathway):
        if clock.since not in moments:
            yield f"clock '{clock.name}' counts since '{clock.since}', which is no moment"


def initials(variable: Any) -> Problems:
    """A variable starts with something of its kind."""
    initial, name = variable.initial, variable.name
    if variable.kind == "level" and not isinstance(initial, By):
        drawn = isinstance(initial, Levels | Ordered)
        levels = set(initial.probabilities) if drawn else {initial}
        for level in sorted(map(str, levels - set(variable.levels))):
            yield f"variable '{name}' starts with '{level}', not one of its levels"
        if drawn:
            yield from weights(name, dict(initial.probabilities))
    elif isinstance(initial, By | Per):
        return
    elif isinstance(initial, str | Levels | Ordered) or (
        variable.kind == "number" and isinstance(initial, Ago)
    ):
        yield f"variable '{name}' is a {variable.kind} but starts with {initial!r}"


def readers(pathway: Pathway) -> Iterator[tuple[str, Any, bool]]:
    """(where, what reads, whether it may read known variables only)."""
    for clock in every_clock(pathway):
        for thing in (clock.law, *clock.ratio, *clock.sets):
            yield f"clock '{clock.name}'", thing, False
    for state in pathway.states:
        yield from ((f"state '{state.name}'", s, False) for s in state.sets)
    for choice in pathway.choices:
        for option in choice.options:
            yield from ((f"choice '{choice.name}'", o, False) for o in (*option.odds, *option.sets))
        for rule in choice.rules:
            yield from ((f"rule '{rule.name}'", c, True) for c in rule.when)
            yield from ((f"rule '{rule.name}'", s, False) for s in rule.sets)
    for variable in pathway.variables:
        initial = variable.initial
        if isinstance(initial, Ago):
            initial = initial.days
        if not isinstance(initial, By):  # a table without an entry leaves the moment not yet
            yield f"variable '{variable.name}'", initial, False


def reading(where: str, thing: Any, kinds: dict[str, Any], *, known_only: bool) -> Problems:
    """Problems of one thing that reads, and of the things inside it."""
    match thing:
        case By(variable):
            yield from names_variable(where, variable, kinds, known_only=known_only)
            yield from covers(where, thing, kinds)
        case Per(variable) | AtLeast(str(variable)) | Below(str(variable)):
            yield from names_variable(where, variable, kinds, known_only=known_only)
            if variable in kinds and kinds[variable].kind == "level":
                yield f"{where} reads '{variable}' as a number, but it has levels"
        case Is(variable, levels):
            yield from names_variable(where, variable, kinds, known_only=known_only)
            yield from has_levels(where, variable, levels, kinds)
        case AtLeast(Since(moment)) | Below(Since(moment)) | Never(moment):
            yield from names_variable(where, moment, kinds, known_only=known_only)
            if moment in kinds and kinds[moment].kind != "moment":
                yield f"{where} asks for the time since '{moment}', which is no moment"
        case Not(condition):
            yield from reading(where, condition, kinds, known_only=known_only)
        case AnyOf(conditions) | AllOf(conditions):
            for condition in conditions:
                yield from reading(where, condition, kinds, known_only=known_only)
        case Levels(odds=odds):
            for factor in (f for factors in odds.values() for f in factors):
                yield from reading(where, factor, kinds, known_only=False)
        case Ordered(odds=odds):
            for factor in odds:
                yield from reading(where, factor, kinds, known_only=False)
        case Normal(shifts=shifts):
            for factor in shifts:
                yield from reading(where, factor, kinds, known_only=False)
        case Set(variable, to):
            yield from setting(where, variable, to, kinds)


def names_variable(
    where: str, variable: str, kinds: dict[str, Any], *, known_only: bool
) -> Problems:
    if variable == CALENDAR:
        return
    if variable not in kinds:
        near = did_you_mean(variable, kinds)
        hint = f"did you mean '{near}'?" if near else "define it"
        yield f"{where} reads '{variable}', which is no variable; {hint}"
    elif known_only and not kinds[variable].known:
        yield f"{where} reads '{variable}', which is hidden; rules and scores read what is known"


def has_levels(where: str, variable: str, levels: Iterable[str], kinds: dict[str, Any]) -> Problems:
    found = kinds.get(variable)
    if found is None:
        return
    if found.kind != "level":
        yield f"{where} asks for a level of '{variable}', which has none"
        return
    for level in levels:
        if level not in found.levels:
            near = did_you_mean(str(level), found.levels)
            hint = f"did you mean '{near}'?" if near else f"it has: {', '.join(found.levels)}"
            yield f"{where} names level '{level}' of '{variable}'; {hint}"


def covers(where: str, table: By, kinds: dict[str, Any]) -> Problems:
    """A table has an entry for whatever its variable may be."""
    variable = kinds.get(table.variable)
    if variable is not None and variable.kind == "level":
        yield from has_levels(where, table.variable, table.levels, kinds)
        missing = [n for n in variable.levels if n not in table.levels]
        if missing and table.otherwise is None:
            yield f"{where} has a table of '{table.variable}' without {', '.join(missing)}"
        return
    uppers = [upper for upper, _ in table.bands]
    if uppers != sorted(uppers) or not uppers:
        yield f"{where} has a table of '{table.variable}' whose bands do not rise"
    elif uppers[-1] != float("inf") and table.otherwise is None:
        yield f"{where} has a table of '{table.variable}' that ends at {uppers[-1]:g}; end it at inf"
    if variable is not None and variable.kind == "moment" and table.never is None:
        yield f"{where} has a table of the moment '{table.variable}' without 'never'"


def setting(where: str, variable: str, to: Any, kinds: dict[str, Any]) -> Problems:
    """What a variable is set to is of its kind."""
    if variable not in kinds:
        yield from names_variable(where, variable, kinds, known_only=False)
        return
    kind = kinds[variable].kind
    if (to == NOW) != (kind == "moment") and not isinstance(to, Test):
        yield f"{where} sets '{variable}', a {kind}; NOW is for moments and they take nothing else"
    if to == PLUS_ONE and kind != "number":
        yield f"{where} adds one to '{variable}', which is a {kind}"
    match to:
        case str():
            yield from has_levels(where, variable, [to], kinds)
        case float() | int() if kind != "number":
            yield f"{where} sets '{variable}', a {kind}, to the number {to}"
        case Levels(probabilities) | Ordered(probabilities):
            yield from has_levels(where, variable, probabilities, kinds)
            yield from weights(where, dict(probabilities))
        case Test(of):
            yield from names_variable(where, of, kinds, known_only=False)
            if of in kinds and kinds[of].kind != kind:
                yield f"{where} copies '{of}' to '{variable}', which is of another kind"
        case By():
            for entry in to.entries:
                yield from setting(where, variable, entry, kinds)
    yield from reading(where, to, kinds, known_only=False)


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
        edges[state.name] = {state.name if t == HERE else t for t in targets_of}
    for cycle in graph.cycles(edges):
        yield f"choices and zero delays go round without end: {' -> '.join(cycle)}"


def is_zero(law: Any) -> bool:
    return isinstance(law, Constant) and law.delay == 0.0


# --- resources ---------------------------------------------------------------------------------


def resources(found: Sequence[Resource]) -> Problems:
    yield from doubled([r.name for r in found], "the resources")
    for r in found:
        if (r.places is None) == (r.allotments is None):
            yield f"resource '{r.name}' needs places or allotments, and not both"
            continue
        if any(amount < 0 for _, amount in r.steps(10_000.0)):
            yield f"resource '{r.name}' has a negative amount; capacities are 0 or more"
        if isinstance(r.discipline, str) and r.discipline not in ("first_come", "random"):
            yield f"resource '{r.name}' is served by '{r.discipline}'; use first_come, random or a Score"
        if r.until is not None and r.returned:
            yield f"resource '{r.name}' has places, which are returned; 'until' is for allotments"


def streams(service: Service) -> Problems:
    """Names and numbers of streams do not overlap, and each starts somewhere."""
    yield from doubled([s.name for s in service.streams], "the streams")
    if not service.streams:
        yield "a service needs at least one stream of patients"
    by_first = sorted(service.streams, key=lambda s: s.first)
    for a, b in zip(by_first, by_first[1:], strict=False):
        if a.first == b.first or (a.most is not None and a.first + a.most > b.first):
            yield f"streams '{a.name}' and '{b.name}' share patient numbers; give '{b.name}' a later first"
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
            yield f"stream '{stream.name}' enters '{stream.enters}', which is not in its pathway"


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
                        yield (f"rule '{rule.name}' expects a wait for '{r.name}', whose typical_stay "
                               "is not given; add it")  # fmt: skip
    inherited = {c.name for c in every_clock(pathway)} | set(known)
    for detour in pathway.detours:
        for name in (*detour.ends, *detour.moves, *detour.pauses):
            if name not in inherited:
                yield f"detour '{detour.name}' speaks of '{name}', which is no clock and no resource"
    kinds = {v.name: v for v in pathway.variables}
    for r in service.resources:
        if not isinstance(r.discipline, str) and any(r.name == n for _, n in graph.asks(pathway)):
            for term in r.discipline.terms:
                yield from reading(f"the score of '{r.name}'", term, kinds, known_only=True)


def holdings(pathway: Pathway, service: Service) -> Problems:
    """Places are held after their grant, and no way into a state brings less than it lists."""
    known = {r.name: r for r in service.resources}
    for state in pathway.states:
        for name in state.holds:
            r = known[name]
            if not r.returned and r.until is None:
                yield (f"state '{state.name}' holds the allotment '{name}', which is used up at its "
                       "grant; give the resource an 'until', or do not hold it")  # fmt: skip
        for request in state.requests:
            for entered in graph.resolved(pathway, request.enters):
                if known[request.resource].returned and request.resource not in entered.holds:
                    yield (f"state '{entered.name}' is granted '{request.resource}' but does not hold "
                           "it; add it to its holds")  # fmt: skip
    yield from graph.unbrought(pathway)


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
