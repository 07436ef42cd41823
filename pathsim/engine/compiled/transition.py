"""Where a ring, a grant or an arrival leads, in the compiled engine (docs/law.md, section 6).

The twin of `pathsim.engine.transition`, function by function. A trigger is its kind, the level that
it belongs to, whether it moves, what a detour would be started by, and the word of its name.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
from __future__ import annotations

from pathsim import events
from pathsim.engine.compiled.broken import NOWHERE, broken
from pathsim.engine.compiled.change import apply, start, stop
from pathsim.engine.compiled.conditions import holds
from pathsim.engine.compiled.parts import inlined, jitted
from pathsim.engine.compiled.patient import pick, product, read_clock, read_state, uniform
from pathsim.engine.compiled.pool import give_back
from pathsim.engine.compiled.setting import set_variables
from pathsim.pathway.tables import AGAIN, CHOICES, DETOURS, HERE, NONE, STATES

CLOCK, STANDING_CLOCK, GRANT, ARRIVAL = range(4)
"""What may happen to a patient."""

WORDLESS = 0
"""The empty word."""

(ARRIVE_ROW, CHOICE_ROW, ENTER_ROW, MOVE_ROW, DETOUR_ROW, RETURN_ROW, HERE_ROW, END_ROW,
 CENSOR_ROW) = range(len(events.KINDS))  # fmt: skip


@jitted
def carry_out(run, s, kind, level, moves, starts, cause, target):
    """Resolve the target, settle the new configuration, then apply the rule of change (5)."""
    target, leaves, cause = resolve(run, s, level, target, cause)
    to, thing = run.targets[target].kind, run.targets[target].thing
    if kind == ARRIVAL and to != STATES:
        broken(run, NOWHERE, s, cause, target)
        return
    if to == DETOURS:
        interrupt(run, s, level, starts, thing, cause)
    elif to == STATES and run.states[thing].ends != 0:
        end(run, s, thing, cause)
        return
    elif to == STATES:
        leaves = leaves or kind == STANDING_CLOCK
        move_to(run, s, thing, cause, 0 if leaves else level, leaves or not moves)
    elif kind == GRANT:
        broken(run, NOWHERE, s, cause, target)
        return
    elif to == HERE:
        enter_again(run, s, cause, level, not moves)
    elif level == 0 or moves or kind == STANDING_CLOCK:
        broken(run, NOWHERE, s, cause, NONE)  # either way back is called `return` here
        return
    else:
        turn_back(run, s, level, cause)
        if to == AGAIN:
            enter_again(run, s, cause, run.patients[s].depth, False)
    apply(run, s, kind == ARRIVAL)


# --- choices ---


@jitted
def resolve(run, s, level, target, cause):
    """Pass choices until the target is none; the target, whether all is left, and the cause."""
    leaves = False
    while True:
        leaves = leaves or run.targets[target].leaves != 0
        if run.targets[target].kind != CHOICES:
            return target, leaves, cause
        choice = run.choices[run.targets[target].thing]
        way = run.ways[choose(run, s, run.targets[target].thing)]
        log(run, s, CHOICE_ROW, level, choice.word, cause, way.word)
        set_variables(run, s, way.first_set, way.sets)
        target, cause = way.target, choice.word


@jitted
def choose(run, s, chosen):
    """The option drawn, or the first rule that holds."""
    choice = run.choices[chosen]
    if choice.by_rules != 0:
        i = choice.first_way
        while not holds(run, s, run.ways[i].first_condition):
            i += 1
        return i
    for i in range(choice.ways):
        option = run.ways[choice.first_way + i]
        run.weights[i] = option.probability * product(run, s, option.first_factor, option.factors)
    return choice.first_way + pick(run, choice.ways, uniform(run, s, choice.name))


# --- the new configuration ---


@jitted
def interrupt(run, s, level, starts, interrupting, cause):
    """One level more, unless there are four: then the ring is `here`."""
    patient = run.patients[s]
    if patient.depth >= run.most_levels - 1:
        enter_again(run, s, cause, patient.depth, False)
        return
    detour = run.detours[interrupting]
    target, _, reason = resolve(run, s, level, detour.target, cause)
    state = run.targets[target].thing
    enter(run, s, patient.depth + 1, state)
    patient.depth += 1
    top = run.levels_of[s * run.most_levels + patient.depth]
    top.state, top.detour, top.started_by = state, interrupting, starts
    log(run, s, DETOUR_ROW, patient.depth, run.states[state].word, reason, detour.word)


@jitted
def move_to(run, s, state, cause, level, drop):
    """A state takes the place of a level's; the levels above go, unless the ring moves."""
    patient = run.patients[s]
    beneath = level < patient.depth and not drop
    if drop or patient.depth < 0:
        patient.depth = level
    enter(run, s, level, state)
    run.levels_of[s * run.most_levels + level].state = state
    log(run, s, MOVE_ROW if beneath else ENTER_ROW, level, run.states[state].word, cause, WORDLESS)


