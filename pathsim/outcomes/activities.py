"""What happens to patients as a list of events: activities begun and ended, resources asked for.

Made from the log and the marks, a block of whole patients at a time; written out by `export`. Its
words are those of the IEEE standard for event logs (1849, XES): an activity is a state, and what
happens to it is a transition of its life cycle. Knows no file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pathsim import events
from pathsim.outcomes.block import Block, other_users
from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.columns import (
    Array,
    Columns,
    Flags,
    coded,
    filled,
    is_any,
    place,
    worded,
    words,
)
from pathsim.outcomes.configurations import LEVELS, changes
from pathsim.outcomes.lives import EVENTS, event_codes
from pathsim.outcomes.resources import requests
from pathsim.outcomes.stays import stretches

SCHEDULE, ASSIGN, WITHDRAW = "schedule", "assign", "withdraw"
START, SUSPEND, RESUME, COMPLETE = "start", "suspend", "resume", "complete"
TRANSITIONS = (SCHEDULE, ASSIGN, WITHDRAW, START, SUSPEND, RESUME, COMPLETE)
STATE, RESOURCE, ARRIVAL = "state", "resource", "arrival"
KINDS = (STATE, RESOURCE, ARRIVAL)
ALIVE = "alive at the end of the run"


@dataclass(frozen=True)
class Sort:
    """Events of one sort: at the beginning of which stay each is, and the order at one moment.

    `what` are places among the states, or the resources; `instance` which activity of the patient;
    `over` where it is of what was in force before.
    """

    transition: str
    order: int
    rows: Array
    what: Array
    instance: Array | int = 0
    amount: Array | float = np.nan
    kind: str = STATE
    over: bool = False


def of_ours(log: pd.DataFrame) -> pd.DataFrame:
    """The log without other users of the resources."""
    arrivals = np.flatnonzero(is_any(words(log["kind"]), events.ARRIVE))
    others = other_users(words(log["option"]).take(arrivals))
    return log[~others[place(log)]] if others.any() else log


def activities(log: pd.DataFrame, marking: Marking) -> pd.DataFrame:
    """The events of some whole patients, a row each, in the order in which they happen.

    - `replication`, `patient`, `day` (since the start of the run);
    - `activity` (a state or a resource), `transition`, `kind` (state, resource or arrival),
      `instance` (which activity of the patient a state is, from 1 on; 0 for resources);
    - `resource` (that of a request; those held in a state, joined by "; "), `amount` of it;
    - `therapy`, `phase`, `setting`: in force, until then for what ends;
    - `cause` (the clock that rang or the resource that was granted), `option` (of the last choice
      passed), `event` (infusion, first dose, progression, death), `end` (how the life ends): empty
      where there is none.

    A state that is entered starts, one that is left completes, and a detour suspends the one below
    until it is gone back to. A clock that leaves the state as it is makes no event. What is still
    held at the end of the run does not complete.
    """
    block = Block(stretches(log, marking), marking)
    sorts = [each for each in (_arrivals(block), *_states(block), *_resources(block))
             if len(each.rows)]  # fmt: skip
    return pd.DataFrame(_columns(block, log, sorts), copy=False)


# --- what happens ------------------------------------------------------------------------------


def _arrivals(block: Block) -> Sort:
    rows = block.starts
    return Sort(COMPLETE, 0, rows, np.zeros(len(rows), dtype=int), kind=ARRIVAL)


def _states(block: Block) -> Iterator[Sort]:
    """What happens to states: those left, from the top down, then the one entered or gone back to.

    A `move` changes a level below the top, where the state is suspended at once.
    """
    now = block.found.levels.take(block.configuration, axis=0)
    past = _of_row_before(now, block.first)
    depth = block.found.depth.take(block.configuration)
    kind, rows = block.column("kind"), np.arange(len(now))
    enters, returns = is_any(kind, events.ENTER, events.END), is_any(kind, events.RETURN)
    detours, moved = is_any(kind, events.DETOUR), past != now
    moved &= is_any(kind, events.MOVE)[:, None]
    starts = moved.copy()
    starts[rows, depth] |= enters | detours
    instance = _instances(starts, block)
    before = _of_row_before(instance, block.first)
    for k in range(LEVELS):
        left = (enters & (depth <= k)) | (returns & (depth < k)) | moved[:, k]
        left = np.flatnonzero(left & (past[:, k] >= 0))
        yield Sort(COMPLETE, 9 - k, left, past[left, k], before[left, k], over=True)
    down = np.flatnonzero(detours)
    under = depth.take(down) - 1
    yield Sort(SUSPEND, 20, down, now[down, under], instance[down, under], over=True)
    ends = block.marking.ending()[now[rows, depth]]
    for there, transition in ((enters | detours) & ~ends, START), (enters & ends, COMPLETE), (
        returns, RESUME,
    ):  # fmt: skip
        some = np.flatnonzero(there)
        level = depth.take(some)
        yield Sort(transition, 30, some, now[some, level], instance[some, level])
    some, level = np.nonzero(moved & (now >= 0))
    for order, transition in (31, START), (32, SUSPEND):
        yield Sort(transition, order, some, now[some, level], instance[some, level])


def _of_row_before(levels: Array, first: Flags) -> Array:
    found = np.roll(levels, 1, axis=0)
    found[np.flatnonzero(first)] = -1
    return found


def _instances(starts: Flags, block: Block) -> Array:
    """For each row and level which activity of the patient, counted from 1, is under way there."""
    number = np.cumsum(starts.sum(axis=1))
    number -= filled(number - 1, block.first)
    levels = [filled(np.where(starts[:, k], number, 0), starts[:, k]) for k in range(LEVELS)]
    return np.stack(levels, axis=1)


def _resources(block: Block) -> Iterator[Sort]:
    """Requests made, granted and withdrawn, and what is given back of what is held."""
    names, found = [pool.name for pool in block.marking.pools], block.found
    begin, end, pool, outcome = requests(block, names)
    asked = found.by_pool(found.asked)[block.configuration.take(begin), pool] if names else begin
    yield Sort(SCHEDULE, 40, begin, pool, amount=asked, kind=RESOURCE)
    for order, number, transition in (1, 0, ASSIGN), (2, 1, WITHDRAW):
        some = np.flatnonzero(outcome == number)
        yield Sort(transition, order, end.take(some) + 1, pool.take(some),
                   amount=asked.take(some), kind=RESOURCE, over=number == 1)  # fmt: skip
    row, pool, change = changes(found.by_pool(found.held), block.configuration, block.first)
    less = np.flatnonzero(change < 0)
    yield Sort(COMPLETE, 10, row.take(less), pool.take(less), amount=-change.take(less),
               kind=RESOURCE, over=True)  # fmt: skip


# --- as columns --------------------------------------------------------------------------------


def _columns(block: Block, log: pd.DataFrame, sorts: list[Sort]) -> Columns:
    many = [len(each.rows) for each in sorts]
    rows = np.concatenate([each.rows for each in sorts])
    order = np.argsort(rows * 64 + np.repeat([each.order for each in sorts], many), kind="stable")
    rows, sort = rows.take(order), np.repeat(np.arange(len(sorts)), many).take(order)

    def joined(values: list[Any]) -> Array:
        return np.concatenate([np.broadcast_to(v, n) for v, n in zip(values, many, strict=True)])

    states, pools = ([m.state for m in block.marking.states], [p.name for p in block.marking.pools])
    offset = {STATE: 0, RESOURCE: len(states), ARRIVAL: len(states) + len(pools)}
    what = joined([each.what + offset[each.kind] for each in sorts]).take(order)
    of_resource = np.array([each.kind == RESOURCE for each in sorts])[sort]
    over = np.array([each.over for each in sorts])[sort]
    force = rows - over
    stack = block.configuration.take(force)
    held, texts = _held(block)
    pool = np.where(of_resource, what - len(states), held.take(stack))
    started = ~over & ~of_resource & (what < len(states))
    marks = {
        name: coded(block.found.mark(name).take(stack), block.marking.words(name))
        for name in ("therapy", "phase", "setting")
    }
    return {
        "replication": block["replication"].take(rows),
        "patient": block["patient"].take(rows),
        "day": block["from"].take(rows),
        "activity": worded(what, [*states, *pools, ARRIVAL]),
        "transition": _of_sort(sorts, "transition", sort),
        "kind": _of_sort(sorts, "kind", sort),
        "instance": joined([each.instance for each in sorts]).take(order),
        "resource": coded(pool, texts),
        "amount": joined([each.amount for each in sorts]).take(order),
        **marks,
        **_why(block, log, rows),
        "event": coded(np.where(started, event_codes(block).take(rows), 0) - 1, EVENTS.values()),
        "end": _ends(block, rows),
    }


def _of_sort(sorts: list[Sort], name: str, sort: Array) -> Any:
    return worded(sort, [str(getattr(each, name)) for each in sorts])


def _held(block: Block) -> tuple[Array, list[str]]:
    """For each configuration the place of the text that names what is held there, -1 for nothing.

    The texts begin with the names of the resources.
    """
    names = [pool.name for pool in block.marking.pools]
    held = (block.found.by_pool(block.found.held) > 0).tolist()
    each = ["; ".join(n for n, h in zip(names, row, strict=True) if h) for row in held]
    texts = list(dict.fromkeys([*names, *filter(None, each)]))
    return np.array([texts.index(text) if text else -1 for text in each], dtype=int), texts


def _why(block: Block, log: pd.DataFrame, rows: Array) -> Columns:
    """What led to each stay: the cause that the log gives, and the last choice passed on the way.

    What follows on a stay happens at one moment; the first of it names the clock or the resource.
    """
    kind = words(log["kind"])
    is_choice = is_any(kind, events.CHOICE)
    stay = np.flatnonzero(~is_any(kind, events.CHOICE, events.ARRIVE, events.CENSOR))
    first = np.where(block.first, stay - 1, np.roll(stay, 1) + 1)
    passed = is_choice.take(stay - 1)
    cause, option = words(log["cause"]), words(log["option"])
    while (more := block.first & is_choice.take(first)).any():
        first = first - more
    codes = np.where(passed, option.codes.take(stay - 1), -1)
    return {
        "cause": coded(cause.codes.take(first).take(rows), cause.categories),
        "option": coded(codes.take(rows), option.categories),
    }


def _ends(block: Block, rows: Array) -> Any:
    last = block.ends
    state = block.found.top.take(block.configuration.take(last))
    end = np.where(block["censored"].take(last), len(block.marking.states), state)
    texts = [*(mark.state for mark in block.marking.states), ALIVE]
    return worded(end.take(block.where.take(rows)), texts)
