"""The outcomes by name: what each is, its unit, and how it is got from what was measured.

`outcomes` lists them for one strategy. Each is a value for each patient (NaN where it does not
apply) or for each replication. Called by summary; knows nothing of intervals or strategies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pathsim.outcomes.columns import Array, array
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.patients import DEATHS
from pathsim.outcomes.resources import of_other_users, wait_summary
from pathsim.outcomes.survival import Event, Start, curves, times
from pathsim.units import DAYS_PER_MONTH, DAYS_PER_YEAR

LANDMARKS = (12, 24, 36, 60)
"""Months at which survival is read."""
SHARE, AMOUNT = (0.0, 100.0), (0.0, np.inf)
"""Between what a share in per cent can lie, and what else is measured: nothing is below 0."""
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

    def per_replication(self) -> pd.Series:
        """The value of each replication: the mean over its patients, or as it is."""
        if not self.by_patient:
            return self.values
        return self.values.groupby(level="replication").mean()


def outcomes(measured: Measured) -> list[Outcome]:
    """Every outcome of one strategy, in the order of a table."""
    return [
        *_survival(measured),
        *_patients(measured),
        *_access(measured),
        *_waits(measured),
        *_occupancy(measured),
        *_stock(measured),
        *_use(measured),
    ]


# --- survival ----------------------------------------------------------------------------------

_CURVES: tuple[tuple[str, Start, Event], ...] = (
    ("overall survival from arrival", "arrival", "death"),
    ("overall survival from treatment", "treatment", "death"),
    ("progression-free survival from treatment", "treatment", "progression"),
    ("time to next treatment or death", "treatment", "next_line"),
)


def _survival(measured: Measured) -> Iterator[Outcome]:
    months = [m for m in LANDMARKS if m * DAYS_PER_MONTH <= measured.horizon]
    for name, start, event in _CURVES:
        table = times(measured.patients, start=start, event=event)
        found, n = pd.Series(curves(table), dtype=object).rename_axis("replication"), len(table)
        for month in months:
            at = 100 * found.map(lambda km, m=month: float(km.at(m * DAYS_PER_MONTH)))
            yield Outcome("survival", f"{name}, at {month} months", "%", at.astype(float), n)
        for month in months:
            mean = found.map(lambda km, m=month: km.restricted_mean(m * DAYS_PER_MONTH))
            within = mean.astype(float) / DAYS_PER_MONTH
            yield Outcome("survival", f"{name}, mean within {month} months", "months", within, n)
        median = found.map(lambda km: km.median()).astype(float) / DAYS_PER_MONTH
        missed = int(np.isinf(median).sum())
        note = f"not reached in {missed} of {len(median)} replications" if missed else ""
        median = median * np.nan if missed else median
        yield Outcome("survival", f"{name}, median", "months", median, n, note)


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


def _patients(measured: Measured) -> Iterator[Outcome]:
    table = measured.patients
    for group, name, unit, column in _COLUMNS:
        yield _of_patients(table, (group, name, unit), array(table, column))
    for column in table.columns:
        kind, _, therapy = str(column).partition(".")
        if kind == "first_dose":
            began = 100.0 * table[column].notna().to_numpy()
            yield _of_patients(table, ("patients", f"began {therapy}", "%"), began)
        elif kind == "on":
            label = ("patients", f"time treated with {therapy}", "days")
            yield _of_patients(table, label, array(table, column))
        elif kind == "free" and table[column].any():
            label = ("patients", f"time free of treatment after {therapy}", "days")
            yield _of_patients(table, label, array(table, column))
    for name, column in (("died", "dead"), ("non-relapse mortality", "non_relapse_death")):
        yield _of_patients(table, ("patients", name, "%"), 100.0 * array(table, column))
    for cause in DEATHS:
        died = (table["death_cause"] == cause).to_numpy()
        if died.any():
            label = ("patients", f"died {DIED[cause]}", "%")
            yield _of_patients(table, label, 100.0 * died)


def _of_patients(table: pd.DataFrame, label: tuple[str, str, str], values: Array) -> Outcome:
    index = pd.MultiIndex.from_frame(table[["replication", "patient"]])
    series = pd.Series(values, index, dtype=float)
    return Outcome(*label, series, int(series.notna().sum()))


def _access(measured: Measured) -> Iterator[Outcome]:
    """Of those referred for a therapy that is infused once."""
    table = measured.patients
    referred = table["referred"].notna().to_numpy()
    if not referred.any():
        return
    yield _of_patients(table, ("access", "referred for infusion", "%"), 100.0 * referred)
    infused = table["infused"].notna().to_numpy()
    lost = table["lost"].notna().to_numpy() & ~infused
    cause = np.where(lost, [_loss(str(c), table) for c in table["lost_cause"]], "")
    shares = {
        "infused": infused,
        "lost before infusion": lost,
        **{f"lost before infusion by {c}": cause == c for c in sorted(set(cause) - {""})},
        "on the way to infusion at the end": ~infused & ~lost,
    }
    for name, share in shares.items():
        of_referred = np.where(referred, 100.0 * share, np.nan)
        yield _of_patients(table, ("access", name, "% of the referred"), of_referred)
    label = ("access", "decision to infusion, mean", "days")
    days = _of_patients(table, label, array(table, "decision_to_infusion"))
    yield days
    median = days.values.groupby(level="replication").median()
    yield Outcome("access", "decision to infusion, median", "days", median, days.patients)
    for column in (str(c) for c in table if str(c).startswith("infused_days.")):
        name = f"{column.partition('.')[2]} days per infused patient"
        values = np.where(infused, array(table, column), np.nan)
        yield _of_patients(table, ("access", name, "days"), values)


def _loss(cause: str, table: pd.DataFrame) -> str:
    """A cause of loss without the therapy's name, and without the option that was drawn."""
    for column in (str(c) for c in table if str(c).startswith("on.")):
        cause = cause.removeprefix(column.removeprefix("on.")).strip()
    return cause.partition(":")[0]


