"""Columns as bare arrays: words as codes, values filled forward, sums by patient, parts joined.

Called by the folds of this package, which work on whole columns. Nothing here knows what a column
means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[Any]
Flags = NDArray[np.bool_]
Columns = dict[str, Any]
"""The columns of a table by name: arrays and categoricals."""


def array(table: pd.DataFrame, column: str) -> Array:
    """A column as a bare array; words as their codes, in the order of their categories."""
    values = table[column]
    if isinstance(values.dtype, pd.CategoricalDtype):
        return cast(Array, values.cat.codes.to_numpy())
    return cast(Array, values.to_numpy())


def words(column: Any) -> Any:
    """A column of words as a categorical."""
    if isinstance(column, pd.Categorical):
        return column
    return column.array if isinstance(column.dtype, pd.CategoricalDtype) else pd.Categorical(column)


def coded(codes: Array, categories: Iterable[Any]) -> Any:
    """The categorical with these codes; -1 is missing."""
    if isinstance(categories, np.ndarray):
        kind = pd.CategoricalDtype(cast(Any, categories))
    else:
        kind = _kind(tuple(categories))
    return pd.Categorical.from_codes(cast(Any, codes), dtype=kind, validate=False)


@lru_cache(maxsize=256)
def _kind(names: tuple[str, ...]) -> pd.CategoricalDtype:
    """The type of a categorical; many columns have the same words, block after block."""
    return pd.CategoricalDtype(_index(names))


def codes_among(column: Any, names: Sequence[str]) -> Array:
    """For each row the place of its word among the names; -1 for none of them."""
    column = words(column)
    places = _index(names).get_indexer(column.categories)
    return cast(Array, np.append(places, -1).take(column.codes))


def worded(numbers: Array, texts: Sequence[str]) -> Any:
    """The categorical of the texts with these numbers; texts may be alike."""
    unlike = {text: k for k, text in enumerate(dict.fromkeys(texts))}
    return coded(np.array([unlike[text] for text in texts], dtype=np.int32)[numbers], unlike)


def is_any(column: Any, *meant: str) -> Flags:
    """True where a categorical is any of these words."""
    found = np.zeros(len(column), dtype=bool)
    for code in np.flatnonzero(column.categories.isin(meant)):
        found |= column.codes == code
    return found


def numbered(keys: Array, below: int) -> tuple[Array, Array]:
    """(for each key its place among those that occur, those that occur, in order).

    Keys are whole numbers from 0 up to `below`.
    """
    if below > len(keys) + 1_000_000:
        occur, number = np.unique(keys, return_inverse=True)
        return number, occur
    there = np.zeros(below, dtype=bool)
    there[keys] = True
    return (np.cumsum(there) - 1).take(keys), np.flatnonzero(there)


def by_column(columns: Sequence[Array], n: int) -> Array:
    """Arrays of length n beside each other: (n, how many)."""
    return np.stack(columns, axis=1) if columns else np.zeros((n, 0))


def entries(values: Array, rows: Array) -> tuple[Array, Array, Array]:
    """(row, column, value) of what is not 0 in values[rows], row by row.

    So a table with few entries a row is read without being spread out over all rows.
    """
    kind, column = np.nonzero(values)
    each = np.bincount(kind, minlength=len(values))
    many = each.take(rows)
    skipped = (np.cumsum(each) - each).take(rows) - (np.cumsum(many) - many)
    row = np.repeat(np.arange(len(rows)), many)
    at = np.arange(len(row)) + skipped.take(row)
    return row, column.take(at), values[kind, column].take(at)


def filled(values: Array, given: Flags) -> Array:
    """The values where given, and elsewhere the last one given before."""
    found, missing = values.copy(), np.flatnonzero(~given)
    starts = np.flatnonzero(np.diff(missing, prepend=-2) > 1)
    last = np.maximum(missing.take(starts) - 1, 0)
    found[missing] = np.repeat(values.take(last), np.diff(starts, append=len(missing)))
    return found


def runs(values: Array) -> Flags:
    """True where a value differs from the one before, and at the first."""
    changed = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=changed[1:])
    return changed


def first_of_patient(table: pd.DataFrame) -> Flags:
    """True at the first row of each patient; rows stand in order of replication, patient."""
    return runs(array(table, "patient")) | runs(array(table, "replication"))


def before(values: Array, first: Flags) -> Array:
    """The value of the row before, of the same patient; 0 at the first."""
    found = np.zeros_like(values)
    found[1:] = values[:-1]
    found[first] = 0
    return found


def place(table: pd.DataFrame) -> Array:
    """For each row the running number (0, 1, ...) of its patient in the block."""
    return np.cumsum(first_of_patient(table)) - 1


def sums(where: Array, amount: Array, size: int) -> Array:
    """The sum of amounts by place, added in order: the same to the bit whatever else is summed."""
    return np.bincount(where, weights=amount, minlength=size)


def first_at(where: Array, rows: Array, size: int) -> Array:
    """For each place the first of these row numbers, in order, that is there; -1 for none."""
    return last_at(where, rows[::-1], size)


def last_at(where: Array, rows: Array, size: int) -> Array:
    """For each place the last of these row numbers, in order, that is there; -1 for none."""
    found = np.full(size, -1)
    found[where.take(rows)] = rows
    return found


def taken(values: Array, rows: Array) -> Array:
    """The value at each row number; NaN for -1."""
    if not len(values):
        return np.full(len(rows), np.nan)
    return np.where(rows >= 0, values.take(rows), np.nan)


def joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Tables one under another; words get the sorted union of the words that occur.

    So the result does not depend on how the rows were cut into parts.
    """
    return under([{str(name): part[name].array for name in part.columns} for part in parts])


def under(parts: Sequence[Columns]) -> pd.DataFrame:
    """The same for columns that are no table yet.

    The parts lose their columns one by one, so that only one at a time stands in memory twice.
    """
    table = {name: _under([part.pop(name) for part in parts]) for name in list(parts[0])}
    return pd.DataFrame(table, copy=False)


def _under(columns: Sequence[Any]) -> Any:
    if isinstance(columns[0], pd.Categorical):
        return _united(columns)
    return columns[0] if len(columns) == 1 else np.concatenate(columns)


def _united(columns: Sequence[Any]) -> Any:
    """One categorical of all these; its categories are the words that occur, sorted."""
    occurs = [np.bincount(c.codes + 1, minlength=len(c.categories) + 1)[1:] > 0 for c in columns]
    pairs = list(zip(columns, occurs, strict=True))
    union = _index(sorted({w for c, there in pairs for w in c.categories[there]}))
    small = np.min_scalar_type(-len(union) - 1)
    places = [np.append(union.get_indexer(c.categories), -1).astype(small) for c in columns]
    codes = [new[c.codes] for new, c in zip(places, columns, strict=True)]
    return coded(np.concatenate(codes), union)


def _index(names: Sequence[str]) -> Any:
    return pd.Index(cast(Any, names), dtype=cast(Any, object))
