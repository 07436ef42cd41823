"""What is in each column of the tables of a run: those below measured/, and those of the log.

Read by `dictionary`, which makes the README.txt of a folder of results. Knows no number.
"""

from __future__ import annotations

WHO = {"replication, patient": "whose row it is: the numbers of the replication and the patient"}
STREAM = {"stream": "whence the patient comes; `other_users/...` are not ours"}
THERE = {
    "therapy": "the therapy; empty where it is not of one",
    "kind": "treated, free (in remission after a therapy that is given once), waiting (for a "
    "therapy) or off (neither: between lines, in supportive care)",
    "day": "days since the start of the run; in cohort since the patient's arrival",
    "number": "how many patients there are then, in this replication",
}

PATIENTS = {
    **WHO, **STREAM,
    "arrival, exit, last_seen": "days since the start of the run; exit is empty for those who are "
    "alive at its end",
    "days": "from arrival to last seen",
    "exit_state, exit_cause": "the last state and the clock that led to it; empty for the alive",
    "dead, death_cause": "whether dead, and of what",
    "lines": "lines of therapy begun here",
    "therapies": "those begun, in order",
    "off_label": "how many were begun by a rule beyond the label",
    "first_dose.THERAPY": "day of its first infusion or dose",
    "treated_days, waiting_days, off_days": "days on treatment, waiting for a therapy, and "
    "neither: together they are `days`",
    "on.THERAPY": "days treated with it",
    "free.THERAPY": "days untreated in remission after it",
    "inpatient_days, visits": "days in hospital; visits to the clinic and collections of cells",
    "contact_days, home_days": "days with health-care contact (both of the former, at most "
    "`days`), and all others",
    "infused_days.BED": "days in that bed while a therapy that is infused once is in force",
    "referred, infused, lost": "days of the first referral for CAR T cells, of the first infusion, "
    "and of a loss between them",
    "lost_cause": "what happened: the clock or resource, and the way that was then taken",
    "decision_to_infusion": "days from the last referral before the infusion to it",
    "treatment": "day of the first infusion or dose of any therapy",
    "progression, progression_after": "day of the first progression; of the first after treatment",
    "next_line": "day on which the first line after that of the first treatment begins",
    "non_relapse_death": "died after a therapy's start without progression since the last start",
    "had.TOXICITY": "day of the first",
}  # fmt: skip

LIVES = {
    **WHO,
    "from, to, days": "the stay, in days since the start of the run, and how long it is",
    "state": "where the patient is",
    "therapy, phase, setting": "what is in force there; empty for none",
    "kind": THERE["kind"],
    "event": "what begins there: first dose, infusion, progression, lost before infusion, death",
    "cause": "what ends it: the clock that rings, the resource granted, or `horizon`",
    "censored": "still there at the end of the run",
}

MEASURED = {
    "measured/patients": PATIENTS,
    "measured/waits": {
        **WHO, **STREAM,
        "state": "in which the request was made",
        "from, to, days": "when it was made and ended, and the days between",
        "outcome": "granted, withdrawn, or waiting still at the end of the run",
        "cause": "what ended it: the resource itself, the clock or other resource that led on, or "
        "`horizon`",
        "resource": "what was asked for",
    },
    "measured/daily": {
        "replication, day, resource": "which day of which resource",
        "held, queue, capacity": "places held, requests waiting and places there are, at midnight "
        "as the day begins; everybody counts. Capacity is empty for slots",
        "held_mean, queue_mean, capacity_mean": "the same, as means over the day",
    },
    "measured/occupancy": {
        "resource, month": "months of 30.4375 days, from 0 on",
        "held_mean, queue_mean, capacity_mean": "means over the month and over replications",
        "held_max": "the highest midnight count of any replication",
    },
    "measured/use": {
        "replication": "the number of the replication",
        "kind": "place days (places held times days), setting days, or used (how often)",
        "item": "the resource, the setting or the thing",
        "amount": "how much, by all our patients together",
    },
    "measured/stock": {
        "replication, resource, time": "which release of slots, on which day",
        "released, stock": "how many came, and how many there were just after",
        "taken, given_back, left": "until the next release, or the end of the run",
        "expired": "how many this release let lapse, since no more may be carried over",
    },
    "measured/present": {"replication": "the number of the replication", **THERE},
    "measured/cohort": {
        "replication": "the number of the replication", **THERE,
        "followed": "how many came so long before the end of the run, alive or not",
    },
    "measured/lives": LIVES,
    "log": {
        **WHO,
        "step": "the row's number within the patient, from 0 on",
        "time": "days since the start of the run",
        "kind": "arrive, choice, enter, move, detour, return, here, end or censor (docs/law.md)",
        "depth": "in how many detours, of the state in the row",
        "state": "the state entered, or the choice passed",
        "cause": "the clock, resource or choice that led to it",
        "option": "the way that a choice took; of an arrival the stream",
    },
    "patients": {
        **WHO, **STREAM,
        "VARIABLE": "each variable of the pathway as it was drawn on arrival; empty where it is "
        "not set yet. Moments are days since the start of the run",
    },
    "capacity": {
        "replication, time, resource": "what changes, and on which day",
        "kind": "capacity (of places) or allotment (of slots)",
        "amount": "how many there are from then on, or how many are released",
        "stock": "of slots: how many there are just after",
    },
}  # fmt: skip
"""A table, by its path in a strategy's folder -> column -> what it is."""
