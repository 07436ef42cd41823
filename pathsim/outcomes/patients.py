"""One row a patient: dates, lines, days of each kind, what was lost and how it ended.

Made from the stays and the marks; other users of the resources are left out. Called by survival,
summaries and figures. A fold: rows of one patient depend on that patient alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pathsim.outcomes.block import Block
from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.columns import (
    Array,
    Columns,
    Flags,
    coded,
    entries,
    first_at,
    last_at,
    numbered,
    runs,
    sums,
    taken,
    worded,
)
from pathsim.outcomes.configurations import Configurations

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


TOXICITIES = {
    "crs": "CRS", "icans": "ICANS", "icu": "intensive care", "iec_hs": "IEC-HS",
    "cytopenia": "prolonged cytopenia", "infection": "a serious infection",
    "enterocolitis": "enterocolitis", "cranial_nerve_palsy": "cranial nerve palsy",
    "delayed_neurotoxicity": "other delayed neurotoxicity",
}  # fmt: skip
"""The tag of a toxicity -> how it is told."""


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
    - `had.TOXICITY`: the date of the first CRS, ICANS, serious infection and so on, of those that
      the pathways can bring;
    - `non_relapse_death`: died after a therapy's start with no progression since the last start.
    """
    return pd.DataFrame(patient_columns(Block.of(stays, marking).ours), copy=False)


def patient_columns(block: Block) -> Columns:
    """The columns of `patients`, from a block of ours."""
    lives = Lives(block)
    return {
        "replication": block["replication"].take(block.starts),
        "patient": block["patient"].take(block.starts),
        "stream": block.column("stream").take(block.starts),
        "arrival": block["from"].take(block.starts),
        **_ends(lives),
        **_therapies(lives),
        **_days(lives),
        **_infusion(lives),
        **_milestones(lives),
        **_toxicities(lives),
    }


@dataclass(frozen=True)
class Lives:
    """A block by patient: for each the first or last of some rows, given by their numbers."""

    block: Block

    @property
    def n(self) -> int:
        return len(self.block.starts)

    def therapy(self, rows: Array) -> Array:
        """The therapy in force at these rows: its place in the marking."""
        return self.block.found.therapy[self.block.configuration.take(rows)]

    def first_at(self, rows: Array) -> Array:
        """The first of these rows of each patient; -1 for none."""
        return first_at(self.block.where, rows, self.n)

    def last_at(self, rows: Array) -> Array:
        """The last of these rows of each patient; -1 for none."""
        return last_at(self.block.where, rows, self.n)

    def time(self, rows: Array) -> Array:
        """When these rows began; NaN for -1."""
        return taken(self.block["from"], rows)

    def after(self, rows: Array, start: Array) -> Array:
        """Those of these rows that are later than the row from which each patient counts."""
        since = start.take(self.block.where.take(rows))
        return rows.take(np.flatnonzero((since >= 0) & (rows > since)))


def _ends(lives: Lives) -> Columns:
    block, marking, last = lives.block, lives.block.marking, lives.block.ends
    censored, seen = block["censored"].take(last), block["to"].take(last)
    state = block.found.top.take(block.configuration.take(last))
    cause = block.column("cause").take(np.maximum(last - 1, 0))
    tag = np.select([marking.tagged(tag) for tag in DEATHS], range(len(DEATHS)), -1)
    dead = marking.tagged("dead")[state] & ~censored
    at_once = last == block.starts
    return {
        "exit": np.where(censored, np.nan, seen),
        "last_seen": seen,
        "days": seen - block["from"].take(block.starts),
        "exit_state": coded(np.where(censored, -1, state), marking.codes),
        "exit_cause": coded(np.where(censored | at_once, -1, cause.codes), cause.categories),
        "dead": dead,
        "death_cause": coded(np.where(dead, tag[state], -1), DEATHS),
    }


def _therapies(lives: Lives) -> Columns:
    block, starts = lives.block, lives.block.entries(*STARTS)
    therapy, off_label = lives.therapy(starts), block["off_label"].astype(float)
    off_label[block.entries("off_label")] += 1
    begun_at, names = block.where.take(starts), block.marking.therapies
    lines = np.bincount(block.where.take(block.entries("line")), minlength=lives.n)
    columns = {
        "lines": lines.astype(np.int32),
        "therapies": _sequences(begun_at, therapy, names, lives.n),
        "off_label": sums(block.where, off_label, lives.n).astype(int),
    }
    for code, name in enumerate(names):
        begun = starts.take(np.flatnonzero(therapy == code))
        columns[f"first_dose.{name}"] = lives.time(lives.first_at(begun))
    return columns


