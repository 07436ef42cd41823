"""One replication in the compiled engine, from instant to instant (docs/law.md, section 9).

The twin of `pathsim.engine.reference`, function by function. `instants` goes through the calendar
of all patients; `lives`, where no resource binds them together, takes one patient after another.
Both return to Python when the log is full or memory is short, and are entered again where they
were. What happens inside an event stands in `transition.py` and `change.py`.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
from __future__ import annotations

import math

from pathsim.engine.compiled import calendar
from pathsim.engine.compiled.arriving import (
    arrive,
    await_arrival,
    guard,
    has_room,
    next_arrival,
)
from pathsim.engine.compiled.change import reschedule, stop
from pathsim.engine.compiled.parts import jitted
from pathsim.engine.compiled.patient import (
    clock_moves,
    request_moves,
    resource_as_thing,
)
from pathsim.engine.compiled.pool import (
    forget,
    leave_queue,
    next_to_serve,
    remember,
    step_pool,
    take,
)
from pathsim.engine.compiled.setting import set_variables
from pathsim.engine.compiled.transition import (
    CENSOR_ROW,
    CLOCK,
    GRANT,
    STANDING_CLOCK,
    WORDLESS,
    carry_out,
    leave,
    log,
)
from pathsim.pathway.tables import NONE, SCORE

DONE, LOG_FULL, NO_ROOM, BROKEN = range(4)
"""Why a run returned to Python."""

INF = math.inf


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


# --- whether, and to the end -----------------------------------------------------------------


@jitted
def has_width(run, s):
    """Whether whatever one event starts can run beside what runs."""
    most = run.patients[s].running + run.most_started
    return most <= run.most_running or run.most_clock_names <= run.most_running


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
