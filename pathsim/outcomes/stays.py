"""The stays table: who was where, from when to when, under what marks, and why they left.

Everything that outcomes measure of patients and resources is derived from this one table.
It is made from the log and the marks alone, one block of whole replications at a time.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim import events
from pathsim.outcomes.catalogue import Marking

LEVELS = 5
LEVEL_COLUMNS = tuple(f"level_{k}" for k in range(LEVELS))
ENTRIES = (events.ENTER, events.MOVE, events.DETOUR, events.END)
"""The kinds of row that are entries: things are used and tags count at these only."""
_CLEARING = (events.ENTER, events.RETURN, events.DETOUR, events.END, events.ARRIVE)

Codes = NDArray[Any]
Flags = NDArray[np.bool_]


def stays(log: pd.DataFrame, marking: Marking) -> pd.DataFrame:
    """One row for each stretch between two changes of a configuration, and one for each end.

    Columns: replication, patient, stream; `kind` (how it began: enter, move, detour, return, here,
    end), `entered` (the state of that row), `entry` (True where it was an entry), `state` (the
    top's), `from`, `to`, `days`, `depth` (of the top), `level_0` ... `level_4` (state codes of the
    Marking, -1 for none), `therapy`, `phase`, `setting`, `treated` (in force: a mark of None is
    inherited), `line` (entries tagged "line" so far), `cause` (the clock or resource that ended the
    stay, or "horizon"), `option` (of the last choice passed on leaving, or empty), `censored`.
    The row of an end has no length. A state that `move` or `here` entered below the top is in
    `entered`, not in `state`. Raises ValueError for a state that the marking does not have.
    """
    kind = _words(log["kind"])
    is_choice, is_arrive = _is(kind, events.CHOICE), _is(kind, events.ARRIVE)
    rows = np.flatnonzero(~is_choice)
    trigger, option = _what_led_here(log, is_choice, rows)
    kind, states = kind.take(rows), _words(log["state"]).take(rows)
    censor, arrive = _is(kind, events.CENSOR), is_arrive[rows]
    entered = _codes(states, marking, known=~arrive)
    depth = log["depth"].to_numpy()[rows].astype(np.int64)
    levels, top = _configurations(kind, entered, depth, censor)
    keep = np.flatnonzero(~(arrive | censor))
    table = _times(log, rows, kind, keep)
    table["kind"] = kind.take(keep)
    table["entered"] = pd.Categorical.from_codes(entered[keep], list(marking.codes))
    table["entry"] = _is(kind, *ENTRIES)[keep]
    table["state"] = pd.Categorical.from_codes(_at(levels, top)[keep], list(marking.codes))
    table["depth"] = top[keep].astype(np.int8)
    for k, name in enumerate(LEVEL_COLUMNS):
        table[name] = levels[k][keep].astype(np.int32)
    for name in ("therapy", "phase", "setting"):
        table[name] = _inherited(marking, name, [level[keep] for level in levels])
    table["treated"] = _treated(marking, [level[keep] for level in levels])
    table["line"] = _lines(table, marking)
    following = np.minimum(keep + 1, len(rows) - 1)
    ended = table["kind"].to_numpy() == events.END
    table["cause"] = _blank(trigger.take(following), ended)
    table["option"] = _blank(option.take(following), ended)
    table["censored"] = censor[following] & ~ended
    return table


def place(stays: pd.DataFrame) -> Codes:
    """For each row the running number (0, 1, ...) of its patient in the block."""
    return (np.cumsum(first_of_patient(stays)) - 1).astype(np.int64)


def first_of_patient(table: pd.DataFrame) -> Flags:
    """True at the first row of each patient; rows stand in order of replication, patient."""
    if not len(table):
        return np.zeros(0, dtype=bool)
    replication, patient = table["replication"].to_numpy(), table["patient"].to_numpy()
    changed = (replication[1:] != replication[:-1]) | (patient[1:] != patient[:-1])
    return cast(Flags, np.concatenate(([True], changed)))


def tagged_entries(stays: pd.DataFrame, marking: Marking, *tags: str) -> Flags:
    """True for rows that are entries into a state with any of the tags."""
    has_tag = marking.tagged(*tags)[stays["entered"].cat.codes.to_numpy()]
    return cast(Flags, has_tag & stays["entry"].to_numpy())


def _words(column: pd.Series) -> pd.Categorical:
    return pd.Categorical(column) if column.dtype != "category" else column.array


def _is(words: pd.Categorical, *meant: str) -> Flags:
    return cast(Flags, np.append(np.isin(words.categories, meant), False)[words.codes])


def _codes(states: pd.Categorical, marking: Marking, *, known: Flags) -> Codes:
    table = np.array([marking.codes.get(name, -1) for name in states.categories] + [-1])
    codes = cast(Codes, table[states.codes])
    if (missing := (codes < 0) & known).any():
        raise ValueError(f"the marking has no state '{states[int(np.argmax(missing))]}'")
    return codes


def _what_led_here(
    log: pd.DataFrame, is_choice: Flags, rows: Codes
) -> tuple[pd.Categorical, pd.Categorical]:
    """For each row but choices: what rang or was granted, and the option last taken."""
    first = np.concatenate(([0], rows[:-1] + 1))[: len(rows)]
    option = _words(log["option"])
    if "" not in option.categories:
        option = option.add_categories([""])
    passed = is_choice[rows - 1] & (rows > 0)
    codes = np.where(passed, option.codes[rows - 1], option.categories.get_loc(""))
    return _words(log["cause"]).take(first), pd.Categorical.from_codes(codes, option.categories)


def _configurations(
    kind: pd.Categorical, entered: Codes, depth: Codes, censor: Flags
) -> tuple[list[Codes], Codes]:
    """The state at each level after each row, and the depth of the top.

    A row at depth d sets level d; all but `move` and `here` also clear the levels above. Each
    patient begins by clearing all levels, so filling forward never reaches into another patient.
    """
    clears = _is(kind, *_CLEARING)
    levels = []
    for k in range(LEVELS):
        here = depth == k
        given = (here & ~censor) | (clears & (depth < k))
        levels.append(_filled(np.where(here, entered, -1), given))
    return levels, _filled(depth, clears)


def _filled(values: Codes, given: Flags) -> Codes:
    return values[np.maximum.accumulate(np.where(given, np.arange(len(values)), 0))]


def _at(levels: list[Codes], top: Codes) -> Codes:
    return np.choose(top, levels)


def _times(log: pd.DataFrame, rows: Codes, kind: pd.Categorical, keep: Codes) -> pd.DataFrame:
    time = log["time"].to_numpy()[rows]
    following = np.where(_is(kind, events.END), time, np.append(time[1:], np.nan))
    table = log[["replication", "patient"]].take(rows[keep]).reset_index(drop=True)
    arrived = _filled(rows, _is(kind, events.ARRIVE))[keep]
    table["stream"] = _words(log["option"]).take(arrived).remove_unused_categories()
    table["from"], table["to"] = time[keep], following[keep]
    table["days"] = table["to"] - table["from"]
    return table


def _inherited(marking: Marking, name: str, levels: list[Codes]) -> pd.Categorical:
    words = marking.words(name)
    own = [-1 if (w := getattr(m, name)) is None else words.index(w) for m in marking.states]
    return pd.Categorical.from_codes(_innermost(np.array([*own, -1]), levels), list(words))


def _treated(marking: Marking, levels: list[Codes]) -> Flags:
    own = [-1 if m.treated is None else int(m.treated) for m in marking.states]
    return cast(Flags, _innermost(np.array([*own, -1]), levels) == 1)


def _innermost(own: Codes, levels: list[Codes]) -> Codes:
    """The value of the innermost level that has one; -1 where none has."""
    value: Codes = own[levels[0]]
    for level in levels[1:]:
        inner = own[level]
        value = np.where(inner >= 0, inner, value)
    return value


def _lines(table: pd.DataFrame, marking: Marking) -> Codes:
    total = np.cumsum(tagged_entries(table, marking, "line"))
    first = first_of_patient(table)
    before = np.concatenate(([0], total[:-1]))[: len(total)]
    at_start = _filled(before, first)
    return cast(Codes, (total - at_start).astype(np.int32))


def _blank(words: pd.Categorical, where: Flags) -> pd.Categorical:
    if "" not in words.categories:
        words = words.add_categories([""])
    codes = np.where(where, words.categories.get_loc(""), words.codes)
    return pd.Categorical.from_codes(codes, words.categories)
