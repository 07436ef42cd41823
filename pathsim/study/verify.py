"""Two engines, one meaning: the same replications by both, and where they first differ, in words.

Called by `pathsim verify`; `first_difference` holds any two logs against each other. First is what
happens first in the model, since one difference leads to others wherever patients share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pandas as pd

from pathsim.engine.simulate import simulate
from pathsim.errors import PathwayError
from pathsim.events import Log
from pathsim.outcomes.columns import Flags
from pathsim.pathway.phrases import a_number_of
from pathsim.study.jobs import Progress
from pathsim.study.plan import Model
from pathsim.study.simulation import moved

KEYS = {"patients": ["patient"], "capacity": ["resource"], "log": ["patient", "step"]}
"""Table -> what tells its rows apart, besides the replication; the first that is to blame first."""

BEFORE = 3
"""How many rows are shown that lead up to the one that differs."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """The first row that differs: its table and both versions, None where an engine has none.

    `before` are the rows that lead up to it, as each engine has them; `note` says what differs
    where it is not a row.
    """

    table: str
    replication: int
    rows: tuple[Row | None, Row | None]
    before: tuple[tuple[Row, ...], ...] = ((), ())
    note: str = ""

    @property
    def columns(self) -> list[str]:
        """The columns in which the two versions differ."""
        one, other = self.rows
        if one is None or other is None:
            return []
        return [name for name in one if not _alike(one[name], other[name])]

    def words(self, engines: tuple[str, str]) -> Iterator[str]:
        """What differs, for people who know the model, not the engines."""
        said = f"The engines differ in replication {self.replication}"
        if self.note:
            yield f"{said}, table '{self.table}': {self.note}"
            return
        yield f"{said}: {self._place()} is the first that differs, in the order of events."
        for engine, row in zip(engines, self.rows, strict=True):
            yield f"  {engine}: {_sentence(self.table, row) if row else 'has no such row.'}"
        for column in self.columns:
            yield self._values(column, engines)
        yield from self._led_up(engines)

    def _led_up(self, engines: tuple[str, str]) -> Iterator[str]:
        each = [[_sentence(self.table, row) for row in rows] for rows in self.before]
        heads = [f"Before it {engine} says:" for engine in engines]
        if each[0] == each[1]:
            heads, each = ["Before it both say:"], each[:1]
        for head, lines in zip(heads, each, strict=True):
            yield from (head, *(f"  {line}" for line in lines)) if lines else ()

    def _place(self) -> str:
        row = self.rows[0] or self.rows[1]
        assert row is not None
        if self.table == "capacity":
            return f"a row of '{row['resource']}' in the table of capacity"
        step = f", step {row['step']}" if self.table == "log" else " in the table of patients"
        return f"patient {row['patient']}{step}"

    def _values(self, column: str, engines: tuple[str, str]) -> str:
        both = [row[column] for row in self.rows if row is not None]
        said = ", ".join(f"{e} has {_value(v)}" for e, v in zip(engines, both, strict=True))
        if all(isinstance(value, float) for value in both):
            days = " days" if column == "time" else ""
            said += f"; they are {abs(both[0] - both[1]):.3g}{days} apart"
        return f"  Column '{column}': {said}."


@dataclass(frozen=True)
class Verdict:
    """What a model's engines were found to say: how much was the same, and what was not."""

    model: str
    seed: int
    engines: tuple[str, str]
    replications: int = 0
    rows: int = 0
    patients: int = 0
    steps: int = 0
    difference: Difference | None = None

    def words(self) -> list[str]:
        """A paragraph a line."""
        of = f"{self.model}, seed {self.seed}, engines {' and '.join(self.engines)}"
        if self.difference is not None:
            return [f"{of}.", *self.difference.words(self.engines)]
        return [
            f"The same: {self.rows:,} rows of the log, {self.patients:,} patients, "
            f"{self.steps:,} capacity steps, replication by replication "
            f"({a_number_of(self.replications, 'replication')} of {of})."
        ]


