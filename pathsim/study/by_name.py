"""Outcomes by name, a row a replication: what sweeps, sizes and precision are made of.

Called by `simulation`. Each replication is looked at by itself, so that a row does not depend on
which others are in the same job.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from pathsim.outcomes.columns import array
from pathsim.outcomes.folds import TABLES, Measured
from pathsim.outcomes.named import every
from pathsim.outcomes.outcome import per_replication

NEEDED = ("patients", "waits", "daily", "use", "stock")
"""The tables that are measured for it."""

OF_WAITS = ("replication", "stream", "resource", "outcome", "days")
"""What of `waits` is needed."""

COLUMNS = ("replication", "group", "outcome", "unit", "value", "patients", "note")


def by_name(measured: Measured) -> pd.DataFrame:
    """Every outcome in every replication, in order of replication and of tables.

    `value` is the mean over the patients of the replication where it is one; `patients` is how many
    stand behind it, missing where that has no meaning. What did not occur is 0, or has no row
    where `named` says so (`REFERRED`, `LOST_BY`).
    """
    rows = [row for one in each(measured) for row in _rows(one)]
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    words = {name: pd.Categorical(columns[name]) for name in ("group", "outcome", "unit", "note")}
    return pd.DataFrame({
        **columns,
        **words,
        "replication": np.array(columns["replication"], dtype="int64"),
        "value": np.array(columns["value"], dtype="float64"),
        "patients": pd.array(columns["patients"], dtype="Int64"),
    })  # fmt: skip


def each(measured: Measured) -> Iterator[Measured]:
    """What was measured of each replication by itself, in order."""
    # A replication in which nobody counts, as after a long warm-up, has days all the same.
    having = [t for t in (measured.patients, measured.daily) if len(t)]
    numbers = sorted({n for t in having for n in np.unique(array(t, "replication")).tolist()})
    if len(numbers) == 1:
        yield measured
        return
    for number in numbers:
        tables = {name: _of(getattr(measured, name), number) for name in TABLES}
        yield Measured(**tables, horizon=measured.horizon, warm_up=measured.warm_up)


def _of(table: pd.DataFrame, number: int) -> pd.DataFrame:
    if not len(table.columns):
        return table
    mine: pd.DataFrame = table[array(table, "replication") == number]
    return mine.reset_index(drop=True)


def _rows(measured: Measured) -> Iterator[tuple[Any, ...]]:
    found = every(measured)
    for outcome, values in zip(found, per_replication(found), strict=True):
        for number, value in zip(values.index.tolist(), values.tolist(), strict=True):
            yield (number, outcome.group, outcome.name, outcome.unit, value, outcome.patients,
                   outcome.note)  # fmt: skip
