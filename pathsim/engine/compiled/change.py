"""The rule of change in the compiled engine (docs/law.md, section 5).

The twin of `pathsim.engine.change`, function by function. `transition.py` settles a new
configuration and calls `apply`; what goes on, goes on untouched.

A set of names or resources is an array of numbers in which `run.change` stands for those that are
in it; `run.change` rises where a new set begins, so that nothing is ever cleared. Clocks use `seen`
and `listed`; requests, and after them holdings, use `asked`, with the members in `asked_for`.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
from __future__ import annotations

import math

from pathsim.engine.compiled.broken import TOO_MUCH, broken
from pathsim.engine.compiled.parts import inlined, jitted
from pathsim.engine.compiled.patient import (
    due,
    is_paused,
    resource_as_thing,
    spend,
    started_above,
    uniform,
    unit_exponential,
)
from pathsim.engine.compiled.pool import (
    give_back,
    join_queue,
    leave_queue,
    place_in_queue,
    room,
    take,
)
from pathsim.pathway.tables import FROM_START, NONE

INF = math.inf


@jitted
def apply(run, s, arriving):
    """Compare what the configuration lists with what runs, waits and is held."""
    clocks(run, s)
    if run.most_resources > 0:
        requests(run, s)
        holds(run, s, arriving)
        if run.has_scores != 0:  # time and variables alone may bring another to the front
            run.grant_is_due = 1


# --- clocks ---


@jitted
def clocks(run, s):
    """What is listed starts or goes on; what is not listed stops."""
    patient = run.patients[s]
    run.change += 1
    for k in range(patient.depth + 1):
        level = patient.depth - k
        at = s * run.most_levels + level
        state = run.states[run.levels_of[at].state]
        for i in range(state.clocks):
            c = state.first_clock + i
            name = run.clocks[c].name
            if patient.depth == 0 or run.seen[name] != run.change:
                run.seen[name] = run.change
                go_on(run, s, level, c, at * run.most_clocks + i)
        if run.levels_of[at].started_by != NONE:
            run.seen[run.levels_of[at].started_by] = run.change
    i = patient.running
    while i > 0:
        i -= 1
        running = run.running[s * run.most_running + i]
        if running.standing == 0 and running.listed != run.change:
            stop(run, s, running.name)


@inlined
def go_on(run, s, level, c, listed_at):
    """The listed clock starts, or goes on as now listed."""
    name, listed = run.clocks[c].name, run.listed[listed_at]
    paused = level < run.patients[s].depth and is_paused(run, s, name, level)
    i = run.running_at[s * run.most_clock_names + name]
    if i == NONE:
        start(run, s, c, listed.law, listed.ratio, listed.origin, level, paused, False)
    else:
        run.running[s * run.most_running + i].listed = run.change
        take_over(run, s, i, c, listed.law, listed.ratio, listed.origin, level, paused)


@inlined
def start(run, s, c, law, ratio, origin, level, paused, standing):
    """A new budget is drawn (3)."""
    name = run.clocks[c].name
    i = run.patients[s].running
    run.patients[s].running = i + 1
    run.running_at[s * run.most_clock_names + name] = i
    running = run.running[s * run.most_running + i]
    running.rest = unit_exponential(uniform(run, s, name))
    running.name, running.clock, running.law, running.ratio = name, c, law, ratio
    running.level, running.listed = level, run.change
    running.standing, running.paused = 1 if standing else 0, 0
    running.start = running.spent_at = run.now
    running.origin = run.now if run.clocks[c].since == FROM_START else origin
    pause(run, s, i, paused)


@jitted
def take_over(run, s, i, c, law, ratio, origin, level, paused):
    """Go on as now listed; the due time stays as it is where nothing differs."""
    running = run.running[s * run.most_running + i]
    now = run.now
    origin = running.start if run.clocks[c].since == FROM_START else origin
    same_terms = law == running.law and ratio == running.ratio and origin == running.origin
    running.level, running.clock = level, c
    if same_terms and paused == (running.paused != 0):
        return
    if running.paused == 0:
        spend_until(run, s, i)
    elif not paused:
        running.start += now - running.paused_at
    running.law, running.ratio, running.spent_at = law, ratio, now
    running.origin = running.start if run.clocks[c].since == FROM_START else origin
    pause(run, s, i, paused)


@jitted
def spend_until(run, s, i):
    """Spend the budget up to now, as the clock ran."""
    running = run.running[s * run.most_running + i]
    law = run.laws[running.law]
    running.rest = spend(
        law.code, run.parameters[law.first_parameter :], running.ratio, running.origin,
        running.spent_at, run.now, running.rest,
    )  # fmt: skip
    running.spent_at = run.now


@inlined
def pause(run, s, i, paused):
    """Stand still, or go on and be due."""
    running = run.running[s * run.most_running + i]
    if paused:
        if running.paused == 0:
            running.paused_at = run.now
        running.paused = 1
        running.due = INF
    else:
        running.paused = 0
        law = run.laws[running.law]
        running.due = due(
            law.code, run.parameters[law.first_parameter :], running.ratio, running.origin,
            run.now, running.rest,
        )  # fmt: skip


@inlined
def stop(run, s, name):
    """The clock runs no more, if it did."""
    at = s * run.most_clock_names + name
    i = run.running_at[at]
    if i == NONE:
        return
    run.running_at[at] = NONE
    last = run.patients[s].running - 1
    run.patients[s].running = last
    if i != last:
        move(run, s, last, i)


@jitted
def move(run, s, i, to):
    """What runs at one place runs at another."""
    a, b = run.running[s * run.most_running + i], run.running[s * run.most_running + to]
    b.name, b.clock, b.law, b.level, b.listed = a.name, a.clock, a.law, a.level, a.listed
    b.standing, b.paused, b.paused_at, b.ratio = a.standing, a.paused, a.paused_at, a.ratio
    b.start, b.origin, b.rest, b.spent_at, b.due = a.start, a.origin, a.rest, a.spent_at, a.due
    run.running_at[s * run.most_clock_names + a.name] = to


@jitted
def reschedule(run, s):
    """The patient's next ring: the earliest, and of those due together the least by name."""
    patient = run.patients[s]
    first = s * run.most_running
    time, name, next_clock = INF, NONE, NONE
    for i in range(patient.running):
        running = run.running[first + i]
        if running.due < time or (running.due == time and running.name < name):
            time, name, next_clock = running.due, running.name, i
    patient.next_clock, patient.due = next_clock, time


