"""A tornado: how far each field moves each outcome when it alone goes from its low to its high end.

An account of one-way designs (see `accounts`): set 0 changes nothing, the others one field each.
Writes `tornado.csv` and draws the first few outcomes. The luck is the same at both ends, so the
swing is paired by replication.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from pathsim.outcomes.tornado_bars import Bar, sorted_bars
from pathsim.study.cells import Cells, Values, as_in
from pathsim.study.design import LEFT, Factor
from pathsim.study.first_outcomes import first_outcomes, interval, number, text_table
from pathsim.study.glance import value_told
from pathsim.study.sweep import Plan
from pathsim.study.sweep_tables import COUNTED, NOISE, WHAT, Columns, Table

COLUMNS: Columns = {
    "scenario": pa.string(), "structure": pa.string(), "factor": pa.string(), "path": pa.string(),
    "factor_unit": pa.string(), "base_value": pa.string(), "low_value": pa.string(),
    "high_value": pa.string(), **WHAT, "base": pa.float64(), "at_low": pa.float64(),
    "at_high": pa.float64(), "swing": pa.float64(), "low": pa.float64(), "high": pa.float64(),
    **COUNTED, **NOISE,
}  # fmt: skip
TOLD = 12
"""So many fields are told on the screen, the widest swing first."""


class Tornado:
    """Keeps the base and the sets of one field; writes its rows when the next field begins."""

    files: Mapping[str, str] = {
        "tornado.csv, .parquet": "for each field that was changed alone: each outcome at the low "
        "and at the high end of its range, and the swing from one to the other"
    }
    columns: Mapping[str, str] = {
        "factor, path, factor_unit": "the field that is changed alone, and the unit of its values",
        "base_value, low_value, high_value": "what it is in the first scenario, and at its ends",
        "base, at_low, at_high": "the outcome's mean with nothing changed, and at both ends",
        "swing": "at_high minus at_low, paired by replication; in tornado `low` and `high` are its "
        "95 % interval and `noise` its standard error",
    }

    explained = False

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self.table = Table(folder, "tornado", COLUMNS)
        self.base: Cells = {}
        self.place = -1
        self.sets: list[tuple[Any, Cells]] = []
        self.shown: list[str] = []
        self.bars: dict[tuple[str, str, str], list[Bar]] = {}

    def add(self, number: int, cells: Cells) -> None:
        if number == 0:
            self.base = cells
            names = dict.fromkeys(name for cell in cells.values() for name in cell)
            self.shown = first_outcomes(self.plan.study.outcomes, names)
            return
        values = self.plan.design.sets[number]
        place = next(k for k, value in enumerate(values) if value is not LEFT)
        if place != self.place:
            self._field()
            self.place, self.sets = place, []
        self.sets.append((values[place], cells))

    def finish(self) -> None:
        self._field()
        self.table.close()

    def _field(self) -> None:
        """The rows of one field, if it was changed at all."""
        if not self.sets:
            return
        factor = self.plan.design.factors[self.place]
        for name, base in self.base.items():
            for outcome, least, most in self._ends(name, base):
                self._row(factor, name, base[outcome], least, most)

    def _ends(
        self, name: tuple[str, str], base: Mapping[str, Values]
    ) -> Iterator[tuple[str, Values, Values]]:
        """Each outcome with what it is at the low and the high end; one value is the high end."""
        least = self.sets[0][1][name] if len(self.sets) > 1 else base
        most = self.sets[-1][1][name]
        for outcome, own in base.items():
            low, high = as_in(least, own), as_in(most, own)
            if low is not None and high is not None:
                yield outcome, low, high

    def _row(
        self, factor: Factor, name: tuple[str, str], base: Values, least: Values, most: Values
    ) -> None:
        values = [value_told(factor, v) for v, _ in self.sets]
        own = value_told(factor, factor.base)
        low_value, high_value = values[0] if len(values) > 1 else own, values[-1]
        swing = most.minus(least)
        found = swing.difference
        means = base.interval.mean, least.interval.mean, most.interval.mean
        self.table.add(*name, factor.name, factor.path, factor.unit, own, low_value, high_value,
                       base.group, base.outcome, base.unit, *means, found.mean, found.low,
                       found.high, found.n, swing.noise)  # fmt: skip
        if base.outcome in self.shown:
            unit = f" {factor.unit}" if factor.unit else ""
            bar = Bar(factor.name, low_value, high_value + unit, base.unit, *means, found,
                      least.minus(base).difference, most.minus(base).difference)  # fmt: skip
            self.bars.setdefault((*name, base.outcome), []).append(bar)

    def _in_order(self) -> list[tuple[tuple[str, str, str], list[Bar]]]:
        """The bars of each scenario and structure, outcomes in the order of the study."""
        places = {outcome: place for place, outcome in enumerate(self.shown)}
        cells = list(self.base)
        return sorted(self.bars.items(), key=lambda b: (cells.index(b[0][:2]), places[b[0][2]]))

    def draw(self, folder: Path) -> None:
        """A figure an outcome of those shown first, for each scenario and structure."""
        from pathsim.figures.saving import save
        from pathsim.figures.style import new_axes
        from pathsim.figures.tornado import height_of, tornado

        study = self.plan.study
        for (scenario, structure, outcome), bars in self._in_order():
            one = len(study.every_structure) == 1
            title = scenario if one else f"{scenario}, {structure}"
            ax = tornado(new_axes(height=height_of(bars)), bars, outcome=outcome, title=title,
                         replications=study.replications, patients=study.patients)  # fmt: skip
            number = self.shown.index(outcome) + 1
            save(ax, folder, f"tornado_{scenario}{'' if one else '_' + structure}_{number}")

    def lines(self, width: int) -> list[str]:
        lines: list[str] = []
        for (scenario, structure, outcome), bars in self._in_order():
            first, widest = bars[0], sorted_bars(bars)[:TOLD]
            told = "" if len(self.plan.study.every_structure) == 1 else f", {structure}"
            lines += ["", f"{scenario.upper()}{told}: {outcome}, {first.unit}; "
                      f"{number(first.base)} with nothing changed"]  # fmt: skip
            rows = [
                [bar.factor, f"{bar.low_value} to {bar.high_value}", number(bar.at_low),
                 number(bar.at_high), interval(bar.swing)]
                for bar in widest
            ]  # fmt: skip
            lines += text_table(["", "from .. to", "at low", "at high", "swing"], rows, left=2)
            if len(bars) > TOLD:
                lines.append(f"... and {len(bars) - TOLD} more in tornado.csv")
        return lines
