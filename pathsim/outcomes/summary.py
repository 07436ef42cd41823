"""Outcomes as means with 95 % intervals, by strategy, and differences paired by patient.

`summary` is what `run` and `compare` print and store. With one replication the interval is over
patients where the outcome is a mean over patients, and absent elsewhere; the table says which.
Intervals are Student's t, clipped to what can be: nothing is below 0, no share above 100 %, no
difference of shares beyond 100 either way. A share over the patients of one replication has
Wilson's interval.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from pathsim.outcomes.columns import Array
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.intervals import Interval, t_interval, wilson_interval
from pathsim.outcomes.named import HEADLINES, SHARE, Outcome, outcomes

COLUMNS = (
    *("group", "outcome", "unit", "strategy", "mean", "low", "high"),
    *("interval", "n_replications", "n_patients", "note"),
)
OTHERS = "not the same patients under each"
OVER_REPLICATIONS, OVER_PATIENTS, NONE = "replications", "patients", "none"


def summary(strategies: Mapping[str, Measured]) -> pd.DataFrame:
    """The tidy table of all outcomes: one row an outcome and strategy.

    Columns: group, outcome, unit, strategy, mean, low, high, `interval` (what it is over:
    replications, patients or none), n_replications, n_patients, note.
    """
    return _table(
        _row(outcome, name, _interval(outcome, outcome.bounds))
        for name, measured in strategies.items()
        for outcome in outcomes(measured)
    )


def differences(strategies: Mapping[str, Measured]) -> pd.DataFrame:
    """The same table of what each strategy differs by from the first, named "B minus A".

    Outcomes of all patients are paired: the same patient (number and replication) under both; the
    differences are averaged within each replication. Outcomes of some (the referred, the infused),
    who are not the same under each strategy, and all others are paired by replication.
    """
    (base, first), *others = strategies.items()
    of_base = {outcome.name: outcome for outcome in outcomes(first)}
    return _table(
        _difference(outcome, of_base[outcome.name], f"{name} minus {base}")
        for name, measured in others
        for outcome in outcomes(measured)
        if outcome.name in of_base
    )


def headlines(table: pd.DataFrame) -> list[str]:
    """The outcomes of a summary that a first look needs.

    A headline is shown where it reaches its least in any strategy: what never happens is left out.
    """
    largest = table.groupby("outcome", sort=False)["mean"].max()
    return [
        str(name)
        for name, mean in largest.items()
        if any(re.search(pattern, str(name)) and mean >= least for pattern, least in HEADLINES)
    ]


def _difference(outcome: Outcome, base: Outcome, name: str) -> dict[str, Any]:
    notes = [outcome.note, base.note]
    if outcome.by_patient and (outcome.values.isna().any() or base.values.isna().any()):
        # Who is referred or infused differs: those who are under both would be a choice of them.
        values, pairs = (outcome.per_replication() - base.per_replication()).dropna(), None
        notes.append(OTHERS)
    else:
        values = (outcome.values - base.values).dropna()
        pairs = len(values) if outcome.by_patient else outcome.patients
    note = "; ".join(dict.fromkeys(note for note in notes if note))
    paired = Outcome(outcome.group, outcome.name, outcome.unit, values, pairs, note)
    _, most = outcome.bounds
    return _row(paired, name, _interval(paired, (-most, most)))


def _interval(outcome: Outcome, bounds: tuple[float, float]) -> tuple[Interval, str, int]:
    """(interval within its bounds, what it is over, number of replications)."""
    found = t_interval(outcome.per_replication().to_numpy()).within(*bounds)
    if found.n > 1:
        return found, OVER_REPLICATIONS, found.n
    if not outcome.by_patient:
        return found, NONE, found.n
    over = _over_patients(outcome.values.to_numpy(), bounds)
    return over, OVER_PATIENTS if over.n > 1 else NONE, found.n


def _over_patients(values: Array, bounds: tuple[float, float]) -> Interval:
    """Over patients: of a share Wilson's, of anything else Student's."""
    if bounds == SHARE:
        return wilson_interval(values, whole=SHARE[1])
    return t_interval(values).within(*bounds)


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