@jitted
def enter_again(run, s, cause, level, drop):
    """`here`: only the listing is read anew, after a return where levels are dropped."""
    patient = run.patients[s]
    here = run.levels_of[s * run.most_levels + level].state
    if drop and level < patient.depth:
        patient.depth = level
        log(run, s, RETURN_ROW, level, run.states[here].word, cause, WORDLESS)
    read_state(run, s, level, here)
    log(run, s, HERE_ROW, level, run.states[here].word, cause, WORDLESS)


@jitted
def turn_back(run, s, level, cause):
    """`return`: the trigger's own level goes, and all above it."""
    run.patients[s].depth = level - 1
    state = run.levels_of[s * run.most_levels + level - 1].state
    log(run, s, RETURN_ROW, level - 1, run.states[state].word, cause, WORDLESS)


@jitted
def end(run, s, state, cause):
    """A terminal state is all that is left; everything that ran, waited or was held goes."""
    patient = run.patients[s]
    set_variables(run, s, run.states[state].first_set, run.states[state].sets)
    use_up(run, s, state)
    patient.depth = 0
    lowest = run.levels_of[s * run.most_levels]
    lowest.state, lowest.detour, lowest.started_by = state, NONE, NONE
    log(run, s, END_ROW, 0, run.states[state].word, cause, WORDLESS)
    apply(run, s, False)
    leave(run, s)


@jitted
def leave(run, s):
    """The patient is present no more, and the slot is free for another."""
    patient = run.patients[s]
    while patient.running > 0:
        stop(run, s, run.running[s * run.most_running + patient.running - 1].name)
    run.arrivals[patient.serial].rows = patient.rows
    patient.number = NONE
    run.free_slots[run.slots_free] = s
    run.slots_free += 1


@jitted
def enter(run, s, level, state):
    """Entry into a state: set, stop and start standing clocks, read the listing."""
    entered = run.states[state]
    set_variables(run, s, entered.first_set, entered.sets)
    for i in range(entered.first_stop, entered.first_stop + entered.stops):
        stop(run, s, run.links[i])
    for i in range(entered.first_start, entered.first_start + entered.starts):
        c = run.links[i]
        if run.running_at[s * run.most_clock_names + run.clocks[c].name] == NONE:
            start_standing(run, s, c)
    use_up(run, s, state)
    read_state(run, s, level, state)


@jitted
def start_standing(run, s, c):
    law, ratio, origin = read_clock(run, s, c)
    start(run, s, c, law, ratio, origin, 0, False, True)


@jitted
def use_up(run, s, state):
    """An allotment that is kept until this state is used up for good (8)."""
    if run.has_until == 0 or run.patients[s].holdings == 0:
        return
    for r in range(run.most_resources):
        at = s * run.most_resources + r
        if run.held[at] > 0 and run.resources[r].until == run.states[state].word:
            give_back(run, r, run.held[at], True)
            run.held[at] = 0


# --- what is said ---


@inlined
def log(run, s, kind, depth, state, cause, option):
    patient = run.patients[s]
    row = run.rows[run.written]
    run.written += 1
    row.serial, row.step, row.time = patient.serial, patient.rows, run.now
    row.kind, row.depth, row.state, row.cause, row.option = kind, depth, state, cause, option
    patient.rows += 1
