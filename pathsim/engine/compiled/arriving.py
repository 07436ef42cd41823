"""Arrivals in the compiled engine: when the next patient comes, and what is done then.

With `instants.py` the twin of `pathsim.engine.reference`; there arrivals are an iterator of the
stream's, here each stream has a place in `coming`.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
from __future__ import annotations

import math

from pathsim import draws
from pathsim.engine.compiled.broken import NO_END, broken
from pathsim.engine.compiled.parts import jitted
from pathsim.engine.compiled.patient import (
    inverse_cumulative_hazard,
    stream,
    uniform_in,
    unit_exponential,
)
from pathsim.engine.compiled.setting import draw_variables, set_variables
from pathsim.engine.compiled.transition import (
    ARRIVAL,
    ARRIVE_ROW,
    WORDLESS,
    carry_out,
    log,
    start_standing,
)
from pathsim.engine.reference import MAX_IN_AN_INSTANT
from pathsim.events import ARRIVAL as ARRIVAL_NAME
from pathsim.pathway.tables import AT, NONE, STEADY

INF = math.inf
ARRIVAL_KEY = draws.key_of(ARRIVAL_NAME)


@jitted
def await_arrival(run, k):
    """When the stream's next patient arrives: infinite where none does."""
    coming, coming_from = run.coming[k], run.streams[k]
    count = coming.count
    time = INF
    if coming_from.most != NONE and count >= coming_from.most:
        time = INF
    elif coming_from.kind == AT:
        time = run.times[coming_from.first_time + count]
    elif coming_from.kind == STEADY:
        time = coming_from.start + count * coming_from.interval
    else:
        luck = stream(int(run.seed), int(run.replication), int(coming.number))
        coming.expected += unit_exponential(uniform_in(luck, ARRIVAL_KEY, 0))
        law = run.laws[coming_from.law]
        parameters = run.parameters[law.first_parameter :]
        time = inverse_cumulative_hazard(law.code, parameters, coming.expected)
    coming.time = time if time <= run.horizon else INF


@jitted
def next_arrival(run):
    """Of all streams, the first patient to arrive, by time and number."""
    run.arrival_at, run.arriving = INF, 0
    for k in range(run.most_streams):
        coming, first = run.coming[k], run.coming[run.arriving]
        if coming.time < run.arrival_at or (
            coming.time == run.arrival_at and coming.number < first.number
        ):
            run.arrival_at, run.arriving = coming.time, k


@jitted
def has_room(run):
    return (
        run.slots_free > 0
        and run.serial < run.serial_room
        and run.values_written + run.most_variables <= run.value_room
    )


@jitted
def arrive(run, k):
    """The next patient of a stream; the slot."""
    coming = run.coming[k]
    s = settle_in(run, k, coming.number)
    coming.count += 1
    coming.number += 1
    await_arrival(run, k)
    return s


@jitted
def settle_in(run, k, number):
    """An arrival is a ring (6)."""
    coming_from = run.streams[k]
    run.slots_free -= 1
    s = run.free_slots[run.slots_free]
    patient = run.patients[s]
    patient.number, patient.serial, patient.stream = number, run.serial, k
    patient.pathway, patient.depth = coming_from.pathway, -1
    pathway = run.pathways[patient.pathway]
    patient.first_name = pathway.first_name
    patient.running = patient.rows = patient.requests = patient.holdings = patient.rings = 0
    patient.place, patient.instant = NONE, -1.0
    patient.luck = stream(int(run.seed), int(run.replication), int(number))
    clear(run, s, pathway.clocks, pathway.names)
    run.arrivals[run.serial].number, run.arrivals[run.serial].stream = number, k
    run.serial += 1
    guard(run, s)
    draw_variables(run, s)
    set_variables(run, s, coming_from.first_set, coming_from.sets)
    keep_first_values(run, s, pathway.variables)
    log(run, s, ARRIVE_ROW, 0, WORDLESS, run.arrival_word, coming_from.word)
    for c in range(pathway.first_standing, pathway.first_standing + pathway.standings):
        if run.clocks[c].from_arrival != 0:
            start_standing(run, s, c)
    if run.problem == 0:  # else whoever broke the law might be gone before it is said
        carry_out(run, s, ARRIVAL, 0, False, NONE, run.arrival_word, coming_from.target)
    return s


@jitted
def clear(run, s, clocks, names):
    """Nothing of whoever had the slot before."""
    for i in range(clocks):
        run.running_at[s * run.most_clock_names + i] = NONE
    for i in range(names):
        run.counts[s * run.most_names + i] = 0
    for r in range(run.most_resources):
        run.waiting[s * run.most_resources + r].request = NONE
        run.held[s * run.most_resources + r] = 0
    lowest = run.levels_of[s * run.most_levels]
    lowest.state, lowest.detour, lowest.started_by = 0, NONE, NONE


@jitted
def keep_first_values(run, s, many):
    """The row of the `patients` table."""
    first = run.values_written
    for i in range(many):
        run.first_values[first + i] = run.values[s * run.most_variables + i]
    run.arrivals[run.patients[s].serial].first_value = first
    run.values_written = first + many


@jitted
def guard(run, s):
    """A patient who rings without end in one instant is a model that does not move."""
    patient = run.patients[s]
    if patient.instant == run.now:
        patient.rings += 1
    else:
        patient.instant, patient.rings = run.now, 1
    if patient.rings > MAX_IN_AN_INSTANT:
        broken(run, NO_END, s, NONE, NONE)
        return False
    return True
