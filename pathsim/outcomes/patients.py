"""One row a patient: dates, lines, days of each kind, what was lost and how it ended.

Made from the stays and the marks; other users of the resources are left out. Called by survival,
summaries and figures. A fold: rows of one patient depend on that patient alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.columns import (
    Array,
    Columns,
    Flags,
    array,
    coded,
    entries,
    first_at,
    first_of_patient,
    last_at,
    runs,
    sums,
    taken,
    worded,
    words,
)
from pathsim.outcomes.configurations import Configurations, read
from pathsim.outcomes.resources import ours, used
from pathsim.outcomes.stays import tagged_entries

WAITING = ("work_up", "waiting", "washout", "apheresis", "manufacture", "bridging")
"""Phases between the decision for a therapy and its start: untreated days in them are waiting."""
GIVING = ("lymphodepletion", "infusion")
"""Phases in which a therapy is given once: their days are treated, whatever the mark says."""
FREE = ("remission", "watch", "monitoring")
"""Phases after a therapy was given once: untreated days in them are free of treatment."""
INPATIENT = ("ward", "icu", "bed")
VISITS = ("clinic_visit", "apheresis")
"""Things used that bring a patient to the hospital for a day."""
KINDS = ("off", "treated", "waiting", "free")
"""What a day can be; "free" is untreated in remission, "off" everything else."""
DAYS = ("treated_days", "waiting_days", "off_days", "inpatient_days", "visits")
"""The order of the first columns of days."""
STARTS = ("infused", "first_dose")
DEATHS = (
    *("relapse_death", "background_death", "excess_death"),
    *("infection_death", "second_cancer"),
)


def patients(stays: pd.DataFrame, marking: Marking) -> pd.DataFrame:
    """A row for each of our patients; dates and lengths in days, NaN for never.

    - `arrival`, `exit` (NaN where censored), `last_seen`, `days` (from arrival to last seen),
      `exit_state`, `exit_cause` (clock), `dead`, `death_cause` (the tag of the terminal state);
    - `lines` (begun here), `therapies` (in the order of their starts), `off_label` (rules taken
      beyond an indication, entries so tagged), `first_dose.THERAPY` (first infusion or dose);
    - `on.THERAPY` (days treated with it), `free.THERAPY` (days untreated in remission after it),
      `treated_days`, `waiting_days`, `off_days` (neither): the last three add up to `days`;
    - `inpatient_days`, `visits`, `contact_days` (both), `home_days` (the rest, at least 0);
    - `infused_days.RESOURCE`: days in beds while a therapy that is infused once is in force, from
      the decision for it to the next line, for each resource that is a bed;
    - `referred` and `infused` (dates, for therapies that are infused once), `lost` (date) and
      `lost_cause`, `decision_to_infusion`;
    - `treatment` (first start of any therapy), `progression` (first), `progression_after` (first
      after `treatment`), `next_line` (first line begun after `treatment`);
    - `non_relapse_death`: died after a therapy's start with no progression since the last start.
    """
    return pd.DataFrame(patient_columns(ours(stays), marking), copy=False)


def patient_columns(stays: pd.DataFrame, marking: Marking) -> Columns:
    """The columns of `patients`, from our stays."""
    life = Lives(stays, marking)
    return {
        "replication": life["replication"].take(life.first),
        "patient": life["patient"].take(life.first),
        "stream": words(stays["stream"]).take(life.first),
        "arrival": life["from"].take(life.first),
        **_ends(life),
        **_therapies(life),
        **_days(life),
        **_infusion(life),
        **_milestones(life),
    }


@dataclass(frozen=True)
class Lives:
    """The stays of our patients as arrays, with the first and last row of each patient."""

    stays: pd.DataFrame
    marking: Marking

    def __getitem__(self, column: str) -> Array:
        return array(self.stays, column)

    @cached_property
    def first(self) -> Array:
        return np.flatnonzero(first_of_patient(self.stays))

    @cached_property
    def last(self) -> Array:
        return np.append(self.first[1:], len(self.stays))[: len(self.first)] - 1

    @property
    def n(self) -> int:
        return len(self.first)

    @cached_property
    def where(self) -> Array:
        """For each row the running number of its patient."""
        return np.repeat(np.arange(self.n), np.diff(self.first, append=len(self.stays)))

    @cached_property
    def _read(self) -> tuple[Configurations, Array]:
        return read(self.stays, self.marking)

    @property
    def found(self) -> Configurations:
        return self._read[0]

    @property
    def rows(self) -> Array:
        """For each row the number of its configuration."""
        return self._read[1]

    def therapy(self, rows: Array) -> Array:
        """The therapy in force at these rows: its place in the marking."""
        return self.found.mark("therapy")[self.rows.take(rows)]

    def tagged(self, *tags: str) -> Array:
        """The numbers of the rows that are entries into a state with any of the tags."""
        return np.flatnonzero(tagged_entries(self.stays, self.marking, *tags))

    def sums(self, amount: Array, rows: Array) -> Array:
        """The sum for each patient of the amounts at these rows."""
        return sums(self.where.take(rows), amount.take(rows), self.n)

    def first_at(self, rows: Array) -> Array:
        """The first of these rows of each patient; -1 for none."""
        return first_at(self.where, rows, self.n)

    def last_at(self, rows: Array) -> Array:
        """The last of these rows of each patient; -1 for none."""
        return last_at(self.where, rows, self.n)

    def time(self, rows: Array) -> Array:
        """When these rows began; NaN for -1."""
        return taken(self["from"], rows)


def _ends(life: Lives) -> Columns:
    marking, last = life.marking, life.last
    censored, seen = life["censored"].take(last), life["to"].take(last)
    state = life.found.top.take(life.rows.take(last))
    cause = words(life.stays["cause"]).take(np.maximum(last - 1, 0))
    tags = [[t in m.tags for t in DEATHS] for m in marking.states]
    tag = np.array([row.index(True) if any(row) else -1 for row in tags] + [-1])
    dead = marking.tagged("dead")[state] & ~censored
    at_once = last == life.first
    return {
        "exit": np.where(censored, np.nan, seen),
        "last_seen": seen,
        "days": seen - life["from"].take(life.first),
        "exit_state": coded(np.where(censored, -1, state), marking.codes),
        "exit_cause": coded(np.where(censored | at_once, -1, cause.codes), cause.categories),
        "dead": dead,
        "death_cause": coded(np.where(dead, tag[state], -1), DEATHS),
    }


def _therapies(life: Lives) -> Columns:
    starts = life.tagged(*STARTS)
    therapy, off_label = life.therapy(starts), life["off_label"].astype(float)
    off_label[life.tagged("off_label")] += 1
    lines = life.tagged("line")
    columns = {
        "lines": np.bincount(life.where.take(lines), minlength=life.n).astype(np.int32),
        "therapies": _sequences(life.where.take(starts), therapy, life.marking.therapies, life.n),
        "off_label": sums(life.where, off_label, life.n).astype(int),
    }
    for code, name in enumerate(life.marking.therapies):
        begun = starts.take(np.flatnonzero(therapy == code))
        columns[f"first_dose.{name}"] = life.time(life.first_at(begun))
    return columns


def _sequences(where: Array, therapy: Array, names: tuple[str, ...], n: int) -> Any:
    """The therapies begun by each patient, as words; one begun again at once stands once."""
    known = np.flatnonzero(therapy >= 0)
    where, therapy = where.take(known), therapy.take(known).astype(np.int16)
    kept = np.flatnonzero(runs(where) | runs(therapy))
    where, therapy = where.take(kept), therapy.take(kept)
    ends = np.searchsorted(where, np.arange(n + 1)).tolist()
    found = {b"": 0}
    number = [found.setdefault(therapy[a:b].tobytes(), len(found)) for a, b in pairwise(ends)]
    codes = [np.frombuffer(sequence, dtype=np.int16) for sequence in found]
    texts = [" > ".join(names[c] for c in sequence) for sequence in codes]
    return worded(np.array(number, dtype=np.int32), texts)


def _days(life: Lives) -> Columns:
    days, found, rows, marking = life["days"], life.found, life.rows, life.marking
    kinds = day_kinds(found)
    treated, waiting, free = (kinds == KINDS.index(k) for k in ("treated", "waiting", "free"))
    inpatient = np.isin((*marking.words("setting"), ""), INPATIENT)[found.mark("setting")]
    therapy = found.mark("therapy")
    once = _infused_once(marking)[therapy]
    per_day = {
        "treated_days": treated,
        "waiting_days": waiting,
        "off_days": ~(treated | waiting),
        "inpatient_days": inpatient,
    }
    for code, name in enumerate(marking.therapies):
        per_day[f"on.{name}"] = treated & (therapy == code)
        per_day[f"free.{name}"] = free & (therapy == code)
    per_day |= {f"infused_days.{name}": once * found.held(name) for name in _beds(marking)}
    row, column, amount = entries(np.stack([*per_day.values()], axis=1).astype(float), rows)
    place = life.where.take(row) * len(per_day) + column
    total = sums(place, days.take(row) * amount, life.n * len(per_day))
    total = total.reshape(life.n, len(per_day))
    row, _, amount = used(life.stays, marking, VISITS)
    visits = sums(life.where, sums(row, amount, len(rows)), life.n)
    columns = {name: total[:, k].copy() for k, name in enumerate(per_day)}
    columns = {**dict.fromkeys(DAYS, visits), **columns}
    alive = sums(life.where, days, life.n)
    contact = np.minimum(columns["inpatient_days"] + columns["visits"], alive)
    return {**columns, "contact_days": contact, "home_days": alive - contact}


def _beds(marking: Marking) -> list[str]:
    """The resources that are beds: held by patients in hospital, and by nobody elsewhere."""
    placed = [m for m in marking.states if m.setting is not None]
    inside = {name for m in placed if m.setting in INPATIENT for name in m.holds}
    outside = {name for m in placed if m.setting not in INPATIENT for name in m.holds}
    return [p.name for p in marking.pools if p.places and p.name in inside - outside]


def _infused_once(marking: Marking) -> Flags:
    """For each therapy, and for none, whether it is one that is infused once."""
    once = {m.therapy for m in marking.states if "infused" in m.tags}
    return np.array([name in once for name in marking.therapies] + [False])


def day_kinds(found: Configurations) -> Array:
    """What the days in each configuration are: the place in KINDS.

    The phase that counts is that of level 0: an infection in remission leaves the days free.
    """
    states, level = found.marking.states, found.levels[:, 0]

    def of(phases: tuple[str, ...]) -> Array:
        return np.array([mark.phase in phases for mark in states] + [False])[level]

    return np.select([found.treated | of(GIVING), of(WAITING), of(FREE)], [1, 2, 3], 0)


def _infusion(life: Lives) -> Columns:
    """From the first referral for a therapy that is infused once to its infusion or its loss.

    Lost is who, before an infusion, enters a state tagged "lost", begins a line of another therapy
    or leaves the model. The decision is the last referral before the first infusion.
    """
    once, marking = _infused_once(life.marking), life.marking
    referrals, infusions = life.tagged("referred"), life.tagged("infused")
    referrals = referrals.take(np.flatnonzero(once[life.therapy(referrals)]))
    referral, infusion = life.first_at(referrals), life.first_at(infusions)

    def after(rows: Array) -> Array:
        since = referral.take(life.where.take(rows))
        return rows.take(np.flatnonzero((since >= 0) & (rows > since)))

    lines = after(life.tagged("line"))
    begun_by = life.therapy(referral)
    others = lines[life.therapy(lines) != begun_by.take(life.where.take(lines))]
    leaves = np.flatnonzero(marking.ending()[life.found.top][life.rows])
    leaves = np.concatenate((after(life.tagged("lost")), after(leaves), others))
    lost = life.first_at(np.sort(leaves))
    in_time = life.first_at(after(infusions))
    lost = np.where((in_time >= 0) & ((lost < 0) | (in_time <= lost)), -1, lost)
    before = np.flatnonzero(referrals <= infusion.take(life.where.take(referrals)))
    decision = life.last_at(referrals.take(before))
    return {
        "referred": life.time(referral),
        "infused": life.time(infusion),
        "lost": life.time(lost),
        "lost_cause": _why(life.stays, lost),
        "decision_to_infusion": life.time(infusion) - life.time(decision),
    }


def _why(stays: pd.DataFrame, rows: Array) -> Any:
    """What led to each row: the clock or resource, and the option then taken; "" for -1."""
    earlier = rows[rows > 0] - 1
    cause, option = words(stays["cause"]), words(stays["option"])
    why = cause.codes.take(earlier).astype(np.int64) * len(option.categories)
    why += option.codes.take(earlier)
    pairs, number = np.unique(why, return_inverse=True)
    told = [""]
    for pair in pairs.tolist():
        c, o = divmod(pair, len(option.categories))
        name, way = str(cause.categories[c]), str(option.categories[o])
        told.append(f"{name}: {way}" if way else name)
    codes = np.zeros(len(rows), dtype=np.int32)
    codes[rows > 0] = number + 1
    return worded(codes, told)


def _milestones(life: Lives) -> Columns:
    marking, starts, progressed = life.marking, life.tagged(*STARTS), life.tagged("progression")
    start, last_start = life.first_at(starts), life.last_at(starts)
    lines = life.tagged("line")

    def after(rows: Array) -> Array:
        since = start.take(life.where.take(rows))
        return rows.take(np.flatnonzero((since >= 0) & (rows > since)))

    state = life.found.top.take(life.rows.take(life.last))
    since_start = life.last_at(progressed) > last_start
    died, of_disease = marking.tagged("dead")[state], marking.tagged("relapse_death")[state]
    return {
        "treatment": life.time(start),
        "progression": life.time(life.first_at(progressed)),
        "progression_after": life.time(life.first_at(after(progressed))),
        "next_line": life.time(life.first_at(after(lines))),
        "non_relapse_death": died & (last_start >= 0) & ~since_start & ~of_disease,
    }
