"""What is in each column of an exported event log: the README beside it.

Called by `export`. The names are those of the IEEE standard for event logs (1849, XES) where it has
one. Knows no number.
"""

from __future__ import annotations

from collections.abc import Iterable

from pathsim.outcomes.dictionary import listed

COLUMNS = {
    "case:concept:name": "the case: STRATEGY/REPLICATION/PATIENT. The same patient has the same "
    "number, and the same luck, under each strategy",
    "concept:name": "the activity: a state of the pathway, the name of a resource, or `arrival`",
    "lifecycle:transition": "what happens to it, see below",
    "time:timestamp": "when: ISO 8601 to the millisecond, without a time zone, counted from the "
    "scenario's first day. Rows of one moment stand in the order in which they happen",
    "org:resource": "the resource that is asked for, granted or given back; for a state those "
    "that are held in it, joined by `; `; empty for none",
    "concept:instance": "which activity of the patient, from 1 on: the rows of one stay in a "
    "state have the same. Empty for resources",
    "kind": "state, resource or arrival: what the row is about",
    "day": "the same time in days since the start of the run, exact",
    "amount": "how much of the resource; empty for states",
    "therapy, phase, setting": "what is in force from then on; for what ends, until then",
    "cause": "the clock that rang, or the resource that was granted; `arrival` at the beginning",
    "option": "what the last choice passed on the way took, such as a rule of the strategy",
    "event": "infusion (of CAR T cells), first dose, progression, lost before infusion or death, "
    "where a state that is one of them begins",
    "case:strategy, case:replication, case:patient": "the parts of the case",
    "case:end": "how the life ends: the last state, or that the patient is alive at the end of "
    "the run, when states still held do not complete",
    "case:FEATURE": "what is known of the patient on arrival",
}
"""A column -> what it is."""

TRANSITIONS = {
    "start, complete": "a state is entered, and left. A state that ends the pathway, such as a "
    "death, has `complete` alone; so has the arrival. For a resource `complete` is its return",
    "suspend, resume": "a detour, such as an infection, interrupts a state; it is gone back to. "
    "What leaves it for good in between is `complete` without `resume`",
    "schedule, assign, withdraw": "a resource is asked for, granted, or no longer asked for",
}
"""Transitions of the standard's life cycle -> what they are here."""

ABOUT = """An event log: one row an event, in order of strategies, replications, patients and time.

The columns have the names of the IEEE standard for event logs (1849, XES) where it has one, so that
tools for process mining know them. Other users of the resources are left out. For a map of what
follows what, take the rows whose `lifecycle:transition` is `start`, or those whose `kind` is
`state`: rows of resources stand between those of states."""


def export_readme(file: str, features: Iterable[str]) -> str:
    """The text of the README beside an exported log, of this name and with these features."""
    names = ", ".join(f"case:{name}" for name in features)
    own = {"case:FEATURE": f"{COLUMNS['case:FEATURE']}: {names}"} if names else {}
    return "\n\n".join([
        f"{file}\n\n{ABOUT}",
        listed("COLUMNS", {**COLUMNS, **own}),
        listed("TRANSITIONS", TRANSITIONS),
    ]) + "\n"  # fmt: skip
