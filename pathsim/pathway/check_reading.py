"""Whether what reads variables can read them: tables, slopes, draws, sets and conditions.

Called by `checks`. Yields sentences, each with its place and remedy; refuses nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pathsim.errors import did_you_mean
from pathsim.pathway.chance import Ago, Levels, Normal, Ordered
from pathsim.pathway.conditions import AllOf, AnyOf, AtLeast, Below, Is, Never, Not, Since
from pathsim.pathway.pathway import START, Clock, Pathway
from pathsim.pathway.reading import CALENDAR, By, Per
from pathsim.pathway.setting import NOW, PLUS_ONE, Set, Test

if TYPE_CHECKING:
    pass


Problems = Iterator[str]


def weights(where: str, probabilities: dict[str, float]) -> Problems:
    if not probabilities:
        return
    for name, p in probabilities.items():
        if not 0.0 <= p <= 1.0:
            yield f"'{where}' gives '{name}' probability {p}; it must be from 0 to 1"
    if abs(sum(probabilities.values()) - 1.0) > 1e-9:
        whole = sum(probabilities.values())
        yield f"the probabilities of '{where}' add up to {whole:g}; make them 1"


def every_clock(pathway: Pathway) -> list[Clock]:
    return [*(c for s in pathway.states for c in s.clocks), *pathway.standing]


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
            yield f"clock '{clock.name}' counts since '{clock.since}'; name a moment, or start"


def initials(variable: Any) -> Problems:
    """A variable starts with something of its kind."""
    initial, name = variable.initial, variable.name
    if variable.kind == "level" and not isinstance(initial, By):
        drawn = isinstance(initial, Levels | Ordered)
        levels = set(initial.probabilities) if drawn else {initial}
        for level in sorted(map(str, levels - set(variable.levels))):
            yield f"variable '{name}' starts with '{level}'; give it one of its levels"
        if drawn:
            yield from weights(name, dict(initial.probabilities))
    elif isinstance(initial, By | Per):
        return
    elif isinstance(initial, str | Levels | Ordered) or (
        variable.kind == "number" and isinstance(initial, Ago)
    ):
        yield f"variable '{name}' is a {variable.kind} but starts with {initial!r}; they must agree"


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
            where = f"rule '{rule.name}' of choice '{choice.name}'"
            yield from ((where, c, True) for c in rule.when)
            yield from ((where, s, False) for s in rule.sets)
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
                yield f"{where} reads '{variable}' as a number; it has levels: use Is"
        case Is(variable, levels):
            yield from names_variable(where, variable, kinds, known_only=known_only)
            yield from has_levels(where, variable, levels, kinds)
        case AtLeast(Since(moment)) | Below(Since(moment)) | Never(moment):
            yield from names_variable(where, moment, kinds, known_only=known_only)
            if moment in kinds and kinds[moment].kind != "moment":
                yield f"{where} asks for the time since '{moment}'; name a moment"
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
        yield f"{where} reads '{variable}', hidden; rules and scores may read what is known"


def has_levels(where: str, variable: str, levels: Iterable[str], kinds: dict[str, Any]) -> Problems:
    found = kinds.get(variable)
    if found is None:
        return
    if found.kind != "level":
        yield f"{where} asks for a level of '{variable}'; only variables with levels have any"
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
            yield f"{where} has a table of '{table.variable}' that needs {', '.join(missing)}"
        return
    uppers = [upper for upper, _ in table.bands]
    if uppers != sorted(uppers) or not uppers:
        yield f"{where} has a table of '{table.variable}' whose bands must rise"
    elif uppers[-1] != float("inf") and table.otherwise is None:
        yield f"{where} has a table of '{table.variable}' to {uppers[-1]:g}; end it at inf"
    if variable is not None and variable.kind == "moment" and table.never is None:
        yield f"{where} has a table of the moment '{table.variable}' that needs 'never'"


def setting(where: str, variable: str, to: Any, kinds: dict[str, Any]) -> Problems:
    """What a variable is set to is of its kind."""
    if variable not in kinds:
        yield from names_variable(where, variable, kinds, known_only=False)
        return
    kind = kinds[variable].kind
    if (to == NOW) != (kind == "moment") and not isinstance(to, Test):
        yield f"{where} sets '{variable}', a {kind}; NOW is for moments and they take nothing else"
    if to == PLUS_ONE and kind != "number":
        yield f"{where} adds one to '{variable}', a {kind}; only numbers can be added to"
    match to:
        case str():
            yield from has_levels(where, variable, [to], kinds)
        case float() | int() if kind != "number":
            yield f"{where} sets '{variable}', a {kind}, to the number {to}; they must agree"
        case Levels(probabilities) | Ordered(probabilities):
            yield from has_levels(where, variable, probabilities, kinds)
            yield from weights(where, dict(probabilities))
        case Test(of):
            yield from names_variable(where, of, kinds, known_only=False)
            if of in kinds and kinds[of].kind != kind:
                yield f"{where} copies '{of}' to '{variable}'; they must be of one kind"
        case By():
            for entry in to.entries:
                yield from setting(where, variable, entry, kinds)
            yield from names_variable(where, to.variable, kinds, known_only=False)
            return  # a table need not cover its variable: what it leaves out sets nothing
    yield from reading(where, to, kinds, known_only=False)
