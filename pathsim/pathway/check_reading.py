"""Whether what reads variables can read them: tables, slopes, draws, sets and conditions.

Called by `checks` and `check_service`. Yields sentences, each with its place and remedy; refuses
nothing itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any
from weakref import WeakValueDictionary

from pathsim.errors import did_you_mean
from pathsim.laws import Law
from pathsim.pathway.chance import Ago, FromLaw, Levels, Normal, Ordered
from pathsim.pathway.conditions import AllOf, AnyOf, AtLeast, Below, Is, Never, Not, Since
from pathsim.pathway.pathway import START, Clock, Pathway, Variable
from pathsim.pathway.reading import CALENDAR, By, Per
from pathsim.pathway.setting import Now, PlusOne, Set, Test

Problems = Iterator[str]
Sound = WeakValueDictionary[int, Any]
"""Clocks, sets and factors that are sound, by their ids, as long as they live."""


def reads(pathway: Pathway) -> Problems:
    """Tables, slopes, sets and conditions name variables, levels and kinds that there are."""
    kinds = {v.name: v for v in pathway.variables}
    sound = known_sound(tuple((v.name, v.kind, v.levels, v.known) for v in pathway.variables))
    yield from initials(pathway.variables)
    for clock in every_clock(pathway):
        place = Place(f"clock '{clock.name}'", kinds, sound=sound)
        yield from place.once(clock, place.clock)
    for state in pathway.states:
        yield from Place(f"state '{state.name}'", kinds, sound=sound).sets(state.sets)
    for choice in pathway.choices:
        for option in choice.options:
            place = Place(f"'{option.name}' of choice '{choice.name}'", kinds, sound=sound)
            yield from (*place.factors(option.odds), *place.sets(option.sets))
        for rule in choice.rules:
            where = f"rule '{rule.name}' of choice '{choice.name}'"
            for condition in rule.when:
                yield from Place(where, kinds, known_only=True).condition(condition)
            yield from Place(where, kinds, sound=sound).sets(rule.sets)


@lru_cache(maxsize=16)
def known_sound(declared: tuple[tuple[Any, ...], ...]) -> Sound:
    """What was found sound with variables declared so; variants of a scenario share most of it."""
    return WeakValueDictionary()


def initials(variables: Iterable[Variable]) -> Problems:
    """Each variable starts with something of its kind, by what was declared before it."""
    earlier: dict[str, Variable] = {}
    later = {v.name for v in variables}
    for variable in variables:
        place = Place(f"variable '{variable.name}'", earlier, later=later)
        yield from place.value(variable, variable.initial, first=True)
        earlier[variable.name] = variable
        later.discard(variable.name)


def every_clock(pathway: Pathway) -> list[Clock]:
    """The clocks of all states, each once though several may list it, and the standing ones."""
    clocks = [*(c for s in pathway.states for c in s.clocks), *pathway.standing]
    return list({id(clock): clock for clock in clocks}.values())


def weights(where: str, probabilities: Mapping[str, float]) -> Problems:
    """Probabilities are that, and add up to 1."""
    if not probabilities:
        return
    for name, p in probabilities.items():
        if not 0.0 <= p <= 1.0:
            yield f"{where} gives '{name}' probability {p}; it must be from 0 to 1"
    whole = sum(probabilities.values())
    if abs(whole - 1.0) > 1e-9:
        yield f"the probabilities of {where} add up to {whole:g}; make them 1"


def is_number(thing: object) -> bool:
    """Whether it is a number, and not NaN."""
    return isinstance(thing, float | int) and not math.isnan(thing)


@dataclass(frozen=True)
class Place:
    """Where something reads: what it may be told of, and whether of what is hidden too."""

    where: str
    kinds: Mapping[str, Variable]
    known_only: bool = False
    later: Collection[str] = frozenset()
    sound: Sound = field(default_factory=WeakValueDictionary)
    """What was looked at with these variables and found sound, here or elsewhere."""

    def clock(self, clock: Clock) -> Problems:
        """What a clock reads and sets."""
        yield from (*self.law(clock.law), *self.factors(clock.ratio), *self.sets(clock.sets))
        if clock.since not in (START, CALENDAR):
            yield from self.moment(clock.since)

    # --- variables ---

    def variable(self, name: str) -> Problems:
        """It is there, declared before, and not hidden from who asks."""
        if name in self.later:
            yield f"{self.where} reads '{name}', which has no value yet; declare that one before it"
        elif name != CALENDAR and name not in self.kinds:
            near = did_you_mean(name, self.kinds)
            hint = f"did you mean '{near}'?" if near else "define it"
            yield f"{self.where} reads '{name}', which is no variable; {hint}"
        elif self.known_only and name != CALENDAR and not self.kinds[name].known:
            yield f"{self.where} reads '{name}', hidden; rules and scores may read what is known"

    def own(self, name: str) -> Problems:
        """The patient's own variable, which can be set and copied."""
        yield from self.variable(name)
        if name == CALENDAR:
            yield f"{self.where} sets or copies '{name}', which always reads now; name a variable"

    def moment(self, name: str) -> Problems:
        yield from self.variable(name)
        if name == CALENDAR or (name in self.kinds and self.kinds[name].kind != "moment"):
            yield f"{self.where} counts since '{name}', which is no moment; name one"

    def number(self, name: str) -> Problems:
        """The variable is a number, or may be read as one."""
        yield from self.variable(name)
        if name in self.kinds and self.kinds[name].kind == "level":
            yield f"{self.where} reads '{name}' as a number; it has levels: use Is, or a table"

    def levels(self, name: str, levels: Iterable[str]) -> Problems:
        """The variable has levels, and these are among them."""
        variable = self.kinds.get(name)
        if variable is None and name != CALENDAR:
            return
        if variable is None or variable.kind != "level":
            yield f"{self.where} asks for a level of '{name}'; only variables with levels have any"
            return
        for level in levels:
            if level not in variable.levels:
                near = did_you_mean(str(level), variable.levels)
                hint = (
                    f"did you mean '{near}'?" if near else f"it has: {', '.join(variable.levels)}"
                )
                yield f"{self.where} names level '{level}' of '{name}'; {hint}"

    # --- tables, slopes, factors and terms ---

    def table(self, table: By, *, covers: bool = True) -> Problems:
        """A table fits its variable, and if it must, has an entry for whatever that may be."""
        yield from self.variable(table.variable)
        variable, of = self.kinds.get(table.variable), f"a table of '{table.variable}'"
        if variable is None and table.variable != CALENDAR:
            return
        if variable is not None and variable.kind == "level":
            if table.bands:
                yield f"{self.where} has {of} by bands; give an entry for each of its levels"
            yield from self.levels(table.variable, table.levels)
            missing = [level for level in variable.levels if level not in table.levels]
            if covers and missing and table.otherwise is None:
                yield f"{self.where} has {of} that needs {', '.join(missing)}"
            return
        uppers = [upper for upper, _ in table.bands]
        if table.levels or not uppers:
            yield f"{self.where} has {of} that needs bands; it has no levels"
        elif any(map(math.isnan, uppers)) or not all(a < b for a, b in pairwise(uppers)):
            yield f"{self.where} has {of} whose bands must rise"
        elif covers and uppers[-1] != math.inf and table.otherwise is None:
            yield f"{self.where} has {of} to {uppers[-1]:g}; end it at inf"
        if covers and variable is not None and variable.kind == "moment" and table.never is None:
            yield f"{self.where} has {of}, a moment, that needs 'never'"

    def law(self, law: object) -> Problems:
        """A law, or a table of laws."""
        if isinstance(law, By):
            yield from self.table(law)
        for found in law.entries if isinstance(law, By) else (law,):
            if not isinstance(found, Law):
                yield f"{self.where} has {found!r} for a law; give one such as Constant(3.0)"

    def factors(self, factors: Iterable[object]) -> Problems:
        """What multiplies a hazard or a weight: never below 0."""
        for factor in factors:
            number = isinstance(factor, float | int)  # of which nothing can keep track
            yield from self.factor(factor) if number else self.once(factor, self.factor)

    def factor(self, factor: object) -> Problems:
        yield from self.term(factor)
        entries = factor.entries if isinstance(factor, By) else (factor,)
        if isinstance(factor, Per) and factor.each <= 0.0:
            yield f"{self.where} has a slope of {factor.each}; a factor must be above 0"
        elif any(is_number(f) and not 0.0 <= f < math.inf for f in entries):
            yield f"{self.where} has a factor {factor!r}; factors must be 0 or more, and finite"

    def once(self, thing: Any, problems_of: Callable[[Any], Problems]) -> Iterable[str]:
        """The problems of what many may list; none again of what is sound."""
        if id(thing) in self.sound:
            return ()
        problems = [*problems_of(thing)]
        if not problems:
            self.sound[id(thing)] = thing
        return problems

    def term(self, term: object) -> Problems:
        """A number, a slope, or a table of numbers."""
        match term:
            case By():
                yield from self.table(term)
                for entry in term.entries:
                    if not is_number(entry):
                        yield f"{self.where} has {entry!r} in a table; its entries must be numbers"
            case Per(variable):
                yield from self.number(variable)
            case _ if not is_number(term):
                yield f"{self.where} reads {term!r}; give a number, a table By or a slope Per"

    def terms(self, terms: Iterable[object]) -> Problems:
        for term in terms:
            yield from self.term(term)

    # --- what is set ---

    def sets(self, sets: Iterable[Set]) -> Problems:
        for s in sets:
            yield from self.once(s, self.setting)

    def setting(self, s: Set) -> Problems:
        yield from self.own(s.variable)
        if s.variable in self.kinds:
            yield from self.value(self.kinds[s.variable], s.to)

    def value(self, variable: Variable, to: Any, *, first: bool = False) -> Problems:
        """What a variable is given is of its kind; at `first` it may be a slope or a time ago."""
        name, kind = variable.name, variable.kind
        match to:
            case By():
                yield from self.table(to, covers=first and kind != "moment")
                for entry in to.entries:
                    if isinstance(entry, By | Now | PlusOne | Test):
                        entries = "entries of a table must be constants or draws"
                        yield f"{self.given(variable, to)}; {entries}"
                    elif entry is not None:  # nothing is set where there is none
                        yield from self.value(variable, entry, first=first)
            case str() | Levels() | Ordered() if kind == "level":
                drawn = {to: 1.0} if isinstance(to, str) else to.probabilities
                if not drawn:
                    yield f"{self.given(variable, to)}; name at least one level"
                own = Place(self.where, {name: variable})
                yield from own.levels(name, drawn)
                yield from (*weights(f"'{name}'", drawn), *self.draw(to))
            case Now() if kind == "moment":
                return
            case None if kind == "moment" and first:
                return
            case Ago(days) if kind == "moment" and first:
                yield from self.days_ago(days)
            case PlusOne() if kind == "number":
                return
            case Per() if kind == "number" and first:
                yield from self.term(to)
            case Normal() | FromLaw() if kind == "number":
                yield from self.draw(to)
            case float() | int() if kind == "number" and is_number(to):
                return
            case Test(of, _, otherwise):
                yield from self.own(of)
                if of in self.kinds and self.kinds[of].kind != kind:
                    yield f"{self.where} copies '{of}' to '{name}'; they must be of one kind"
                if otherwise is not None:
                    yield from self.value(variable, otherwise)
            case _:
                yield f"{self.given(variable, to)}; they must agree"

    def given(self, variable: Variable, to: Any) -> str:
        return f"{self.where} gives '{variable.name}', a {variable.kind}, {to!r}"

    def days_ago(self, days: Any) -> Problems:
        """How long ago: a number, a draw, a slope, or a table of numbers and draws."""
        match days:
            case By():
                yield from self.table(days, covers=False)
                for entry in days.entries:
                    yield from self.days_ago(entry)
            case Normal() | FromLaw():
                yield from self.draw(days)
            case _:
                yield from self.term(days)

    def draw(self, draw: object) -> Problems:
        """What a draw reads can be read."""
        match draw:
            case Levels(odds=odds):
                for factors in odds.values():
                    yield from self.factors(factors)
            case Ordered(odds=odds):
                yield from self.factors(odds)
            case Normal(shifts=shifts):
                yield from self.terms(shifts)
            case FromLaw(law) if not isinstance(law, Law):
                yield f"{self.where} draws from {law!r}; give a law such as Exponential(0.1)"

    # --- conditions ---

    def condition(self, condition: object) -> Problems:
        match condition:
            case AtLeast(str(name)) | Below(str(name)):
                yield from self.number(name)
            case AtLeast(Since(name)) | Below(Since(name)) | Never(name):
                yield from self.moment(name)
            case Is(name, levels):
                yield from self.variable(name)
                yield from self.levels(name, levels)
            case Not(inner):
                yield from self.condition(inner)
            case AnyOf(conditions) | AllOf(conditions):
                for each in conditions:
                    yield from self.condition(each)
