"""An outcome of one strategy: a name, a unit, and a value for each patient or each replication.

Made by `named`, read by `summary`. Knows nothing of how a value is got.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

SHARE, AMOUNT = (0.0, 100.0), (0.0, np.inf)
"""Between what a share in per cent can lie, and what else is measured: nothing is below 0."""


@dataclass(frozen=True)
class Outcome:
    """One outcome of one strategy.

    `values` is indexed by (replication, patient), or by replication alone where it is no mean over
    patients. `patients` is how many stand behind it, None where that has no meaning. `note` says
    what a reader must know.
    """

    group: str
    name: str
    unit: str
    values: pd.Series
    patients: int | None
    note: str = ""

    @property
    def by_patient(self) -> bool:
        return self.values.index.nlevels == 2

    @property
    def bounds(self) -> tuple[float, float]:
        return SHARE if self.unit.startswith("%") else AMOUNT


def per_replication(found: Sequence[Outcome]) -> list[pd.Series]:
    """The value in each replication of each outcome: the mean over its patients, or as it is.

    Outcomes of the same patients (of one index) are averaged together, in one pass.
    """
    values = [outcome.values for outcome in found]
    alike: dict[int, list[int]] = {}
    for k, outcome in enumerate(found):
        if outcome.by_patient:
            alike.setdefault(id(outcome.values.index), []).append(k)
    for places in alike.values():
        index = values[places[0]].index
        table = pd.DataFrame({k: values[k].to_numpy() for k in places}, index)
        means = table.groupby(level="replication").mean()
        for k, (_, mean) in zip(places, means.items(), strict=True):
            values[k] = mean
    return values
