"""The account of a sensitivity analysis: which factor matters how much, for every outcome.

An account (see `accounts`): it is given every set, writes `indices`, draws, and tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pathsim.inputs.study_uncertainty import Morris
from pathsim.study.cells import Cells
from pathsim.study.designs.sensitivity import cube_of
from pathsim.study.first_outcomes import first_outcomes, number, text_table, wrapped
from pathsim.study.sweep import Plan
from pathsim.study.sweep_tables import Columns, Table
from pathsim.study.uncertain import indices
from pathsim.study.uncertain.gathered import Gathered, Label

NAME = "indices"
SOBOL_KINDS = {"S1": "first order: by itself", "ST": "total order: with others as well"}
MORRIS_KINDS = {"mu_star": "mean size of its effects"}
"""Figures that are drawn -> how they are told."""
MOST = 12
"""Factors that are told on the screen."""
COLUMNS = {
    "factor": "the factor: its column in design or inputs, the path of a number, a fit or a part",
    "S1, S1_low, S1_high": "Sobol's first order index: the share of the outcome's variance that "
    "goes when this factor alone is known; its 95 % interval by bootstrap",
    "ST, ST_low, ST_high": "total order: the share that is left when all the others are known",
    "mu_star, mu_star_low, mu_star_high": "Morris: the mean size of the change of the outcome, in "
    "its unit, for the whole width of the factor (between the ends of its range, or the 2.5th and "
    "97.5th centile); its 95 % interval by bootstrap",
    "mu": "the same with its sign",
    "sigma": "the standard deviation of the changes: 0 where a factor always does the same",
    "noise_share": "the part of the outcome's variance over sets that is chance: what luck does "
    "otherwise in one set than in another, all having the same; missing with one replication. "
    "Chance makes S1 smaller and ST larger by about this share",
}


class SensitivityAccount:
    """Means of every outcome in every set, and the indices made of them."""

    files: Mapping[str, str] = {f"{NAME}.csv, .parquet": "how much each factor matters"}
    columns: Mapping[str, str] = COLUMNS
    explained = True

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan, self.folder = plan, folder
        self.gathered = Gathered(plan.study.replications)
        self.morris = isinstance(plan.study.design, Morris)
        self.figures = indices.MORRIS if self.morris else indices.SOBOL
        self.found: dict[Label, pd.DataFrame] = {}
        self.noise: dict[Label, float] = {}

    def add(self, number: int, cells: Cells) -> None:
        self.gathered.add(cells, differences=len(self.plan.scenarios) > 1)

    def finish(self) -> None:
        cube = cube_of(self.plan.study, self.plan.scenarios)
        columns: Columns = {
            "outcome": pa.string(), "unit": pa.string(), "scenario": pa.string(),
            "minus": pa.string(), "structure": pa.string(), "factor": pa.string(),
            **dict.fromkeys(self.figures, pa.float64()), "noise_share": pa.float64(),
        }  # fmt: skip
        with Table(self.folder, NAME, columns) as table:
            for label, values in self.gathered:
                self.noise[label] = indices.noise(values)
                found = self._indices(cube.axes, cube.points, values.mean(axis=1))
                self.found[label] = found
                where = (label.outcome, label.unit, label.scenario, label.minus, label.structure)
                for row in found.itertuples(index=False):
                    table.add(*where, *row, self.noise[label])

    def _indices(self, axes: indices.Axes, points: Any, means: Any) -> pd.DataFrame:
        study = self.plan.study
        if isinstance(study.design, Morris):
            return indices.morris(axes, points, means, study.design.levels, seed=study.seed)
        return indices.sobol(axes, means, seed=study.seed)

    def draw(self, folder: Path) -> None:
        """Bars of the factors, for the first outcomes of each scenario."""
        from pathsim.figures.indices import factor_bars
        from pathsim.figures.saving import save
        from pathsim.figures.style import new_axes

        study, named = self.plan.study, MORRIS_KINDS if self.morris else SOBOL_KINDS
        for k, (label, table) in enumerate(self._first(), start=1):
            kinds = {told: _indices(table, name) for name, told in named.items()}
            if table[next(iter(named))].isna().all():
                continue
            told = f"{label.outcome} ({label.cell})"
            axis = (f"mean change, {label.unit}, for the whole width of the factor" if self.morris
                    else "share of the variance")  # fmt: skip
            below = f"{len(self.plan.design)} sets of {study.replications} replications"
            height = 2.0 + 0.5 * min(len(table), MOST)
            ax = factor_bars(new_axes(height=height), kinds, axis=axis, title=told,
                             below=f"{below}; whiskers: 95 % intervals by bootstrap")  # fmt: skip
            save(ax, folder, f"indices_{k}")

    def _first(self) -> list[tuple[Label, pd.DataFrame]]:
        """The tables of the outcomes that are shown first, differences apart."""
        names = dict.fromkeys(label.outcome for label in self.found)
        first = first_outcomes(self.plan.study.outcomes, names)
        return [
            (label, table)
            for name in first
            for label, table in self.found.items()
            if label.outcome == name and not label.minus
        ]

    def lines(self, width: int) -> list[str]:
        """The dozen factors that matter most to the first outcomes."""
        told: list[str] = []
        for label, table in self._first():
            told += [*self._table(label, table), ""]
        return [*told, *wrapped(self._legend(), width)]

    def _table(self, label: Label, table: pd.DataFrame) -> list[str]:
        leading = "mu_star" if self.morris else "ST"
        top = table.sort_values(leading, ascending=False, kind="stable").head(MOST)
        head = [f"{label.outcome}, {label.unit} ({label.cell})"]
        told = _MORRIS if self.morris else _SOBOL
        rows = [
            [str(row["factor"]), *(cell(row) for cell in told.values())]
            for row in top.to_dict("records")
        ]
        head += told
        return text_table(head, rows)

    def _legend(self) -> str:
        noise = [share for share in self.noise.values() if not np.isnan(share)]
        if self.plan.study.replications == 1:
            return (
                "One replication a set: how much of the variance is chance is not known. Write "
                "'replications: 2' to learn it."
            )
        if not noise:
            return "How much of the variance is chance is not known."
        return (
            f"Chance makes up to {100 * max(noise):.0f} % of the variance of an outcome over "
            "sets (noise_share). It makes first order indices smaller, and total ones and effects "
            "larger."
        )


def _indices(table: pd.DataFrame, name: str) -> dict[str, Any]:
    """Factor -> one of its figures, with its interval."""
    from pathsim.figures.indices import Index

    rows = table.to_dict("records")
    ends = f"{name}_low", f"{name}_high"
    return {str(row["factor"]): Index(row[name], row[ends[0]], row[ends[1]]) for row in rows}


def _two(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.2f}"


def _between(low: float, high: float) -> str:
    return "-" if np.isnan(low) else f"{low:.2f} to {high:.2f}"


Cell = Callable[[Mapping[Any, Any]], str]
_MORRIS: dict[str, Cell] = {
    "mean effect": lambda row: number(row["mu_star"]),
    "95 % interval": lambda row: _between(row["mu_star_low"], row["mu_star_high"]),
    "with its sign": lambda row: number(row["mu"]),
    "scatter": lambda row: number(row["sigma"]),
}
_SOBOL: dict[str, Cell] = {
    "first order": lambda row: _two(row["S1"]),
    "its interval": lambda row: _between(row["S1_low"], row["S1_high"]),
    "total order": lambda row: _two(row["ST"]),
    "interval": lambda row: _between(row["ST_low"], row["ST_high"]),
}
"""Head of a column on the screen -> its cell of a row of the table."""