def _sequences(where: Array, therapy: Array, names: tuple[str, ...], n: int) -> Any:
    """The therapies begun by each patient, as words; one begun again at once stands once."""
    known = np.flatnonzero(therapy >= 0)
    where, therapy = where.take(known), therapy.take(known)
    kept = np.flatnonzero(runs(where) | runs(therapy))
    where, therapy = where.take(kept), therapy.take(kept)
    starts = np.flatnonzero(runs(where))
    turn = np.arange(len(where)) - np.repeat(starts, np.diff(starts, append=len(where)))
    texts, sequence = [""], np.zeros(n, dtype=np.int64)
    for k in range(int(turn.max(initial=-1)) + 1):
        now = np.flatnonzero(turn == k)
        longer = sequence[where[now]] * len(names) + therapy[now]
        number, occur = numbered(longer, len(texts) * len(names))
        sequence[where[now]] = len(texts) + number
        pairs = [divmod(pair, len(names)) for pair in occur.tolist()]
        texts += [f"{texts[so_far]} > {names[code]}" for so_far, code in pairs]
    return worded(sequence, [text.removeprefix(" > ") for text in texts])


def _days(lives: Lives) -> Columns:
    block, n = lives.block, lives.n
    days, found, marking = block["days"], block.found, block.marking
    kinds = day_kinds(found)
    treated, waiting, free = (kinds == KINDS.index(k) for k in ("treated", "waiting", "free"))
    inpatient = np.isin((*marking.words("setting"), ""), INPATIENT)[found.mark("setting")]
    therapy = found.therapy
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
    each = np.stack([*per_day.values()], axis=1).astype(float)
    row, column, amount = entries(each, block.configuration)
    place = block.where.take(row) * len(per_day) + column
    total = sums(place, days.take(row) * amount, n * len(per_day)).reshape(n, len(per_day))
    row, thing, amount = block.used
    visit = np.flatnonzero(np.array([t in VISITS for t in (*marking.things, "")])[thing])
    by_row = sums(row.take(visit), amount.take(visit), len(block))
    visits = sums(block.where, by_row, n)
    columns = {name: total[:, k].copy() for k, name in enumerate(per_day)}
    columns = {**dict.fromkeys(DAYS, visits), **columns}
    alive = sums(block.where, days, n)
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
    of, level = found.marking.in_phase, found.levels[:, 0]
    giving, waiting, free = (of(*phases)[level] for phases in (GIVING, WAITING, FREE))
    return np.select([found.treated | giving, waiting, free], [1, 2, 3], 0)


def _infusion(lives: Lives) -> Columns:
    """From the first referral for a therapy that is infused once to its infusion or its loss.

    Lost is who, before an infusion, enters a state tagged "lost", begins a line of another therapy
    or leaves the model. The decision is the last referral before the first infusion.
    """
    block, once = lives.block, _infused_once(lives.block.marking)
    referrals, infusions = block.entries("referred"), block.entries("infused")
    referrals = referrals.take(np.flatnonzero(once[lives.therapy(referrals)]))
    referral, infusion = lives.first_at(referrals), lives.first_at(infusions)
    lines = lives.after(block.entries("line"), referral)
    meant = lives.therapy(referral).take(block.where.take(lines))
    others = lines[lives.therapy(lines) != meant]
    ending = block.marking.ending()[block.found.top]
    leaving = np.flatnonzero(ending[block.configuration])
    leaving = np.concatenate((block.entries("lost"), leaving))
    lost = lives.first_at(np.sort(np.concatenate((lives.after(leaving, referral), others))))
    in_time = lives.first_at(lives.after(infusions, referral))
    lost = np.where((in_time >= 0) & ((lost < 0) | (in_time <= lost)), -1, lost)
    before = np.flatnonzero(referrals <= infusion.take(block.where.take(referrals)))
    decision = lives.last_at(referrals.take(before))
    return {
        "referred": lives.time(referral),
        "infused": lives.time(infusion),
        "lost": lives.time(lost),
        "lost_cause": _why(block, lost),
        "decision_to_infusion": lives.time(infusion) - lives.time(decision),
    }


def _why(block: Block, rows: Array) -> Any:
    """What led to each row: the clock or resource, and the option then taken; "" for -1."""
    earlier = rows[rows > 0] - 1
    cause, option = block.column("cause"), block.column("option")
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


def _milestones(lives: Lives) -> Columns:
    block, marking = lives.block, lives.block.marking
    starts, progressed = block.entries(*STARTS), block.entries("progression")
    start, last_start = lives.first_at(starts), lives.last_at(starts)
    since_start = lives.last_at(progressed) > last_start
    state = block.found.top.take(block.configuration.take(block.ends))
    died, of_disease = marking.tagged("dead")[state], marking.tagged("relapse_death")[state]
    next_lines = lives.after(block.entries("line"), start)
    return {
        "treatment": lives.time(start),
        "progression": lives.time(lives.first_at(progressed)),
        "progression_after": lives.time(lives.first_at(lives.after(progressed, start))),
        "next_line": lives.time(lives.first_at(next_lines)),
        "non_relapse_death": died & (last_start >= 0) & ~since_start & ~of_disease,
    }


def _toxicities(lives: Lives) -> Columns:
    """The date of each patient's first, for each toxicity that a state is tagged with."""
    tagged = {tag for mark in lives.block.marking.states for tag in mark.tags}
    return {
        f"had.{tag}": lives.time(lives.first_at(lives.block.entries(tag)))
        for tag in TOXICITIES
        if tag in tagged
    }
