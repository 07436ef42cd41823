"""One row a patient: dates, lines, days of each kind, what was lost and how it ended.

Made from the stays and the marks; other users of the resources are left out. Called by survival,
summaries and figures. A fold: rows of one patient depend on that patient alone.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.columns import (
    Array,
    Flags,
    array,
    coded,
    first_at,
    first_of_patient,
    last_at,
    place,
    sums,
    taken,
    words,
)
from pathsim.outcomes.resources import held, of_other_users, used
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
    ours = stays[~of_other_users(stays)].reset_index(drop=True)
    where, time, first = place(ours), array(ours, "from"), first_of_patient(ours)
    n = int(first.sum())
    table = ours.loc[first, ["replication", "patient", "stream"]].reset_index(drop=True)
    parts = (
        _ends(ours, marking, where, n),
        _therapies(ours, marking, where, n),
        _days(ours, marking, where, n),
        _infusion(ours, marking, where, n),
        _milestones(ours, marking, where, n),
    )
    table["arrival"] = time[first]
    return pd.concat([table, *parts], axis=1)


def _ends(stays: pd.DataFrame, marking: Marking, where: Array, n: int) -> pd.DataFrame:
    last = last_at(where, np.ones(len(stays), dtype=bool), n)
    first = first_at(where, np.ones(len(stays), dtype=bool), n)
    censored, seen = array(stays, "censored")[last], array(stays, "to")[last]
    state = array(stays, "state")[last]
    cause = words(stays["cause"]).take(np.maximum(last - 1, 0))
    tags = [[t in m.tags for t in DEATHS] for m in marking.states]
    tag = np.array([row.index(True) if any(row) else -1 for row in tags] + [-1])
    dead = marking.tagged("dead")[state] & ~censored
    return pd.DataFrame(
        {
            "exit": np.where(censored, np.nan, seen),
            "last_seen": seen,
            "days": seen - array(stays, "from")[first],
            "exit_state": coded(np.where(censored, -1, state), marking.codes),
            "exit_cause": coded(np.where(censored | (last == first), -1, cause.codes),
                                cause.categories),
            "dead": dead,
            "death_cause": coded(np.where(dead, tag[state], -1), DEATHS),
        }
    )  # fmt: skip


def _therapies(stays: pd.DataFrame, marking: Marking, where: Array, n: int) -> pd.DataFrame:
    starts, therapy = tagged_entries(stays, marking, *STARTS), array(stays, "therapy")
    off_label = tagged_entries(stays, marking, "off_label") + array(stays, "off_label")
    last = last_at(where, np.ones(len(stays), dtype=bool), n)
    columns: dict[str, Array] = {
        "lines": array(stays, "line")[last],
        "therapies": _sequences(where[starts], therapy[starts], marking.therapies, n),
        "off_label": sums(where, off_label, n).astype(int),
    }
    for code, name in enumerate(marking.therapies):
        begun = first_at(where, starts & (therapy == code), n)
        columns[f"first_dose.{name}"] = taken(array(stays, "from"), begun)
    return pd.DataFrame(columns)


def _sequences(where: Array, therapy: Array, names: tuple[str, ...], n: int) -> Array:
    """The therapies begun by each patient, as text; one begun again at once stands once."""
    found: list[list[int]] = [[] for _ in range(n)]
    for patient, code in zip(where.tolist(), therapy.tolist(), strict=True):
        if code >= 0 and found[patient][-1:] != [code]:
            found[patient].append(code)
    return np.array([" > ".join(names[c] for c in codes) for codes in found], dtype=object)


def _days(stays: pd.DataFrame, marking: Marking, where: Array, n: int) -> pd.DataFrame:
    days, kinds = array(stays, "days"), day_kinds(stays, marking)
    treated, waiting, free = (kinds == KINDS.index(k) for k in ("treated", "waiting", "free"))
    inpatient = np.isin((*marking.words("setting"), ""), INPATIENT)[array(stays, "setting")]
    visits = np.sum([used(stays, marking, item) for item in VISITS], axis=0)
    amounts = {
        "treated_days": days * treated,
        "waiting_days": days * waiting,
        "off_days": days * ~(treated | waiting),
        "inpatient_days": days * inpatient,
        "visits": visits,
    }
    for code, name in enumerate(marking.therapies):
        in_force = array(stays, "therapy") == code
        amounts[f"on.{name}"] = days * (treated & in_force)
        amounts[f"free.{name}"] = days * (free & in_force)
    once = _infused_once(stays, marking)
    for name in _beds(marking):
        amounts[f"infused_days.{name}"] = days * once * held(stays, marking, name)
    table = pd.DataFrame({name: sums(where, amount, n) for name, amount in amounts.items()})
    alive = sums(where, days, n)
    contact = np.minimum(table["inpatient_days"] + table["visits"], alive)
    return table.assign(contact_days=contact, home_days=alive - contact)


def _beds(marking: Marking) -> list[str]:
    """The resources that are beds: held by patients in hospital, and by nobody elsewhere."""
    placed = [m for m in marking.states if m.setting is not None]
    inside = {name for m in placed if m.setting in INPATIENT for name in m.holds}
    outside = {name for m in placed if m.setting not in INPATIENT for name in m.holds}
    return [p.name for p in marking.pools if p.places and p.name in inside - outside]


def _infused_once(stays: pd.DataFrame, marking: Marking) -> Flags:
    """True where the therapy in force is one that is infused once."""
    once = {m.therapy for m in marking.states if "infused" in m.tags}
    flags = np.array([name in once for name in marking.therapies] + [False])
    found: Flags = flags[array(stays, "therapy")]
    return found


def day_kinds(stays: pd.DataFrame, marking: Marking) -> Array:
    """What the days of each row are: the place in KINDS.

    The phase that counts is that of level 0: an infection in remission leaves the days free.
    """
    level = array(stays, "level_0")

    def of(phases: tuple[str, ...]) -> Array:
        return np.array([mark.phase in phases for mark in marking.states] + [False])[level]

    treated = array(stays, "treated") | of(GIVING)
    return np.select([treated, of(WAITING), of(FREE)], [1, 2, 3], 0)


def _infusion(stays: pd.DataFrame, marking: Marking, where: Array, n: int) -> pd.DataFrame:
    """From the first referral for a therapy that is infused once to its infusion or its loss.

    Lost is who, before an infusion, enters a state tagged "lost", begins a line of another therapy
    or leaves the model. The decision is the last referral before the first infusion.
    """
    time, therapy, rows = array(stays, "from"), array(stays, "therapy"), np.arange(len(stays))
    referrals = tagged_entries(stays, marking, "referred") & _infused_once(stays, marking)
    infusions = tagged_entries(stays, marking, "infused")
    referral, infusion = first_at(where, referrals, n), first_at(where, infusions, n)
    after = (referral >= 0)[where] & (rows > referral[where])
    other = tagged_entries(stays, marking, "line") & (therapy != therapy[referral][where])
    leaves = tagged_entries(stays, marking, "lost") | marking.ending()[array(stays, "state")]
    lost = first_at(where, after & (leaves | other), n)
    in_time = first_at(where, after & infusions, n)
    lost = np.where((in_time >= 0) & ((lost < 0) | (in_time <= lost)), -1, lost)
    decision = last_at(where, referrals & (rows <= infusion[where]), n)
    return pd.DataFrame(
        {
            "referred": taken(time, referral),
            "infused": taken(time, infusion),
            "lost": taken(time, lost),
            "lost_cause": _why(stays, lost),
            "decision_to_infusion": taken(time, infusion) - taken(time, decision),
        }
    )


def _why(stays: pd.DataFrame, rows: Array) -> Array:
    """What led to each row: the clock or resource, and the option then taken; "" for -1."""
    earlier = np.maximum(rows - 1, 0)
    cause = words(stays["cause"]).take(earlier).astype(str)
    option = words(stays["option"]).take(earlier).astype(str)
    told = [f"{c}: {o}" if o else c for c, o in zip(cause, option, strict=True)]
    return np.where(rows > 0, np.array(told, dtype=object), "")


def _milestones(stays: pd.DataFrame, marking: Marking, where: Array, n: int) -> pd.DataFrame:
    time, rows = array(stays, "from"), np.arange(len(stays))
    starts = tagged_entries(stays, marking, *STARTS)
    progressed = tagged_entries(stays, marking, "progression")
    start, last_start = first_at(where, starts, n), last_at(where, starts, n)
    after = (start >= 0)[where] & (rows > start[where])
    lines = tagged_entries(stays, marking, "line")
    state = array(stays, "state")[last_at(where, np.ones(len(stays), dtype=bool), n)]
    of_disease = marking.tagged("relapse_death")[state]
    since_start = last_at(where, progressed, n) > last_start
    died = marking.tagged("dead")[state]
    return pd.DataFrame(
        {
            "treatment": taken(time, start),
            "progression": taken(time, first_at(where, progressed, n)),
            "progression_after": taken(time, first_at(where, progressed & after, n)),
            "next_line": taken(time, first_at(where, lines & after, n)),
            "non_relapse_death": died & (last_start >= 0) & ~since_start & ~of_disease,
        }
    )
