"""Columns as bare arrays: words as codes, values filled forward, sums by patient, parts joined.

Called by the folds of this package, which work on whole columns. Nothing here knows what a column
means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[Any]
Flags = NDArray[np.bool_]


def array(table: pd.DataFrame, column: str) -> Array:
    """A column as a bare array; words as their codes, in the order of their categories."""
    values = table[column]
    if isinstance(values.dtype, pd.CategoricalDtype):
        return cast(Array, values.cat.codes.to_numpy())
    return cast(Array, values.to_numpy())


def words(column: Any) -> Any:
    """A column of words as a categorical."""
    return column.array if isinstance(column.dtype, pd.CategoricalDtype) else pd.Categorical(column)


def coded(codes: Array, categories: Iterable[str]) -> Any:
    """The categorical with these codes; -1 is missing."""
    return pd.Categorical.from_codes(cast(Any, codes), categories=pd.Index(list(categories)))


def is_any(column: Any, *meant: str) -> Flags:
    """True where a categorical is any of these words."""
    return cast(Flags, np.append(np.isin(column.categories, meant), False)[column.codes])


def filled(values: Array, given: Flags) -> Array:
    """The values where given, and elsewhere the last one given before."""
    return values[np.maximum.accumulate(np.where(given, np.arange(len(values)), 0))]


def first_of_patient(table: pd.DataFrame) -> Flags:
    """True at the first row of each patient; rows stand in order of replication, patient."""
    if not len(table):
        return np.zeros(0, dtype=bool)
    replication, patient = array(table, "replication"), array(table, "patient")
    changed = (replication[1:] != replication[:-1]) | (patient[1:] != patient[:-1])
    return cast(Flags, np.concatenate(([True], changed)))


def before(values: Array, first: Flags) -> Array:
    """The value of the row before, of the same patient; 0 at the first."""
    return np.where(first, 0, np.concatenate(([0], values[:-1]))[: len(values)])


def place(table: pd.DataFrame) -> Array:
    """For each row the running number (0, 1, ...) of its patient in the block."""
    return np.cumsum(first_of_patient(table)) - 1


def sums(where: Array, amount: Array, size: int) -> Array:
    """The sum of amounts by place, added in order: the same to the bit whatever else is summed."""
    return np.bincount(where, weights=amount, minlength=size)


def first_at(where: Array, flags: Flags, size: int) -> Array:
    """For each place the number of its first row that is flagged; -1 for none."""
    rows = np.flatnonzero(flags)
    places, first = np.unique(where[rows], return_index=True)
    found = np.full(size, -1)
    found[places] = rows[first]
    return found


def last_at(where: Array, flags: Flags, size: int) -> Array:
    """For each place the number of its last row that is flagged; -1 for none."""
    found = np.full(size, -1)
    rows = np.flatnonzero(flags)
    found[where[rows]] = rows
    return found


def taken(values: Array, rows: Array) -> Array:
    """The value at each row number; NaN for -1."""
    return np.where(rows >= 0, values[rows], np.nan) if len(values) else np.full(len(rows), np.nan)


def joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Tables one under another; words get the sorted union of the words that occur.

    So the result does not depend on how the rows were cut into parts.
    """
    table = pd.concat([_plain(part) for part in parts], ignore_index=True)
    for column in parts[0].columns:
        if isinstance(parts[0][column].dtype, pd.CategoricalDtype):
            table[column] = pd.Categorical(table[column])
    return table


def _plain(part: pd.DataFrame) -> pd.DataFrame:
    names = [c for c in part.columns if isinstance(part[c].dtype, pd.CategoricalDtype)]
    return part.astype(cast(Any, dict.fromkeys(names, "object")))
