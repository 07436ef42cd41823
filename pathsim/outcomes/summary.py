"""Outcomes as means with 95 % intervals, by strategy, and differences paired by patient.

`summary` is what `run` and `compare` print and store. With one replication the interval is over
patients where the outcome is a mean over patients, and absent elsewhere; the table says which.
Intervals are Student's t, clipped to what can be: nothing is below 0, no share above 100 %, no
difference of shares beyond 100 either way. A share over the patients of one replication has
Wilson's interval; an outcome for which replications were added has one in two stages.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from pathsim.outcomes.columns import Array
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.intervals import Interval, t_interval, two_stage_interval, wilson_interval
from pathsim.outcomes.named import HEADLINES, outcomes
from pathsim.outcomes.outcome import SHARE, Outcome, per_replication

COLUMNS = (
    *("group", "outcome", "unit", "strategy", "mean", "low", "high"),
    *("interval", "n_replications", "n_patients", "note"),
)
OTHERS = "not the same patients under each"
OVER_REPLICATIONS, OVER_PATIENTS, NONE = "replications", "patients", "none"


@dataclass(frozen=True)
class Stages:
    """How many replications came first, how many there are, and for which outcomes more came."""

    first: int
    all: int
    outcomes: frozenset[str] = frozenset()
    differences: frozenset[str] = frozenset()

    @property
    def note(self) -> str:
        return f"interval in two stages: {self.first} replications, then {self.all - self.first}"


def summary(strategies: Mapping[str, Measured], stages: Stages | None = None) -> pd.DataFrame:
    """The tidy table of all outcomes: one row an outcome and strategy.

    Columns: group, outcome, unit, strategy, mean, low, high, `interval` (what it is over:
    replications, patients or none), n_replications, n_patients, note.
    """
    chosen = stages.outcomes if stages else ()
    return _table(
        row
        for name, measured in strategies.items()
        for row in _rows(name, outcomes(measured), stages=stages, chosen=chosen)
    )


def differences(strategies: Mapping[str, Measured], stages: Stages | None = None) -> pd.DataFrame:
    """The same table of what each strategy differs by from the first, named "B minus A".

    Outcomes of all patients are paired: the same patient (number and replication) under both; the
    differences are averaged within each replication. Outcomes of some (the referred, the infused),
    who are not the same under each strategy, and all others are paired by replication.
    """
    chosen = stages.differences if stages else ()
    return _table(
        row
        for name, found in differing(strategies).items()
        for row in _rows(name, found, signed=True, stages=stages, chosen=chosen)
    )


def differing(
    strategies: Mapping[str, Measured], only: Collection[str] | None = None
) -> dict[str, list[Outcome]]:
    """`B minus A` -> what each outcome of B differs by from the first strategy, A; see above."""
    (base, first), *others = strategies.items()
    return {f"{name} minus {base}": _differences(first, each, only) for name, each in others}


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


def _differences(
    first: Measured, measured: Measured, only: Collection[str] | None
) -> list[Outcome]:
    """What each outcome that both have, or each of some, differs by from the first."""
    base, other = (
        [outcome for outcome in outcomes(each) if only is None or outcome.name in only]
        for each in (first, measured)
    )
    of_base = {o.name: (o, by) for o, by in _with_replications(base)}
    return [
        _difference(outcome, by, *of_base[outcome.name])
        for outcome, by in _with_replications(other)
        if outcome.name in of_base
    ]


def _with_replications(found: Sequence[Outcome]) -> Iterable[tuple[Outcome, pd.Series]]:
    return zip(found, per_replication(found), strict=True)


def _difference(outcome: Outcome, by: pd.Series, base: Outcome, base_by: pd.Series) -> Outcome:
    notes = [outcome.note, base.note]
    if outcome.by_patient and (outcome.values.hasnans or base.values.hasnans):
        # Who is referred or infused differs: those who are under both would be a choice of them.
        values, pairs = (by - base_by).dropna(), None
        notes.append(OTHERS)
    else:
        values = outcome.values - base.values
        values = values.dropna() if values.hasnans else values
        pairs = len(values) if outcome.by_patient else outcome.patients
    note = "; ".join(dict.fromkeys(note for note in notes if note))
    return Outcome(outcome.group, outcome.name, outcome.unit, values, pairs, note)


def _rows(
    strategy: str,
    found: Sequence[Outcome],
    *,
    signed: bool = False,
    stages: Stages | None = None,
    chosen: Collection[str] = (),
) -> Iterator[dict[str, Any]]:
    """A row for each outcome; what is `signed` may lie as far below 0 as above.

    Those `chosen` that have a value in all replications have an interval in two stages.
    """
    for outcome, by in _with_replications(found):
        least, most = outcome.bounds
        bounds = (-most, most) if signed else (least, most)
        if stages and outcome.name in chosen and by.count() == stages.all:
            over = two_stage_interval(by.to_numpy(), stages.first).within(*bounds)
            note = "; ".join(filter(None, (outcome.note, stages.note)))
            noted = replace(outcome, note=note)
            yield _row(noted, strategy, (over, OVER_REPLICATIONS, over.n))
        else:
            yield _row(outcome, strategy, _interval(outcome, by, bounds))


def _interval(
    outcome: Outcome, by: pd.Series, bounds: tuple[float, float]
) -> tuple[Interval, str, int]:
    """(interval within its bounds, what it is over, number of replications)."""
    found = t_interval(by.to_numpy()).within(*bounds)
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
