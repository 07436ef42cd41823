"""One replication in the compiled engine, from instant to instant (docs/law.md, section 9).

The twin of `pathsim.engine.reference`, function by function. `instants` goes through the calendar
of all patients; `lives`, where no resource binds them together, takes one patient after another.
Both return to Python when the log is full or memory is short, and are entered again where they
were. What happens inside an event stands in `transition.py` and `change.py`.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
from __future__ import annotations

import math

from pathsim import draws
from pathsim.engine.compiled import calendar
from pathsim.engine.compiled.broken import NO_END, broken
from pathsim.engine.compiled.change import reschedule, stop
from pathsim.engine.compiled.parts import jitted
from pathsim.engine.compiled.patient import (
    clock_moves,
    inverse_cumulative_hazard,
    request_moves,
    resource_as_thing,
    stream,
    uniform_in,
    unit_exponential,
)
from pathsim.engine.compiled.pool import (
    forget,
    leave_queue,
    next_to_serve,
    remember,
    step_pool,
    take,
)
from pathsim.engine.compiled.setting import draw_variables, set_variables
from pathsim.engine.compiled.transition import (
    ARRIVAL,
    ARRIVE_ROW,
    CENSOR_ROW,
    CLOCK,
    GRANT,
    STANDING_CLOCK,
    WORDLESS,
    carry_out,
    leave,
    log,
    start_standing,
)
from pathsim.engine.reference import MAX_IN_AN_INSTANT
from pathsim.events import ARRIVAL as ARRIVAL_NAME
from pathsim.pathway.tables import AT, NONE, SCORE, STEADY

DONE, LOG_FULL, NO_ROOM, BROKEN = range(4)
"""Why a run returned to Python."""

INF = math.inf
ARRIVAL_KEY = draws.key_of(ARRIVAL_NAME)


@jitted
def begin(run):
    """The first arrival of each stream, and where the releases of each resource stand."""
    for k in range(run.most_streams):
        run.coming[k].number = run.streams[k].first
        await_arrival(run, k)
    next_arrival(run)
    for i in range(run.last_releases):
        pool = run.pools[run.releases[i].resource]
        if pool.last_release == 0:
            pool.next_release = i
        pool.last_release = i + 1
    return DONE


@jitted
def instants(run):
    """Everything up to the horizon."""
    while run.problem == 0:
        if run.written > run.row_room - run.margin:
            return LOG_FULL
        rings = run.calendar[0].time if run.calendar_size > 0 else INF
        steps = run.steps[run.next_step].time if run.next_step < run.last_step else INF
        now = min(rings, run.arrival_at)
        if run.grant_is_due != 0 and now > run.now and steps > run.now:
            if not forget(run) or not grant(run):
                return NO_ROOM
            continue
        if min(now, steps) > run.horizon:
            return DONE
        if steps <= now:
            run.now = steps
            step(run)
            continue
        run.now = now
        if arrives_first(run, rings):
            if not has_room(run):
                return NO_ROOM
            s = arrive(run, run.arriving)
            next_arrival(run)
        else:
            s = run.calendar[0].slot
            if not has_width(run, s):
                return NO_ROOM
            ring(run, s)
        await_ring(run, s)
    return BROKEN


@jitted
def arrives_first(run, rings):
    if run.arrival_at != rings:
        return run.arrival_at < rings
    return run.coming[run.arriving].number < run.calendar[0].number


@jitted
def await_ring(run, s):
    """The patient's next ring goes to the calendar, if it comes before the run is over."""
    if run.patients[s].number != NONE:
        reschedule(run, s)
        if run.patients[s].due <= run.horizon:
            calendar.at(run, s, run.patients[s].due)
            return
    calendar.cancel(run, s)


@jitted
def step(run):
    """Phase 1: a capacity or a release takes effect."""
    now = run.steps[run.next_step]
    step_pool(run, now.resource, now.amount)
    now.stock = run.pools[now.resource].stock
    run.next_step += 1
    run.grant_is_due = 1


