"""The outcomes by name: what each is, its unit, and how it is got from what was measured.

`outcomes` lists them for one strategy. Each is a value for each patient (NaN where it does not
apply) or for each replication. Called by summary; knows nothing of intervals or strategies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from pathsim.outcomes import losses
from pathsim.outcomes.columns import Array, array, is_any, words
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.named_resources import of_resources
from pathsim.outcomes.outcome import Outcome
from pathsim.outcomes.patients import DEATHS, TOXICITIES
from pathsim.outcomes.survival import Event, Start, curves_of, spans
from pathsim.units import DAYS_PER_MONTH

LANDMARKS = (12, 24, 36, 60)
"""Months at which survival is read."""
HEADLINES = (
    *((f"^overall survival from arrival, {at}", 0) for at in ("at (12|24|60) months", "median")),
    ("^(progression-free survival from treatment|time to next treatment or death), median", 0),
    ("^began ", 1e-9),
    ("^time (treated|off treatment|waiting for a therapy)$", 0),
    ("^days (at home|in hospital|with health-care contact)$", 0),
    ("^(non-relapse mortality|entries off label)$", 1e-9),
    ("^(infused|lost before infusion|decision to infusion, median)$", 0),
    ("^(lost before infusion by|on the way to infusion)", 1),
    (" days per infused patient$", 1e-9),
    ("^wait for slots.*(median|90th centile)$", 0),
    ("^wait for .*90th centile$", 1),
    ("^requests for .* withdrawn$", 1),
    (", occupancy in the busiest year$", 1e-9),
    (", no place free$", 1),
    ("^(tocilizumab|ivig|immunoglobulin|bridging).* used$", 1e-9),
)
"""What a short table shows: a pattern of names, and the least mean that is worth a row."""


REFERRED, LOST_BY = "referred for infusion", "lost before infusion by "
"""Outcomes that stand in a table only where they occurred, even in that of `every`: else 0."""

_KNOWN: WeakKeyDictionary[Measured, list[Outcome]] = WeakKeyDictionary()


def outcomes(measured: Measured) -> list[Outcome]:
    """Every outcome of one strategy, in the order of a table; worked out once."""
    if measured not in _KNOWN:
        _KNOWN[measured] = _outcomes(measured)
    return _KNOWN[measured]


def every(measured: Measured) -> list[Outcome]:
    """The same with what did not occur, as 0: a table of one replication among others needs it.

    `REFERRED`, with what is known of the referred alone, and `LOST_BY` are the exceptions.
    """
    return _outcomes(measured, rare=True)


def _outcomes(measured: Measured, *, rare: bool = False) -> list[Outcome]:
    if not len(measured.patients.columns):
        return [*of_resources(measured)]
    index = pd.MultiIndex.from_frame(measured.patients[["replication", "patient"]])
    return [
        *_survival(measured),
        *_patients(measured, index, rare),
        *_access(measured, index),
        *of_resources(measured),
    ]


# --- survival ----------------------------------------------------------------------------------

_CURVES: tuple[tuple[str, Start, Event], ...] = (
    ("overall survival from arrival", "arrival", "death"),
    ("overall survival from treatment", "treatment", "death"),
    ("progression-free survival from treatment", "treatment", "progression"),
    ("time to next treatment or death", "treatment", "next_line"),
)


def _survival(measured: Measured) -> Iterator[Outcome]:
    days = {m: m * DAYS_PER_MONTH for m in LANDMARKS if m * DAYS_PER_MONTH <= measured.counted_days}
    for name, start, event in _CURVES:
        for outcome in _of_curves(measured.patients, days, start, event):
            yield replace(outcome, name=f"{name}, {outcome.name}")


def _of_curves(
    patients: pd.DataFrame, days: Mapping[int, float], start: Start, event: Event
) -> Iterator[Outcome]:
    """What is read of the curves of one event, at so many days by months."""
    counted, time, happened = spans(patients, start=start, event=event)
    found = curves_of(array(patients, "replication")[counted], time[counted], happened[counted])
    index, n = pd.Index([*found], name="replication"), int(counted.sum())
    kms = [*found.values()]
    for month, day in days.items():
        at = pd.Series([100 * float(km.at(day)) for km in kms], index, dtype=float)
        yield Outcome("survival", f"at {month} months", "%", at, n)
    for month, day in days.items():
        mean = [km.restricted_mean(day) / DAYS_PER_MONTH for km in kms]
        within = pd.Series(mean, index, dtype=float)
        yield Outcome("survival", f"mean within {month} months", "months", within, n)
    median = np.array([km.median() for km in kms]) / DAYS_PER_MONTH
    missed = int(np.isinf(median).sum())
    note = f"not reached in {missed} of {len(median)} replications" if missed else ""
    values = pd.Series(median * np.nan if missed else median, index, dtype=float)
    yield Outcome("survival", "median", "months", values, n, note)


# --- patients ----------------------------------------------------------------------------------

DIED = {
    "relapse_death": "of myeloma after relapse",
    "background_death": "of other causes, as people of this age and sex do",
    "excess_death": "under or after treatment, without relapse, beyond other causes",
    "infection_death": "of an infection",
    "second_cancer": "of a second cancer",
}
"""The cause of a death -> how it is told."""
_COLUMNS = (
    ("patients", "lines begun", "lines", "lines"),
    ("patients", "entries off label", "entries", "off_label"),
    ("patients", "time followed", "days", "days"),
    ("patients", "time treated", "days", "treated_days"),
    ("patients", "time waiting for a therapy", "days", "waiting_days"),
    ("patients", "time off treatment", "days", "off_days"),
    ("patients", "days in hospital", "days", "inpatient_days"),
    ("patients", "days with health-care contact", "days", "contact_days"),
    ("patients", "days at home", "days", "home_days"),
)


def _patients(measured: Measured, index: pd.MultiIndex, rare: bool) -> Iterator[Outcome]:
    table = measured.patients
    for group, name, unit, column in _COLUMNS:
        yield _of_patients(index, (group, name, unit), array(table, column))
    for column in table.columns:
        kind, _, therapy = str(column).partition(".")
        if kind == "first_dose":
            began = 100.0 * ~np.isnan(array(table, str(column)))
            yield _of_patients(index, ("patients", f"began {therapy}", "%"), began)
        elif kind == "on":
            label = ("patients", f"time treated with {therapy}", "days")
            yield _of_patients(index, label, array(table, column))
        elif kind == "free" and (rare or table[column].any()):
            label = ("patients", f"time free of treatment after {therapy}", "days")
            yield _of_patients(index, label, array(table, column))
    for tag, told in TOXICITIES.items():
        if f"had.{tag}" in table.columns:
            had = 100.0 * ~np.isnan(array(table, f"had.{tag}"))
            yield _of_patients(index, ("patients", f"had {told}", "%"), had)
    for name, column in (("died", "dead"), ("non-relapse mortality", "non_relapse_death")):
        yield _of_patients(index, ("patients", name, "%"), 100.0 * array(table, column))
    for cause in DEATHS:
        died = is_any(words(table["death_cause"]), cause)
        if rare or died.any():
            label = ("patients", f"died {DIED[cause]}", "%")
            yield _of_patients(index, label, 100.0 * died)


def _of_patients(index: pd.MultiIndex, label: tuple[str, str, str], values: Array) -> Outcome:
    values = values.astype(float)
    return Outcome(*label, pd.Series(values, index), int(np.count_nonzero(~np.isnan(values))))


def _access(measured: Measured, index: pd.MultiIndex) -> Iterator[Outcome]:
    """Of those referred for a therapy that is infused once."""
    table = measured.patients
    referred, infused = (~np.isnan(array(table, name)) for name in ("referred", "infused"))
    if not referred.any():
        return
    yield _of_patients(index, ("access", REFERRED, "%"), 100.0 * referred)
    lost = ~np.isnan(array(table, "lost")) & ~infused
    causes = losses.causes(table)
    shares = {
        "infused": infused,
        "lost before infusion": lost,
        **{
            f"{LOST_BY}{cause}": by
            for cause in sorted(set(causes.categories) - {""})
            if (by := lost & is_any(causes, cause)).any()
        },
        "on the way to infusion at the end": ~infused & ~lost,
    }
    for name, share in shares.items():
        of_referred = np.where(referred, 100.0 * share, np.nan)
        yield _of_patients(index, ("access", name, "% of the referred"), of_referred)
    label = ("access", "decision to infusion, mean", "days")
    days = _of_patients(index, label, array(table, "decision_to_infusion"))
    yield days
    median = days.values.groupby(level="replication").median()
    yield Outcome("access", "decision to infusion, median", "days", median, days.patients)
    for column in (str(c) for c in table if str(c).startswith("infused_days.")):
        name = f"{column.partition('.')[2]} days per infused patient"
        values = np.where(infused, array(table, column), np.nan)
        yield _of_patients(index, ("access", name, "days"), values)
