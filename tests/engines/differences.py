"""Where two runs first differ, in words: for tests that hold one run against another."""

from __future__ import annotations

import pandas as pd

from pathsim.events import Log

Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
NAMES = ("log", "patients", "capacity")


def tables(log: Log) -> Tables:
    """The three tables of a log."""
    return log.log, log.patients, log.capacity


def difference(
    ours: Tables, theirs: Tables, *, of: str = "the witness", to: str = "the engine"
) -> str:
    """Empty if the three tables are the same to the bit, whatever the order of categories."""
    pairs = zip(NAMES, ours, theirs, strict=True)
    return "".join(first_difference(name, a, b, of=of, to=to) for name, a, b in pairs)


def first_difference(
    name: str, a: pd.DataFrame, b: pd.DataFrame, *, of: str = "one", to: str = "other"
) -> str:
    """The first row in which two tables differ, or what else does; empty if nothing does."""
    if list(a.columns) != list(b.columns):
        return f"{name}: columns {list(a.columns)} of {of}, {list(b.columns)} of {to}"
    for i, (x, y) in enumerate(zip(rows(a), rows(b), strict=False)):
        if x != y:
            return f"{name}, row {i}:\n  {of}: {x}\n  {to}: {y}\n"
    if len(a) != len(b):
        return f"{name}: {of} has {len(a)} rows, {to} {len(b)}\n"
    kinds = [(c, a[c].dtype.name, b[c].dtype.name) for c in a if a[c].dtype.name != b[c].dtype.name]
    return f"{name}: other types of columns, {kinds}\n" if kinds else ""


def rows(table: pd.DataFrame) -> list[tuple[object, ...]]:
    """The rows as plain values; what is missing is None."""
    plain = table.astype("object").where(table.notna(), None)
    return list(plain.itertuples(index=False, name=None))
