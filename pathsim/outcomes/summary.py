"""Outcomes as means with 95 % intervals, by strategy, and differences paired by patient.

`summary` is what `run` and `compare` print and store. With one replication the interval is over
patients where the outcome is a mean over patients, and absent elsewhere; the table says which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from pathsim.outcomes.folds import Measured
from pathsim.outcomes.intervals import Interval, t_interval
from pathsim.outcomes.named import HEADLINES, Outcome, outcomes

COLUMNS = (
    *("group", "outcome", "unit", "strategy", "mean", "low", "high"),
    *("interval", "n_replications", "n_patients", "note"),
)
OVER_REPLICATIONS, OVER_PATIENTS, NONE = "replications", "patients", "none"


def summary(strategies: Mapping[str, Measured]) -> pd.DataFrame:
    """The tidy table of all outcomes: one row an outcome and strategy.

    Columns: group, outcome, unit, strategy, mean, low, high, `interval` (what it is over:
    replications, patients or none), n_replications, n_patients, note.
    """
    return _table(
        _row(outcome, name, _interval(outcome.values, outcome.by_patient))
        for name, measured in strategies.items()
        for outcome in outcomes(measured)
    )


def differences(strategies: Mapping[str, Measured]) -> pd.DataFrame:
    """The same table of what each strategy differs by from the first, named "B minus A".

    Outcomes of patients are paired: the same patient (number and replication) under both; the
    differences are averaged within each replication. Others are paired by replication.
    """
    (base, first), *others = strategies.items()
    of_base = {outcome.name: outcome for outcome in outcomes(first)}
    return _table(
        _difference(outcome, of_base[outcome.name], f"{name} minus {base}")
        for name, measured in others
        for outcome in outcomes(measured)
        if outcome.name in of_base
    )


def headlines(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a summary that a first look needs; causes of loss and shares of zero left out."""
    chosen = table["outcome"].map(lambda name: any(part in name for part in HEADLINES))
    detail = table["outcome"].str.contains(" with | by ", regex=True)
    some = table.groupby("outcome")["mean"].transform(lambda means: (means.abs() > 0).any())
    return table[chosen & ~detail & some].reset_index(drop=True)


def _difference(outcome: Outcome, base: Outcome, name: str) -> dict[str, Any]:
    values = (outcome.values - base.values).dropna()
    note = "; ".join(dict.fromkeys(note for note in (outcome.note, base.note) if note))
    pairs = len(values) if outcome.by_patient else outcome.patients
    paired = Outcome(outcome.group, outcome.name, outcome.unit, values, pairs, note)
    return _row(paired, name, _interval(values, outcome.by_patient))


def _interval(values: pd.Series, by_patient: bool) -> tuple[Interval, str, int]:
    """(interval, what it is over, number of replications)."""
    if not by_patient:
        found = t_interval(values.to_numpy())
        return found, OVER_REPLICATIONS if found.n > 1 else NONE, found.n
    means = values.groupby(level="replication").mean()
    found = t_interval(means.to_numpy())
    if found.n > 1:
        return found, OVER_REPLICATIONS, found.n
    over = t_interval(values.to_numpy())
    return over, OVER_PATIENTS if over.n > 1 else NONE, found.n


def _row(outcome: Outcome, strategy: str, found: tuple[Interval, str, int]) -> dict[str, Any]:
    interval, over, replications = found
    return {
        "group": outcome.group,
        "outcome": outcome.name,
        "unit": outcome.unit,
        "strategy": strategy,
        "mean": interval.mean,
        "low": interval.low,
        "high": interval.high,
        "interval": over,
        "n_replications": replications,
        "n_patients": outcome.patients,
        "note": outcome.note,
    }


def _table(rows: Iterator[dict[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=list(COLUMNS))
    return table.astype({"n_patients": "Int64", "n_replications": "int64"})
