"""The stays table: who was where, from when to when, under what marks, and why they left.

Everything that outcomes measure of patients and resources is derived from this one table.
It is made from the log and the marks alone, one block of whole patients at a time.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd

from pathsim import events
from pathsim.outcomes.block import Block
from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.columns import (
    Array,
    Columns,
    Flags,
    array,
    coded,
    filled,
    is_any,
    words,
)
from pathsim.outcomes.configurations import LEVELS, stacked

ENTRIES = (events.ENTER, events.MOVE, events.DETOUR, events.END)
"""The kinds of row that are entries: things are used and tags count at these only."""
_LEAVES_AS_IT_IS = (events.MOVE, events.HERE)
"""The kinds of row after which the levels above still stand."""


def stays(log: pd.DataFrame, marking: Marking) -> pd.DataFrame:
    """One row for each stretch between two changes of a configuration, and one for each end.

    Those of `stretches`, told in words. Columns more: `state` (the top's), `depth` (of the top),
    `level_0` ... `level_4` (state codes of the Marking, -1 for none), `therapy`, `phase`,
    `setting`, `treated` (in force: a mark of None is inherited) and `line` (entries tagged "line"
    so far).
    A state that `move` or `here` entered below the top is in `entered`, not in `state`.
    """
    columns = stretches(log, marking)
    block = Block(columns, marking)
    found, rows = block.found, block.configuration
    told: Columns = {"state": coded(found.top.take(rows), marking.codes)}
    told["depth"] = found.depth.take(rows).astype(np.int8)
    for k in range(LEVELS):
        told[f"level_{k}"] = found.levels[:, k].take(rows).astype(np.int32)
    for name in ("therapy", "phase", "setting"):
        told[name] = coded(found.mark(name).take(rows), marking.words(name))
    told["treated"] = found.treated.take(rows)
    told["line"] = _lines(block)
    return pd.DataFrame({**columns, **told}, copy=False)


def stretches(log: pd.DataFrame, marking: Marking) -> Columns:
    """The columns of the stays that folds need, in order of replication, patient, date.

    Columns: replication, patient, stream; `kind` (how it began: enter, move, detour, return, here,
    end), `entered` (the state of that row), `entry` (True where it was an entry), `configuration`
    (see `configurations`), `from`, `to`, `days`, `cause` (the clock or resource that ended the
    stay, or "horizon"), `option` (of the last choice passed on leaving, or empty), `off_label` (how
    many rules beyond an indication led here), `censored`.
    The row of an end has no length. Raises ValueError for a state that the marking does not have.
    """
    kind, time = words(log["kind"]), array(log, "time")
    is_choice, is_arrive = is_any(kind, events.CHOICE), is_any(kind, events.ARRIVE)
    is_censor = is_any(kind, events.CENSOR)
    is_stay = ~(is_choice | is_arrive | is_censor)
    rows = np.flatnonzero(is_stay)
    # What follows on a stay happens at one moment, choices passed on the way included.
    after = np.minimum(rows + 1, max(len(log) - 1, 0))
    arrival = np.cumsum(is_arrive).take(rows) - 1
    stream = words(log["option"]).take(np.flatnonzero(is_arrive))
    kind = kind.take(rows)
    ended, entered = is_any(kind, events.END), _codes(log, rows, marking)
    clears = ~is_any(kind, *_LEAVES_AS_IT_IS)
    depth = array(log, "depth").take(rows)
    begin = time.take(rows)
    end = np.where(ended | (after == rows), begin, time.take(after))
    return {
        "replication": array(log, "replication").take(rows),
        "patient": array(log, "patient").take(rows),
        "stream": stream.take(arrival),
        "kind": kind,
        "entered": coded(entered, marking.codes),
        "entry": is_any(kind, *ENTRIES),
        "configuration": stacked(entered, depth, clears, states=len(marking.states)),
        "from": begin,
        "to": end,
        "days": end - begin,
        "cause": _causes(log, after, ended),
        "option": _options(log, is_choice, is_stay, after),
        "off_label": _off_label(log, is_choice, rows, marking),
        "censored": is_censor.take(after) & ~ended,
    }


def _codes(log: pd.DataFrame, rows: Array, marking: Marking) -> Array:
    states = words(log["state"])
    known = [marking.codes.get(name, -1) for name in states.categories]
    table = np.array([*known, -1], dtype=np.int32)
    codes = cast(Array, table.take(states.codes.take(rows)))
    if len(codes) and codes.min() < 0:
        missing = states[rows[int(np.argmin(codes))]]
        raise ValueError(f"the marking has no state '{missing}'")
    return codes


def _causes(log: pd.DataFrame, after: Array, ended: Flags) -> Any:
    """What rang or was granted: the cause of the row that follows; empty at an end."""
    column = words(log["cause"])
    categories, blank = _with_blank(column.categories)
    codes = column.codes.astype(np.int32).take(after)
    codes[np.flatnonzero(ended)] = blank
    return coded(codes, categories)


def _options(log: pd.DataFrame, is_choice: Flags, is_stay: Flags, after: Array) -> Any:
    """The option of the last of the choices that follow on a stay; empty where none does."""
    column = words(log["option"])
    categories, blank = _with_blank(column.categories)
    turns = np.flatnonzero(np.diff(is_choice, prepend=False, append=False))
    led, last = turns[0::2] - 1, turns[1::2] - 1
    of_stay = (led >= 0) & is_stay.take(led)
    codes = np.full(len(after), blank, dtype=np.int32)
    codes[np.flatnonzero(is_choice.take(after))] = column.codes.take(last[of_stay])
    return coded(codes, categories)


def _off_label(log: pd.DataFrame, is_choice: Flags, rows: Array, marking: Marking) -> Array:
    """How many of the choices passed on the way to each row took a rule beyond an indication."""
    taken = np.flatnonzero(is_choice & is_any(words(log["option"]), *marking.off_label))
    led_to = np.searchsorted(rows, taken)
    return np.bincount(led_to, minlength=len(rows))[: len(rows)].astype(np.int32)


def _lines(block: Block) -> Array:
    lines = np.zeros(len(block), dtype=np.int32)
    lines[block.entries("line")] = 1
    total = np.cumsum(lines, dtype=np.int32)
    return total - filled(total - lines, block.first)


def _with_blank(categories: Any) -> tuple[Any, int]:
    """The categories with the empty word, and its code."""
    if "" not in categories:
        categories = categories.append(pd.Index([""]))
    return categories, int(categories.get_loc(""))
