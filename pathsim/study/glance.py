"""A first look at the sets of a study: a line a set where they are few, means and ranges otherwise.

An account (see `accounts`); it writes no file. Keeps so many sets and no more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pathsim.outcomes.intervals import Interval
from pathsim.study.cells import Cells
from pathsim.study.design import LEFT, Factor
from pathsim.study.first_outcomes import first_outcomes, interval, number, text_table
from pathsim.study.sweep import Plan

FEW = 30
"""So many sets are told line by line."""
COLUMNS = 6
"""With more factors a line a set would be too long."""


Name = tuple[str, str]
"""Scenario, or `B minus A`, and structure."""
Found = Mapping[str, Interval]
"""Outcome -> its mean with its interval."""


@dataclass
class Range:
    """The means of an outcome over sets: how many, their sum, the least and the most."""

    unit: str
    n: int = 0
    total: float = 0.0
    least: float = math.inf
    most: float = -math.inf

    def add(self, mean: float) -> None:
        if not math.isnan(mean):
            self.n, self.total = self.n + 1, self.total + mean
            self.least, self.most = min(self.least, mean), max(self.most, mean)


class Glance:
    """Of each scenario and structure the first few outcomes, set by set or over all sets; and what
    each scenario differs by from the first."""

    files: Mapping[str, str] = {}
    columns: Mapping[str, str] = {}
    explained = False

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self.sets: dict[Name, dict[int, Found]] = {}
        self.ranges: dict[Name, dict[str, Range]] = {}

    def add(self, number: int, cells: Cells) -> None:
        for name, cell in cells.items():
            shown = first_outcomes(self.plan.study.outcomes, cell)
            found = {outcome: cell[outcome].interval for outcome in shown}
            units = {outcome: cell[outcome].unit for outcome in shown}
            self._hear(number, name, found, units)
            first = next(iter(cells))[0]
            base = cells[first, name[1]]
            if name[0] != first:
                by = {o: cell[o].minus(base[o]).difference for o in shown if o in base}
                self._hear(number, (f"{name[0]} minus {first}", name[1]), by, units)

    def _hear(self, number: int, name: Name, found: Found, units: Mapping[str, str]) -> None:
        if number < FEW:
            self.sets.setdefault(name, {})[number] = found
        ranges = self.ranges.setdefault(name, {})
        for outcome, each in found.items():
            ranges.setdefault(outcome, Range(units[outcome])).add(each.mean)

    def finish(self) -> None:
        """Nothing is left to be written."""

    def draw(self, folder: Path) -> None:
        """It has no figures."""

    def lines(self, width: int) -> list[str]:
        design = self.plan.design
        each = len(design) <= FEW and len(design.factors) <= COLUMNS
        lines: list[str] = []
        for (scenario, structure), ranges in self.ranges.items():
            told = "" if len(self.plan.study.every_structure) == 1 else f", {structure}"
            paired = ", paired by replication" if " minus " in scenario else ""
            lines += ["", f"{scenario.upper()}{told}{paired}"]
            lines += self._sets((scenario, structure)) if each else self._over_sets(ranges)
        return lines

    def _sets(self, name: Name) -> list[str]:
        """A line a set: its factors, and the mean of each outcome with its interval."""
        factors, sets = self.plan.design.factors, self.plan.design.sets
        ranges = self.ranges[name]
        head = [named(factor) for factor in factors]
        head += [f"{outcome}, {found.unit}" for outcome, found in ranges.items()]
        rows = [
            [value_told(factor, value) for factor, value in zip(factors, sets[k], strict=True)]
            + [interval(found[outcome]) if outcome in found else "-" for outcome in ranges]
            for k, found in self.sets[name].items()
        ]
        return text_table(head, rows, left=0)

    def _over_sets(self, ranges: Mapping[str, Range]) -> list[str]:
        """A line an outcome: its mean over sets, and the least and most of any set."""
        rows = [
            [f"{outcome}, {found.unit}", number(found.total / found.n if found.n else None),
             number(found.least), number(found.most), str(found.n)]
            for outcome, found in ranges.items()
        ]  # fmt: skip
        return text_table(["", "mean of sets", "least", "most", "sets"], rows)


def named(factor: Factor) -> str:
    """A factor's name with its unit."""
    return f"{factor.name}, {factor.unit}" if factor.unit else factor.name


def value_told(factor: Factor, value: object) -> str:
    """A factor's value on the screen."""
    if value is LEFT:
        return "as it is"
    cell = factor.cell(value)
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)
