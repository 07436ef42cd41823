"""The account of an uncertainty analysis: what the numbers do, apart from chance; who is best.

An account (see `accounts`): it is given every set, writes `uncertainty`, draws, and tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pathsim.outcomes.better import better
from pathsim.study.cells import Cells
from pathsim.study.first_outcomes import first_outcomes, number, text_table, wrapped
from pathsim.study.sweep import Plan
from pathsim.study.sweep_tables import Columns, Table
from pathsim.study.uncertain.apart import Apart, above, apart, best
from pathsim.study.uncertain.gathered import Gathered, Label

NAME = "uncertainty"
SUMMARY = (
    "mean", "se_mean", "sd_outer", "se_inner", "sd_sets", "low", "high", "low_sets", "high_sets",
)  # fmt: skip
"""The figures of an `Apart` that stand in the table, in its order."""
_WORDS = ("scenario", "minus", "structure", "group", "outcome", "unit")
TABLE: Columns = {
    **dict.fromkeys(_WORDS, pa.string()),
    **dict.fromkeys(SUMMARY, pa.float64()),
    "sets": pa.int64(), "replications": pa.int64(), "noise_share": pa.float64(),
    "better": pa.string(), "p_best": pa.float64(), "p_above": pa.float64(), "note": pa.string(),
}  # fmt: skip
COLUMNS = {
    "minus": "the scenario that this is a difference to, replication by replication, or empty",
    "mean": "the mean over all sets",
    "se_mean": "its standard error: it would be 0 with sets without end",
    "sd_outer": "the standard deviation that the uncertainty of the numbers brings about, chance "
    "taken away (analysis of variance); missing with one replication a set",
    "se_inner": "the standard error of one set's mean from chance within the simulation",
    "sd_sets": "the standard deviation of the sets' means, which has both",
    "low, high": "95 % uncertainty interval of the numbers alone: centiles of the sets' means, "
    "drawn together about their mean until their variance is sd_outer squared; with one "
    "replication a set nothing is taken away, and the interval is too wide by what chance adds",
    "low_sets, high_sets": "the 2.5th and 97.5th centile of the sets' means as they are",
    "sets, replications": "how many sets have a value, and how many replications each has",
    "noise_share": "the part of the variance of the sets' means that is chance",
    "better": "whether higher or lower is better; empty where neither is in itself",
    "p_best": "the share of sets in which this scenario is the best of all, with the same patients",
    "p_above": "of a difference: the share of sets in which it is above 0, chance taken away but "
    "for the error of the mean",
    "note": "what a reader must know; empty for nothing",
}


HIDDEN = "hidden by chance"
"""What is told of an interval that would be a point; more patients or replications show it."""


class UncertaintyAccount:
    """Values of every outcome in every set, and what they come to."""

    files: Mapping[str, str] = {
        f"{NAME}.csv, .parquet": "each outcome over all sets: what the uncertainty of the numbers "
        "does to it, apart from chance",
    }
    columns: Mapping[str, str] = COLUMNS
    explained = True

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan, self.folder = plan, folder
        self.gathered = Gathered(plan.study.replications)
        self.found: dict[Label, Apart] = {}

    def add(self, number: int, cells: Cells) -> None:
        self.gathered.add(cells)

    def finish(self) -> None:
        self.found = {label: apart(values) for label, values in self.gathered}
        with Table(self.folder, NAME, TABLE) as table:
            for row in self._rows():
                table.add(*row)

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        for label, found in self.found.items():
            way = better(label.outcome)
            p_best = self._best(label, way) if way and not label.minus else None
            p_above = self._above(label, found) if label.minus else None
            known = self.gathered.unreached.get(label, 0) == 0
            figures = [getattr(found, name) if known else None for name in SUMMARY]
            yield (*astuple(label), *figures, found.sets, found.replications, found.noise,
                   way or "", p_best, p_above, self._note(label, found))  # fmt: skip

    def _best(self, label: Label, way: str) -> float | None:
        """The share of sets in which this scenario is best; None where it is alone."""
        rivals = [
            other for other in self.found
            if (other.minus, other.structure, other.outcome)
            == ("", label.structure, label.outcome)
        ]  # fmt: skip
        if len(rivals) < 2 or any(rival in self.gathered.unreached for rival in rivals):
            return None
        sign = 1 if way == "higher" else -1
        means = np.column_stack([sign * _means(self.gathered.of(rival)) for rival in rivals])
        return float(best(means)[rivals.index(label)])

    def _above(self, label: Label, found: Apart) -> float | None:
        means = _means(self.gathered.of(label))
        known = means[~np.isnan(means)]
        if not len(known) or label in self.gathered.unreached:
            return None
        return above(known, found.sd_outer**2)

    def _note(self, label: Label, found: Apart) -> str:
        many = self.gathered.sets
        if missed := self.gathered.unreached.get(label, 0):
            return f"not reached in {missed} of {many} sets"
        notes = [f"known in {found.sets} of {many} sets"] if found.sets < many else []
        notes += [HIDDEN] if found.hidden else []
        return "; ".join(notes)

    def draw(self, folder: Path) -> None:
        """What the numbers do to the first outcomes: of each scenario, and of their differences."""
        from pathsim.figures.saving import save
        from pathsim.figures.style import new_axes
        from pathsim.figures.uncertainty import uncertainty

        below = f"n = {self.gathered.sets} sets of {self.plan.study.replications} replications"
        for k, name in enumerate(self._first(), start=1):
            for kind in ("", "_differences"):
                rows = self._drawn(name, differences=bool(kind))
                if not rows:
                    continue
                unit = next(label.unit for label in self.found if label.outcome == name)
                height = max(3.0, 1.4 + 0.6 * len(rows))
                ax = uncertainty(new_axes(height=height), rows, outcome=f"{name}, {unit}",
                                 title=self.plan.study.title, below=below,
                                 zero=bool(kind))  # fmt: skip
                save(ax, folder, f"uncertainty_{k}{kind}")

    def _drawn(self, name: str, *, differences: bool) -> dict[str, Any]:
        """Row of a figure -> what it shows, of an outcome that was known in all sets."""
        from pathsim.figures.uncertainty import Uncertain

        return {
            label.cell: Uncertain(
                found.mean, found.low, found.high, found.low_sets, found.high_sets
            )
            for label, found in self.found.items()
            if label.outcome == name
            and bool(label.minus) == differences
            and label not in self.gathered.unreached
        }

    def _first(self) -> list[str]:
        """The outcomes that are shown first."""
        names = dict.fromkeys(label.outcome for label in self.found)
        return first_outcomes(self.plan.study.outcomes, names)

    def lines(self, width: int) -> list[str]:
        """What varies; the first outcomes by scenario, and who is best."""
        told = [line for each in self.plan.design.told() for line in wrapped(each, width)]
        for name in self._first():
            told += ["", *self._table(name)]
        return [*told, "", *wrapped(self._legend(), width)]

    def _table(self, name: str) -> list[str]:
        mine = [label for label in self.found if label.outcome == name]
        head = [f"{name}, {mine[0].unit}", "mean", "95 % uncertainty interval", "sd of numbers",
                "error of chance", "best in"]  # fmt: skip
        rows = []
        for label in mine:
            found, way = self.found[label], better(name)
            p_best = self._best(label, way) if way and not label.minus else None
            if label.minus:
                p_best = self._above(label, found)
            mean = found.mean
            share = "-" if p_best is None else f"{100 * p_best:.0f} %"
            rows.append([
                label.cell, number(mean),
                HIDDEN if found.hidden else
                f"{number(found.low, mean)} to {number(found.high, mean)}",
                number(found.sd_outer, mean), number(found.se_inner, mean),
                f"above 0 in {share}" if label.minus and share != "-" else share,
            ])  # fmt: skip
        return text_table(head, rows)

    def _legend(self) -> str:
        sets, many = self.gathered.sets, self.plan.study.replications
        if many == 1:
            return (
                f"{sets} sets of one replication: how much of this is chance is not known, and the "
                "intervals are too wide by it. Write 'replications: 2' to have it taken away."
            )
        return (
            f"{sets} sets of {many} replications. The interval is that of the uncertain numbers: "
            "chance is taken away and stands beside it, as the error of one set's mean."
        )


def _means(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    known = (~np.isnan(values)).sum(axis=1)
    found = np.full(len(values), np.nan)
    found[known > 0] = np.nanmean(values[known > 0], axis=1)
    return found