@jitted
def ring(run, s):
    """Phase 2: a clock rings (6)."""
    if not guard(run, s):
        return
    patient = run.patients[s]
    running = run.running[s * run.most_running + patient.next_clock]
    c, name, level = running.clock, running.name, running.level
    standing = running.standing != 0
    stop(run, s, name)
    clock = run.clocks[c]
    set_variables(run, s, clock.first_set, clock.sets)
    level = patient.depth if standing else level
    kind, starts = (STANDING_CLOCK, NONE) if standing else (CLOCK, name)
    cause = run.names[patient.first_name + name].word
    moves = clock_moves(run, s, name, level)
    carry_out(run, s, kind, level, moves, starts, cause, clock.target)


@jitted
def grant(run):
    """Phase 3: one grant, to the first of the first queue that can be served (8).

    False where there is no room for it, and nothing has been done.
    """
    for r in range(run.most_resources):
        if run.pools[r].changed != 0:
            s = next_to_serve(run, r)
            if s != NONE:
                if not has_width(run, s):
                    return False
                serve(run, r, s)
                await_ring(run, s)
                return True
            run.pools[r].changed = 1 if run.resources[r].discipline == SCORE else 0
    run.grant_is_due = 0
    return True


@jitted
def serve(run, r, s):
    """Give the patient what was asked, and carry out where that leads."""
    if not guard(run, s):
        return
    resource, waiting = run.resources[r], run.waiting[s * run.most_resources + r]
    amount, level, asked = waiting.amount, waiting.level, waiting.request
    leave_queue(run, r, s)
    run.patients[s].requests -= 1
    remember(run, r, run.now - waiting.date)
    take(run, r, amount)
    if resource.returned != 0 or resource.until != NONE:
        run.held[s * run.most_resources + r] += amount
        run.patients[s].holdings += 1
    thing = resource_as_thing(run, s, r)
    moves = request_moves(run, s, thing, level)
    target = run.requests[asked].target
    carry_out(run, s, GRANT, level, moves, thing, resource.word, target)


# --- arriving and leaving ---


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
def has_width(run, s):
    """Whether whatever one event starts can run beside what runs."""
    most = run.patients[s].running + run.most_started
    return most <= run.most_running or run.most_clock_names <= run.most_running


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
def censor_all(run):
    """Everyone still present at the horizon; DONE unless the log is full before."""
    run.now = run.horizon
    for s in range(run.slots):
        if run.patients[s].number != NONE:
            if run.written > run.row_room - run.margin:
                return LOG_FULL
            censor(run, s)
    return DONE


@jitted
def censor(run, s):
    depth = run.patients[s].depth
    state = run.levels_of[s * run.most_levels + depth].state
    log(run, s, CENSOR_ROW, depth, run.states[state].word, run.horizon_word, WORDLESS)
    leave(run, s)


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


# --- one patient after another ---


@jitted
def lives(run):
    """The patients of one stream, a whole life at a time: nothing binds them together."""
    k = run.arriving
    while run.problem == 0:
        if run.written > run.row_room - run.margin:
            return LOG_FULL
        if run.living == NONE:
            if run.coming[k].time > run.horizon or run.coming[k].count >= run.last_count:
                return DONE
            if not has_room(run):
                return NO_ROOM
            run.now = run.coming[k].time
            run.living = arrive(run, k)
        elif has_width(run, run.living):
            live_on(run, run.living)
        else:
            return NO_ROOM
        if run.patients[run.living].number == NONE:
            run.living = NONE
    return BROKEN


@jitted
def live_on(run, s):
    """The patient's next ring, or the horizon."""
    reschedule(run, s)
    if run.patients[s].due <= run.horizon:
        run.now = run.patients[s].due
        ring(run, s)
    else:
        run.now = run.horizon
        censor(run, s)


@jitted
def pass_over(run):
    """The stream goes on to where others begin, its patients left to them."""
    k = run.arriving
    while run.coming[k].count < run.last_count and run.coming[k].time <= run.horizon:
        run.coming[k].count += 1
        run.coming[k].number += 1
        await_arrival(run, k)
    return DONE
