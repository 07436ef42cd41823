"""What reads and sets a pathway's variables, as records: tables, slopes, draws, sets, conditions.

The half of `tabulate` that knows no state and no way; `PathwayTabulation` there builds upon it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pathsim.pathway import tables as t
from pathsim.pathway.chance import Ago, FromLaw, Levels, Normal, Ordered
from pathsim.pathway.conditions import (
    AllOf,
    AnyOf,
    AtLeast,
    Below,
    Condition,
    ExpectedWait,
    Free,
    Is,
    Never,
    Not,
    Queue,
    Since,
)
from pathsim.pathway.pathway import Pathway
from pathsim.pathway.reading import CALENDAR, By, Factor, Per
from pathsim.pathway.service import Resource, Score
from pathsim.pathway.setting import Now, PlusOne, Set, Test

if TYPE_CHECKING:
    from pathsim.pathway.tabulate import Tabulation


class ReadingTabulation:
    """The variables of one pathway, and what reads and sets them."""

    def __init__(self, whole: Tabulation, pathway: Pathway) -> None:
        self.whole, self.pathway, self.word = whole, pathway, whole.word
        self.variables = list(pathway.variables)
        self.variable_number = {v.name: i for i, v in enumerate(self.variables)}
        self.factor_rows: dict[int, tuple[Any, ...]] = {}
        self.table_number: dict[tuple[int, bool], int] = {}

    # --- what reads variables ---

    def variable(self, name: str) -> int:
        return t.CALENDAR if name == CALENDAR else self.variable_number[name]

    def is_moment(self, name: str) -> bool:
        return name in self.pathway.moments

    def table(self, by: By, thing: Callable[[Any], int] | None = None) -> int:
        """The number of the table; its entries are numbers, or what `thing` numbers.

        Many may read the same table.
        """
        key = id(by), thing is None
        if key not in self.table_number:
            self.table_number[key] = self.add_table(by, thing)
        return self.table_number[key]

    def add_table(self, by: By, thing: Callable[[Any], int] | None) -> int:
        def entry(bound: float, value: Any) -> tuple[Any, ...]:
            if value is None:
                return t.NONE, bound, t.NEVER
            return (0, bound, float(value)) if thing is None else (thing(value), bound, 0.0)

        if by.bands:
            entries = [entry(upper, value) for upper, value in by.bands]
        else:
            entries = [entry(self.level(name), value) for name, value in by.levels.items()]
        last = [entry(t.NEVER, by.never), entry(t.NEVER, by.otherwise)]
        first, _ = self.whole.add("entries", [*entries, *last])
        row = (self.variable(by.variable), self.is_moment(by.variable), not by.bands, first,
               len(entries))  # fmt: skip
        return self.whole.add("tables", [row])[0]

    def level(self, name: str) -> float:
        return float(self.word[name])

    def factors(self, factors: Sequence[Factor]) -> tuple[int, int]:
        return self.whole.add("factors", [self.factor(f) for f in factors])

    def factor(self, factor: Factor) -> tuple[Any, ...]:
        """The factor's record; many clocks have the same factor."""
        if id(factor) not in self.factor_rows:
            self.factor_rows[id(factor)] = self.factor_row(factor)
        return self.factor_rows[id(factor)]

    def factor_row(self, factor: Factor) -> tuple[Any, ...]:
        match factor:
            case By():
                return t.TABLE, self.table(factor), 0, 0.0, 0.0, 0.0
            case Per(variable, each, centre):
                moment = self.is_moment(variable)
                return t.SLOPE, self.variable(variable), moment, 0.0, each, centre
            case number:
                return t.NUMBER, t.NONE, 0, number, 0.0, 0.0

    def terms(self, resource: Resource) -> tuple[int, int]:
        """The terms of a score for this pathway's patients, where they may ask for the resource."""
        asked = {r.resource for state in self.pathway.states for r in state.requests}
        if resource.name not in asked or not isinstance(resource.discipline, Score):
            return 0, 0
        return self.factors(resource.discipline.terms)

    # --- what variables are given ---

    def sets(self, sets: Sequence[Set]) -> tuple[int, int]:
        # Whatever `calendar` is set to, it reads now.
        kept = [s for s in sets if s.variable != CALENDAR]
        rows = [(self.variable(s.variable), self.given(s.to)) for s in kept]
        return self.whole.add("sets", rows)

    def given(self, given: Any) -> int:
        return self.whole.add("givens", [self.given_row(given)])[0]

    def given_row(self, given: Any) -> tuple[Any, ...]:
        match given:
            case None:
                return t.NOTHING, t.NONE, 0, t.NEVER
            case str():
                return t.CONSTANT, t.NONE, 0, self.level(given)
            case float() | int():
                return t.CONSTANT, t.NONE, 0, float(given)
            case Now():
                return t.NOW, t.NONE, 0, 0.0
            case PlusOne():
                return t.PLUS_ONE, t.NONE, 0, 0.0
            case Test(of, sensitivity, otherwise):
                least = self.given_row(otherwise)[-1]
                row = (self.variable(of), sensitivity, least)
                return t.TESTED, self.whole.add("tests", [row])[0], 0, 0.0
            case Ago(days):
                kind, thing, _, number = self.given_row(days)
                return kind, thing, 1, number
            case By():
                return t.BY_TABLE, self.table(given, self.given), 0, 0.0
            case Per():
                return t.BY_SLOPE, self.factors([given])[0], 0, 0.0
            case draw:
                return t.DRAWN, self.whole.add("draws", [self.draw(draw)])[0], 0, 0.0

    def draw(self, draw: Any) -> tuple[Any, ...]:
        match draw:
            case Levels(probabilities, odds):
                levels = self.add_levels(probabilities, odds)
                return (t.LEVELS, *levels, 0, 0, t.NONE, 0, 0, 0.0, 0.0, 0.0, 0.0)
            case Ordered(probabilities, factors):
                levels = self.add_levels(probabilities, {})
                return (t.ORDERED, *levels, *self.factors(factors), t.NONE, 0, 0,
                        0.0, 0.0, 0.0, 0.0)  # fmt: skip
            case Normal(mean, sd, low, high, shifts):
                return (t.NORMAL, 0, 0, *self.factors(shifts), t.NONE, low is not None,
                        high is not None, mean, sd, low or 0.0, high or 0.0)  # fmt: skip
            case FromLaw(law):
                return (t.FROM_LAW, 0, 0, 0, 0, self.whole.law(law), 0, 0, 0.0, 0.0, 0.0, 0.0)
        raise TypeError(f"{draw!r} is no draw")

    def add_levels(
        self, probabilities: Mapping[str, float], odds: Mapping[str, Sequence[Factor]]
    ) -> tuple[int, int]:
        rows = [(*self.factors(odds.get(name, ())), self.level(name), p)
                for name, p in probabilities.items()]  # fmt: skip
        return self.whole.add("levels", rows)

    # --- conditions ---

    def all_of(self, conditions: Sequence[Condition]) -> int:
        return self.condition(AllOf(*conditions), t.HOLDS, t.FAILS)

    def condition(self, condition: Condition, yes: int, no: int) -> int:
        """Where to begin, so that it leads to `yes` if the condition holds and to `no` if not."""
        match condition:
            case Not(inner):
                return self.condition(inner, no, yes)
            case AllOf(conditions):
                for inner in reversed(conditions):
                    yes = self.condition(inner, yes, no)
                return yes
            case AnyOf(conditions):
                for inner in reversed(conditions):
                    no = self.condition(inner, yes, no)
                return no
            case leaf:
                return self.whole.add("conditions", [(*self.leaf(leaf, yes, no),)])[0]

    def leaf(self, leaf: Any, yes: int, no: int) -> tuple[Any, ...]:
        match leaf:
            case Is(variable, levels):
                codes = self.whole.add("codes", [self.level(name) for name in levels])
                return (t.IS, t.VALUE, self.variable(variable), 0, *codes, yes, no, 0.0)
            case Never(moment):
                return t.HAS_NOT, t.VALUE, self.variable(moment), 0, 0, 0, yes, no, 0.0
            case AtLeast(x, value) | Below(x, value):
                kind = t.AT_LEAST if isinstance(leaf, AtLeast) else t.BELOW
                return (kind, *self.measure(x), 0, 0, yes, no, value)
        raise TypeError(f"{leaf!r} is no condition")

    def measure(self, x: Any) -> tuple[int, int, bool]:
        """What is measured, of what, and whether that is a moment."""
        match x:
            case Queue(resource):
                return t.QUEUE, self.whole.resource_number[resource], False
            case Free(resource):
                return t.FREE, self.whole.resource_number[resource], False
            case ExpectedWait(resource):
                return t.EXPECTED_WAIT, self.whole.resource_number[resource], False
            case Since(moment):
                return t.VALUE, self.variable(moment), self.is_moment(moment)
            case variable:
                return t.VALUE, self.variable(variable), self.is_moment(variable)