def verify(
    model: Model,
    *,
    engines: tuple[str, str],
    seed: int = 0,
    replications: int = 1,
    progress: Progress | None = None,
) -> Verdict:
    """Run each replication by both engines, up to the first in which they differ."""
    verdict = Verdict(model.name, seed, engines)
    half: Progress | None = None if progress is None else lambda by: progress(by / 2)
    for number in range(replications):
        alone = range(number, number + 1)

        def log_of(engine: str, alone: range = alone) -> Log:
            return simulate(model.service, horizon=model.horizon, seed=seed, replications=alone,
                            engine=engine, progress=moved(half, alone))  # fmt: skip

        logs = _agreed(log_of, engines)
        if isinstance(logs, Difference):
            return replace(verdict, difference=replace(logs, replication=number))
        one, other = logs
        if found := first_difference(one, other):
            return replace(verdict, difference=found)
        verdict = replace(
            verdict, replications=number + 1, rows=verdict.rows + len(one.log),
            patients=verdict.patients + len(one.patients),
            steps=verdict.steps + len(one.capacity),
        )  # fmt: skip
    return verdict


def _agreed(log_of: Callable[[str], Log], engines: tuple[str, str]) -> list[Log] | Difference:
    """The log by each engine; a difference where only one of them refuses the model.

    Raises PathwayError where both do.
    """
    logs: list[Log] = []
    refused: dict[str, PathwayError] = {}
    for engine in engines:
        try:
            logs.append(log_of(engine))
        except PathwayError as error:
            refused[engine] = error
    if len(refused) == len(engines) and len(set(map(str, refused.values()))) == 1:
        raise refused[engines[0]]
    if not refused:
        return logs
    said = "; ".join(f"{engine} ends with: {error}" for engine, error in refused.items())
    goes_on = f"; {next(e for e in engines if e not in refused)} does not" if logs else ""
    return Difference("log", 0, (None, None), note=f"{said}{goes_on}")


# --- two logs ----------------------------------------------------------------------------------


def first_difference(one: Log, other: Log) -> Difference | None:
    """Where two logs first differ, in the order of events; None if they are the same to the bit.

    The order of categories is not looked at.
    """
    differing = [name for name in KEYS if not _same(getattr(one, name), getattr(other, name))]
    found = [_first(name, one, other) for name in differing]
    moments = [(day, place) for place, (day, _) in enumerate(found)]
    return found[min(moments)[1]][1] if found else None


def _same(a: pd.DataFrame, b: pd.DataFrame) -> bool:
    """Whether two tables are the same, row for row and bit for bit."""
    if list(a.columns) != list(b.columns) or len(a) != len(b):
        return False
    return all(_kind(a[c]) == _kind(b[c]) and bool(_equal(a[c], b[c]).all()) for c in a.columns)


def _first(name: str, one: Log, other: Log) -> tuple[float, Difference]:
    """The day of a table's first row that differs, and the difference."""
    a, b = getattr(one, name), getattr(other, name)
    replication = int(pd.concat([a["replication"], b["replication"]]).min())
    if list(a.columns) != list(b.columns):
        only = [sorted(set(x.columns) - set(y.columns)) for x, y in ((a, b), (b, a))]
        note = f"the first alone has the columns {only[0]}, the second {only[1]}."
        return -np.inf, Difference(name, replication, (None, None), note=note)
    a, b = _numbered(a, name), _numbered(b, name)
    keys = ["replication", *KEYS[name], "nth"]
    both = a.merge(b, on=keys, how="outer", suffixes=("", " of other"), indicator=True)
    wrong = (both["_merge"] != "both").to_numpy()
    for column in a.columns.difference(keys):
        wrong |= ~_equal(both[column], both[f"{column} of other"])
    if not wrong.any():
        note = "the rows are the same, but in another order or as another type of number."
        return np.inf, Difference(name, replication, (None, None), note=note)
    rows = both[wrong].assign(day=_days(both[wrong], name, one, other))
    first = rows.sort_values(["replication", "day", *keys[1:]]).iloc[0]
    key = tuple(first[k] for k in keys)
    versions = _row(a, keys, key), _row(b, keys, key)
    before = _before(a, keys, key), _before(b, keys, key)
    return float(first["day"]), Difference(name, int(first["replication"]), versions, before)