# --- requests and holdings ---


@jitted
def requests(run, s):
    """What is asked for no more is withdrawn; what is listed waits."""
    patient = run.patients[s]
    many = listed_requests(run, s)
    change = run.change
    if patient.requests > 0:
        for r in range(run.most_resources):
            if run.waiting[s * run.most_resources + r].request != NONE and run.asked[r] != change:
                leave_queue(run, r, s)
                patient.requests -= 1
                touch(run, r)
    for i in range(many):
        r = run.asked_for[i]
        if run.asked[r] == change:  # listed at two levels it is placed once
            run.asked[r] = NONE
            place_request(run, s, r, run.asked_by[r], run.asked_level[r])


@jitted
def listed_requests(run, s):
    """The effective requests, by resource: who asks at which level; how many were listed."""
    run.change += 1
    many = 0
    if run.states[run.levels_of[s * run.most_levels].state].ends != 0:
        return many
    for level in range(run.patients[s].depth + 1):
        state = run.states[run.levels_of[s * run.most_levels + level].state]
        for q in range(state.first_request, state.first_request + state.requests):
            r = run.requests[q].resource
            if not started_above(run, s, resource_as_thing(run, s, r), level):
                run.asked[r], run.asked_by[r], run.asked_level[r] = run.change, q, level
                run.asked_for[many] = r
                many += 1
    return many


@jitted
def place_request(run, s, r, q, level):
    waiting, request = run.waiting[s * run.most_resources + r], run.requests[q]
    paused = 1 if is_paused(run, s, resource_as_thing(run, s, r), level) else 0
    new = waiting.request == NONE
    if not new and waiting.request == q and waiting.level == level and waiting.paused == paused:
        return
    if new:
        waiting.date = run.now
        run.patients[s].requests += 1
    else:
        run.pools[r].asked += request.amount - waiting.amount
    waiting.request, waiting.level, waiting.paused = q, level, paused
    waiting.amount, waiting.rank = request.amount, request.rank
    if new:
        join_queue(run, r, s)
    else:
        place_in_queue(run, r, s)
    touch(run, r)


@jitted
def touch(run, r):
    run.pools[r].changed = 1
    run.grant_is_due = 1


@jitted
def holds(run, s, arriving):
    """What is held is what is listed: of each resource the greatest amount of any level."""
    patient = run.patients[s]
    run.change += 1
    many = 0
    for level in range(patient.depth + 1):
        state = run.states[run.levels_of[s * run.most_levels + level].state]
        for h in range(state.first_hold, state.first_hold + state.holds):
            many = want(run, run.holds[h].resource, run.holds[h].amount, many)
    short, kept = NONE, 0
    for i in range(many):
        r = run.asked_for[i]
        kept += int(run.held[s * run.most_resources + r] > 0)
        if not hold_as_listed(run, s, r, run.wanted[r], arriving) and (short == NONE or r < short):
            short = r
    if short != NONE:
        broken(run, TOO_MUCH, s, short, run.wanted[short])
    if patient.holdings > kept:
        for r in range(run.most_resources):
            if run.asked[r] != run.change:
                hold_as_listed(run, s, r, 0, arriving)
    patient.holdings = many


@jitted
def want(run, r, amount, many):
    """So much is listed; how many resources are by now."""
    if run.asked[r] == run.change:
        run.wanted[r] = max(amount, run.wanted[r])
        return many
    run.asked[r], run.wanted[r] = run.change, amount
    run.asked_for[many] = r
    return many + 1


@jitted
def hold_as_listed(run, s, r, wanted, arriving):
    """Whether that much is held, now that what is too much was given back."""
    at = s * run.most_resources + r
    held = run.held[at]
    if wanted > held:
        if not arriving or wanted - held > room(run, r):
            return False
        take(run, r, wanted - held)
    elif wanted < held:
        give_back(run, r, held - wanted, False)
        touch(run, r)
    run.held[at] = wanted
    return True
