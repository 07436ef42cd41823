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
    # Without short cuts: the processor guesses such branches wrong every other time.
    entry = run.calendar[i]
    return (entry.time < time) | ((entry.time == time) & (entry.number < number))


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
    else:
        i = down(run, i)
    while i > 0 and not rings_before(run, (i - 1) // 2, time, number):
        copy(run, i, (i - 1) // 2)
        i = (i - 1) // 2
    put(run, i, s, time, number)


@jitted
def down(run, i):
    """Let all below i move up, always the first of two; the place that becomes free.

    Who rings now rings again long after most others: that is quicker than to compare on the way.
    """
    size = run.calendar_size
    child = 2 * i + 2
    while child < size:
        left = run.calendar[child - 1]
        child -= 1 - int(rings_before(run, child, left.time, left.number))
        copy(run, i, child)
        i = child
        child = 2 * i + 2
    if child == size:
        copy(run, i, child - 1)
        i = child - 1
    return i


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
