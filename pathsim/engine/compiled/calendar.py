"""The calendar of the compiled engine: each patient's next ring, in a heap by time and number.

The twin of `pathsim.engine.calendar`: one entry a patient, moved when it changes, so that nothing
stale is ever in it. Steps, arrivals and grants are told apart in `instants.py`.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
from __future__ import annotations

from pathsim.engine.compiled.parts import jitted
from pathsim.pathway.tables import NONE


@jitted
def rings_before(run, i, time, number):
    entry = run.calendar[i]
    return entry.time < time or (entry.time == time and entry.number < number)


@jitted
def put(run, i, slot, time, number):
    entry = run.calendar[i]
    entry.slot, entry.time, entry.number = slot, time, number
    run.patients[slot].place = i


@jitted
def copy(run, to, i):
    entry = run.calendar[i]
    put(run, to, entry.slot, entry.time, entry.number)


@jitted
def at(run, s, time):
    """The patient rings next at exactly this time."""
    i, number = run.patients[s].place, run.patients[s].number
    if i == NONE:
        i = run.calendar_size
        run.calendar_size = i + 1
    while i > 0 and not rings_before(run, (i - 1) // 2, time, number):
        copy(run, i, (i - 1) // 2)
        i = (i - 1) // 2
    sink(run, i, s, time, number)


@jitted
def sink(run, i, s, time, number):
    """Put the entry where it belongs, at i or below."""
    size = run.calendar_size
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        left = run.calendar[child]
        if child + 1 < size and rings_before(run, child + 1, left.time, left.number):
            child += 1
        if not rings_before(run, child, time, number):
            break
        copy(run, i, child)
        i = child
    put(run, i, s, time, number)


@jitted
def cancel(run, s):
    """The patient rings no more."""
    i = run.patients[s].place
    if i == NONE:
        return
    run.patients[s].place = NONE
    last = run.calendar_size - 1
    run.calendar_size = last
    if i != last:
        entry = run.calendar[last]
        slot, time = entry.slot, entry.time
        run.patients[slot].place = i
        at(run, slot, time)