# --- resources ---------------------------------------------------------------------------------


def _waits(measured: Measured) -> Iterator[Outcome]:
    waits = wait_summary(measured.waits[~of_other_users(measured.waits)])
    replications = np.unique(array(measured.patients, "replication"))
    for resource, mine in waits.groupby("resource", observed=True, sort=True):
        by = mine.set_index("replication").reindex(replications)
        n = int(mine["granted"].sum())
        for column, name in (("mean", "mean"), ("median", "median"), ("p90", "90th centile")):
            label = ("waits", f"wait for {resource}, {name}", "days")
            yield Outcome(*label, by[column], n, "from request to grant, over the granted")
        share = 100 * by["share_withdrawn"]
        label = ("waits", f"requests for {resource} withdrawn", "%")
        yield Outcome(*label, share, int(mine["requests"].sum()))


def _occupancy(measured: Measured) -> Iterator[Outcome]:
    for resource, mine in measured.daily.groupby("resource", observed=True, sort=True):
        by = mine.groupby("replication")[["held_mean", "capacity_mean", "queue_mean"]].mean()
        if by["capacity_mean"].notna().all():
            share = 100 * by["held_mean"] / by["capacity_mean"]
            yield Outcome("resources", f"{resource}, occupancy", "%", share, None, "all users")
            yield from _crowding(str(resource), mine)
        label = ("resources", f"{resource}, queue", "requests")
        yield Outcome(*label, by["queue_mean"], None, "all users")


def _crowding(resource: str, daily: pd.DataFrame) -> Iterator[Outcome]:
    """Occupancy in the fullest of the run's years, and the share of open days with no place free.

    A last year that is not whole is left out, unless the run is shorter than one.
    """
    year = (daily["day"] // DAYS_PER_YEAR).astype(int)
    whole = int((daily["day"].max() + 1.5) // DAYS_PER_YEAR)
    by = daily[year < max(whole, 1)].groupby(["replication", year])[["held_mean", "capacity_mean"]]
    yearly = by.mean()
    occupied = 100 * yearly["held_mean"] / yearly["capacity_mean"]
    busiest = occupied.groupby("replication").max()
    label = ("resources", f"{resource}, occupancy in the busiest year", "%")
    yield Outcome(*label, busiest, None, "all users")
    opened = daily[daily["capacity"] > 0]
    full = 100 * (opened["held"] >= opened["capacity"]).groupby(opened["replication"]).mean()
    label = ("resources", f"{resource}, no place free", "% of days")
    yield Outcome(*label, full.astype(float), None, "at midnight, all users")


def _use(measured: Measured) -> Iterator[Outcome]:
    """What our patients use, for each hundred of them."""
    sizes = measured.patients.groupby("replication").size()
    units = {"place days": "place days", "setting days": "days", "used": "times"}
    for (kind, item), mine in measured.use.groupby(["kind", "item"], sort=True, observed=True):
        each = 100 * mine.set_index("replication")["amount"] / sizes
        name = f"days in setting {item}" if kind == "setting days" else f"{item} used"
        label = ("use", name, f"{units[str(kind)]} per 100 patients")
        yield Outcome(*label, each.rename_axis("replication"), int(sizes.sum()))


def _stock(measured: Measured) -> Iterator[Outcome]:
    years = measured.horizon / DAYS_PER_YEAR
    for resource, mine in measured.stock.groupby("resource", sort=True):
        by = mine.groupby("replication")[["released", "taken", "given_back", "expired"]].sum()
        used = by["taken"] - by["given_back"]
        for name, amount in (
            ("released", by["released"]),
            ("used", used),
            ("expired", by["expired"]),
        ):
            yield Outcome("resources", f"{resource}, {name}", "a year", amount / years, None)