def _numbered(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """With words as plain objects, and `nth`: which row it is of those that have one key."""
    plain = {c: "object" for c in table.columns if _kind(table[c]) == "words"}
    table = table.astype(plain)
    return table.assign(nth=table.groupby(["replication", *KEYS[name]]).cumcount())


def _days(rows: pd.DataFrame, name: str, one: Log, other: Log) -> pd.Series:
    """When each of these rows happens, by whichever engine says it is sooner."""
    if name != "patients":
        return rows[["time", "time of other"]].min(axis=1)
    events = pd.concat([one.log, other.log])
    arrivals = events.groupby(["replication", "patient"])["time"].min()
    index = pd.MultiIndex.from_frame(rows[["replication", "patient"]])
    return pd.Series(arrivals.reindex(index).to_numpy(), rows.index)


def _row(table: pd.DataFrame, keys: list[str], key: tuple[Any, ...]) -> Row | None:
    """The row with this key as plain values; None if there is none."""
    here = table[(table[keys] == key).all(axis=1)].drop(columns="nth")
    return _plain(here.iloc[0]) if len(here) else None


def _before(table: pd.DataFrame, keys: list[str], key: tuple[Any, ...]) -> tuple[Row, ...]:
    """The last rows of the same patient or resource before the one with this key."""
    *shared, last = keys[:-1] if "step" in keys else keys
    mine = table[(table[shared] == key[: len(shared)]).all(axis=1)]
    mine = mine[mine[last] < key[len(shared)]].tail(BEFORE).drop(columns="nth")
    return tuple(_plain(mine.iloc[k]) for k in range(len(mine)))


def _plain(row: pd.Series) -> Row:
    return {str(k): v.item() if isinstance(v, np.generic) else v for k, v in row.items()}


def _equal(a: pd.Series, b: pd.Series) -> Flags:
    """Where two columns have the same bits; what is missing in both is the same."""
    if _kind(a) == _kind(b) == "float64":
        x, y = a.to_numpy(), b.to_numpy()
        return cast(Flags, (x.view("i8") == y.view("i8")) | (np.isnan(x) & np.isnan(y)))
    x, y = a.astype("object").to_numpy(), b.astype("object").to_numpy()
    return cast(Flags, (x == y) | (pd.isna(x) & pd.isna(y)))


def _kind(column: pd.Series) -> str:
    """The type of a column; categories are words like any other."""
    name = column.dtype.name
    return "words" if name in ("category", "object", "str") else name


def _alike(a: Any, b: Any) -> bool:
    return bool(_equal(pd.Series([a]), pd.Series([b])).all())


# --- words -------------------------------------------------------------------------------------

SAID = {
    "arrive": "arrives in stream '{option}'",
    "choice": "at the choice '{state}', reached by '{cause}', takes '{option}'",
    "enter": "enters '{state}' because of '{cause}'",
    "move": "moves to '{state}' because of '{cause}'",
    "detour": "takes the detour '{option}' into '{state}' because of '{cause}'",
    "return": "returns to '{state}' because of '{cause}'",
    "here": "enters '{state}' again because of '{cause}'",
    "end": "ends in '{state}' because of '{cause}'",
    "censor": "is in '{state}' when the run ends",
}
"""Kind of event -> what its row says."""


def _sentence(table: str, row: Row) -> str:
    """A row in words, numbers at full precision."""
    if table == "log":
        said = SAID[str(row["kind"])].format(**row)
        depth = f" (level {row['depth']})" if row["depth"] else ""
        return f"Day {row['time']!r}, step {row['step']}: patient {row['patient']} {said}{depth}."
    if table == "capacity":
        many = "the capacity becomes" if row["kind"] == "capacity" else "released are"
        stock = "" if row["kind"] == "capacity" else f", then in stock {row['stock']}"
        return f"Day {row['time']!r}: of '{row['resource']}' {many} {row['amount']}{stock}."
    return f"Patient {row['patient']} of stream '{row['stream']}'."


def _value(value: Any) -> str:
    """A value at full precision: no two different ones look the same."""
    return "nothing" if pd.isna(value) else repr(value)
