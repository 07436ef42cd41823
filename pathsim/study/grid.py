"""The account of a grid: a first look at its sets, and a figure for each outcome shown first.

An account (see `accounts`). The figures are drawn of the table of results, when it is written.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pathsim.study.first_outcomes import first_outcomes
from pathsim.study.glance import Glance, named
from pathsim.study.sweep import Plan


class Grid(Glance):
    """As a `Glance`; besides, each outcome against the first factor, by all others."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        super().__init__(plan, folder)
        self.table = folder / "results.parquet"

    def draw(self, folder: Path) -> None:
        """A figure an outcome, a panel each scenario and structure."""
        from pathsim.figures.grid import page
        from pathsim.figures.saving import save

        study = self.plan.study
        factors = {factor.name: named(factor) for factor in self.plan.design.factors}
        known = dict.fromkeys(outcome for ranges in self.ranges.values() for outcome in ranges)
        for k, outcome in enumerate(first_outcomes(study.outcomes, known), start=1):
            rows = pd.read_parquet(self.table, filters=[("outcome", "==", outcome)])
            if rows["mean"].notna().any():
                figure = page(rows, factors, title=study.title, below=self._below())
                save(figure, folder, f"grid_{k}")

    def _below(self) -> str:
        """How much stands behind a point, and what its interval is of."""
        study = self.plan.study
        n = study.replications
        people = "" if study.patients is None else f" of {study.patients:,} patients"
        many = f"n = {n} replication{'s' if n != 1 else ''}{people} at each point"
        if n == 1:
            return f"{many}, with the same luck; one replication has no interval"
        return (f"{many}, with the same luck; bars: 95 % intervals over replications, which are of "
                "chance within the model alone")  # fmt: skip
