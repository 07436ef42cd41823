"""The stays table: who was where, from when to when, under what marks, and why they left.

Everything that outcomes measure of patients and resources is derived from this one table.
It is made from the log and the marks alone, one block of whole replications at a time.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd

from pathsim import events
from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.columns import (
    Array,
    Flags,
    array,
    coded,
    filled,
    first_of_patient,
    is_any,
    words,
)

LEVELS = 5
LEVEL_COLUMNS = tuple(f"level_{k}" for k in range(LEVELS))
ENTRIES = (events.ENTER, events.MOVE, events.DETOUR, events.END)
"""The kinds of row that are entries: things are used and tags count at these only."""
_CLEARING = (events.ENTER, events.RETURN, events.DETOUR, events.END, events.ARRIVE)


def stays(log: pd.DataFrame, marking: Marking) -> pd.DataFrame:
    """One row for each stretch between two changes of a configuration, and one for each end.

    Columns: replication, patient, stream; `kind` (how it began: enter, move, detour, return, here,
    end), `entered` (the state of that row), `entry` (True where it was an entry), `state` (the
    top's), `from`, `to`, `days`, `depth` (of the top), `level_0` ... `level_4` (state codes of the
    Marking, -1 for none), `therapy`, `phase`, `setting`, `treated` (in force: a mark of None is
    inherited), `line` (entries tagged "line" so far), `cause` (the clock or resource that ended the
    stay, or "horizon"), `option` (of the last choice passed on leaving, or empty), `censored`, and
    `off_label` (how many rules beyond an indication led here).
    The row of an end has no length. A state that `move` or `here` entered below the top is in
    `entered`, not in `state`. Raises ValueError for a state that the marking does not have.
    """
    kind = words(log["kind"])
    is_choice, is_arrive = is_any(kind, events.CHOICE), is_any(kind, events.ARRIVE)
    rows = np.flatnonzero(~is_choice)
    trigger, option = _what_led_here(log, is_choice, rows)
    kind, states = kind.take(rows), words(log["state"]).take(rows)
    censor, arrive = is_any(kind, events.CENSOR), is_arrive[rows]
    entered = _codes(states, marking, known=~arrive)
    depth = array(log, "depth")[rows].astype(np.int64)
    levels, top = _configurations(kind, entered, depth, censor)
    keep = np.flatnonzero(~(arrive | censor))
    table = _times(log, rows, kind, keep)
    table["kind"] = kind.take(keep)
    table["entered"] = coded(entered[keep], marking.codes)
    table["entry"] = is_any(kind, *ENTRIES)[keep]
    table["state"] = coded(_at(levels, top)[keep], marking.codes)
    table["depth"] = top[keep].astype(np.int8)
    for k, name in enumerate(LEVEL_COLUMNS):
        table[name] = levels[k][keep].astype(np.int32)
    for name in ("therapy", "phase", "setting"):
        table[name] = _inherited(marking, name, [level[keep] for level in levels])
    table["treated"] = _treated(marking, [level[keep] for level in levels])
    table["line"] = _lines(table, marking)
    following = np.minimum(keep + 1, len(rows) - 1)
    ended = is_any(kind, events.END)[keep]
    table["cause"] = _blank(trigger.take(following), ended)
    table["option"] = _blank(option.take(following), ended)
    table["off_label"] = _off_label(log, marking, rows)[keep]
    table["censored"] = censor[following] & ~ended
    return table


def tagged_entries(stays: pd.DataFrame, marking: Marking, *tags: str) -> Flags:
    """True for rows that are entries into a state with any of the tags."""
    has_tag = marking.tagged(*tags)[array(stays, "entered")]
    return has_tag & array(stays, "entry")


def _codes(states: Any, marking: Marking, *, known: Flags) -> Array:
    table = np.array([marking.codes.get(name, -1) for name in states.categories] + [-1])
    codes = cast(Array, table[states.codes])
    if (missing := (codes < 0) & known).any():
        raise ValueError(f"the marking has no state '{states[int(np.argmax(missing))]}'")
    return codes


def _what_led_here(log: pd.DataFrame, is_choice: Flags, rows: Array) -> tuple[Any, Any]:
    """For each row but choices: what rang or was granted, and the option last taken."""
    first = np.concatenate(([0], rows[:-1] + 1))[: len(rows)]
    option = _with_blank(words(log["option"]))
    passed = is_choice[rows - 1] & (rows > 0)
    codes = np.where(passed, option.codes[rows - 1], option.categories.get_loc(""))
    return words(log["cause"]).take(first), coded(codes, option.categories)


def _off_label(log: pd.DataFrame, marking: Marking, rows: Array) -> Array:
    """For each row but choices: how many of the choices passed on the way took such a rule."""
    taken = is_any(words(log["option"]), *marking.off_label)
    passed = np.cumsum(taken & is_any(words(log["kind"]), events.CHOICE))[rows]
    return np.diff(passed, prepend=0).astype(np.int32)


def _configurations(
    kind: Any, entered: Array, depth: Array, censor: Flags
) -> tuple[list[Array], Array]:
    """The state at each level after each row, and the depth of the top.

    A row at depth d sets level d; all but `move` and `here` also clear the levels above. Each
    patient begins by clearing all levels, so filling forward never reaches into another patient.
    """
    clears = is_any(kind, *_CLEARING)
    levels = []
    for k in range(LEVELS):
        here = depth == k
        given = (here & ~censor) | (clears & (depth < k))
        levels.append(filled(np.where(here, entered, -1), given))
    return levels, filled(depth, clears)


def _at(levels: list[Array], top: Array) -> Array:
    return np.choose(top, levels)


def _times(log: pd.DataFrame, rows: Array, kind: Any, keep: Array) -> pd.DataFrame:
    time = array(log, "time")[rows]
    following = np.where(is_any(kind, events.END), time, np.append(time[1:], np.nan))
    table = log[["replication", "patient"]].take(rows[keep]).reset_index(drop=True)
    arrived = filled(rows, is_any(kind, events.ARRIVE))[keep]
    table["stream"] = words(log["option"]).take(arrived).remove_unused_categories()
    table["from"], table["to"] = time[keep], following[keep]
    table["days"] = table["to"] - table["from"]
    return table


def _inherited(marking: Marking, name: str, levels: list[Array]) -> Any:
    values = marking.words(name)
    own = [-1 if (w := getattr(m, name)) is None else values.index(w) for m in marking.states]
    return coded(_innermost(np.array([*own, -1]), levels), values)


def _treated(marking: Marking, levels: list[Array]) -> Flags:
    own = [-1 if m.treated is None else int(m.treated) for m in marking.states]
    return cast(Flags, _innermost(np.array([*own, -1]), levels) == 1)


def _innermost(own: Array, levels: list[Array]) -> Array:
    """The value of the innermost level that has one; -1 where none has."""
    value: Array = own[levels[0]]
    for level in levels[1:]:
        inner = own[level]
        value = np.where(inner >= 0, inner, value)
    return value


def _lines(table: pd.DataFrame, marking: Marking) -> Array:
    total = np.cumsum(tagged_entries(table, marking, "line"))
    first = first_of_patient(table)
    before = np.concatenate(([0], total[:-1]))[: len(total)]
    at_start = filled(before, first)
    return cast(Array, (total - at_start).astype(np.int32))


def _blank(column: Any, where: Flags) -> Any:
    column = _with_blank(column)
    codes = np.where(where, column.categories.get_loc(""), column.codes)
    return coded(codes, column.categories)


def _with_blank(column: Any) -> Any:
    return column if "" in column.categories else column.add_categories([""])
