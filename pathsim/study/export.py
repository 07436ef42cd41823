"""The event log of a result as one long CSV that tools for process mining read.

Called by the command line. The log is read and written piece by piece: what is held of it at a time
does not grow with it. What an event is, `outcomes.activities` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from pathsim.errors import InputError, Problem
from pathsim.events import LOG_COLUMNS, WORDS
from pathsim.inputs.document import shown
from pathsim.outcomes.activities import activities, of_ours
from pathsim.outcomes.columns import Array, array, coded, first_of_patient, joined, place
from pathsim.outcomes.export_dictionary import export_readme
from pathsim.study.folders import fill_file, write_file
from pathsim.study.jobs import Progress
from pathsim.study.kept import Result, Strategy
from pathsim.study.trace import telling

NAME, README = "events.csv", ".README.txt"
AT_ONCE = 200_000
"""Rows of the log that are held at a time, more or less."""
SINCE = date(2000, 1, 1)
"""The first day of a model that has no date."""
DAY = 86_400_000

NAMED = {
    "activity": "concept:name", "transition": "lifecycle:transition", "resource": "org:resource",
    "instance": "concept:instance", "replication": "case:replication", "patient": "case:patient",
    "end": "case:end",
}  # fmt: skip
"""A column of `activities` -> what it is called in the file, where that differs."""
FIRST = ("case:concept:name", "concept:name", "lifecycle:transition", "time:timestamp",
         "org:resource", "concept:instance", "kind", "day", "amount", "therapy", "phase", "setting",
         "cause", "option", "event", "case:strategy", "case:replication", "case:patient",
         "case:end")  # fmt: skip
"""The columns before the features of patients, in order."""


@dataclass(frozen=True)
class Exported:
    """What was written: the file, what tells of its columns, and how many rows and patients."""

    path: Path
    readme: Path
    rows: int
    cases: int


def export(result: Result, path: Path, *, progress: Progress | None = None) -> Exported:
    """Write the events of all strategies into one file, and what its columns are beside it.

    A name that ends with .gz is compressed. `progress` is told how much more is done, in
    replications. Raises InputError where the log of a strategy was not kept; the file is whole or
    as it was.
    """
    strategies = list(result.strategies.values())
    if not strategies:
        said = "holds no strategies, but a study of them"
        raise InputError(Problem(shown(path.parent), 0, "", said, "name what run or compare wrote"))
    _kept(strategies)
    features = list(dict.fromkeys(name for one in strategies for name in telling(one.model)))
    counted = [0, 0]

    def fill(unfinished: Path) -> None:
        with _opened(unfinished, path.name) as out:
            for strategy in strategies:
                for table, cases in _tables(strategy, features, progress):
                    options = pa.csv.WriteOptions(include_header=not counted[0])
                    pa.csv.write_csv(table, out, options)
                    counted[0] += table.num_rows
                    counted[1] += cases

    fill_file(path, fill)
    readme = path.with_name(path.name + README)
    write_file(readme, export_readme(path.name, features).encode("utf-8"))
    return Exported(path, readme, *counted)


def _kept(strategies: Sequence[Strategy]) -> None:
    """InputError unless every strategy has its log, with the command that makes it."""
    missing = [one for one in strategies if not (one.folder / "log.parquet").exists()]
    if not missing:
        return
    first = strategies[0]
    documents = " ".join(f"{shown(one.folder)}/scenario.yaml" for one in strategies)
    command = "compare" if len(strategies) > 1 else "run"
    again = (f"pathsim {command} {documents} --seed {first.record['seed']} "
             f"--replications {first.record['replications']} --keep-log")  # fmt: skip
    said = f"no event log was kept of {', '.join(one.name for one in missing)}"
    raise InputError(Problem(shown(missing[0].folder), 0, "", said, f"keep it with: {again}"))


def _opened(path: Path, name: str) -> Any:
    return pa.CompressedOutputStream(str(path), "gzip") if name.endswith(".gz") else path.open("wb")


# --- piece by piece ----------------------------------------------------------------------------


def _tables(
    strategy: Strategy, features: Sequence[str], progress: Progress | None
) -> Iterator[tuple[pa.Table, int]]:
    """The events of one strategy, some whole patients at a time, and how many patients."""
    model, known = strategy.model, Features(strategy.folder / "patients.parquet", features)
    marking, begin = model.marking, model.start or SINCE
    done = 0
    for log in _pieces(strategy.folder / "log.parquet"):
        mine = of_ours(log)
        if len(mine):
            table = activities(mine, marking)
            yield _named(table, strategy.name, begin, known), int(first_of_patient(mine).sum())
        last = int(log["replication"].iloc[-1])
        if progress is not None and last > done:
            progress(float(last - done))
        done = max(done, last)
    if progress is not None:
        progress(float(strategy.record["replications"] - done))


def _pieces(path: Path) -> Iterator[pd.DataFrame]:
    """A log, some whole patients at a time."""
    left: list[pd.DataFrame] = []
    with pa.parquet.ParquetFile(path, read_dictionary=list(WORDS)) as file:
        for batch in file.iter_batches(AT_ONCE, columns=list(LOG_COLUMNS)):
            more = batch.to_pandas()
            # The first patient here may be the last of the piece before; the last may go on.
            cut = int(np.flatnonzero(first_of_patient(more))[-1])
            if cut:
                yield joined([*left, more.iloc[:cut]])
                left.clear()
            left.append(more.iloc[cut:])
    if left:
        yield joined(left)


class Features:
    """What is known of patients on arrival, read in the order of the log as far as it is needed."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        file = pa.parquet.ParquetFile(path)
        there = set(file.schema_arrow.names)
        self.names = list(names)
        columns = ["replication", "patient", *(name for name in names if name in there)]
        self._more = (batch.to_pandas() for batch in file.iter_batches(AT_ONCE, columns=columns))
        self._read = pd.DataFrame(columns=columns)

    def of(self, replication: Array, patient: Array) -> pd.DataFrame:
        """A row for each of these patients, who come after all that were asked for before."""
        last = (replication[-1], patient[-1])
        while not len(self._read) or tuple(self._read[["replication", "patient"]].iloc[-1]) < last:
            more = next(self._more)
            parts = [part for part in (self._read, more) if len(part)]
            self._read = pd.concat(parts, ignore_index=True)
        who = pd.MultiIndex.from_arrays([replication, patient])
        known = self._read.set_index(["replication", "patient"])
        found = known.reindex(index=who, columns=self.names)
        behind = cast(int, known.index.get_loc(last)) + 1
        self._read = self._read.iloc[behind:].reset_index(drop=True)
        return found.reset_index(drop=True)


def _named(events: pd.DataFrame, strategy: str, begin: date, known: Features) -> pa.Table:
    """Events under the names of the standard, with the features of their patients."""
    first, where = np.flatnonzero(first_of_patient(events)), place(events)
    replication, patient = (array(events, name).take(first) for name in ("replication", "patient"))
    cases = [f"{strategy}/{r}/{p}" for r, p in zip(replication, patient, strict=True)]
    columns: dict[str, Any] = {
        "case:concept:name": coded(where, cases),
        "time:timestamp": _dates(array(events, "day"), begin),
        "case:strategy": coded(np.zeros(len(events), dtype=np.int8), [strategy]),
        **{NAMED.get(name, name): events[name].array for name in map(str, events.columns)},
    }
    columns["concept:instance"] = events["instance"].where(events["instance"] > 0).astype("Int64")
    table = {name: _values(columns[name]) for name in FIRST}
    for name, values in known.of(replication, patient).items():
        table[f"case:{name}"] = _values(values).take(pa.array(where))
    return pa.table(table)


def _values(values: Any) -> pa.Array:
    found = pa.array(values, from_pandas=True)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _dates(days: Array, begin: date) -> Array:
    """ISO 8601, to the millisecond."""
    since = np.datetime64(datetime(begin.year, begin.month, begin.day), "ms")
    moments = since + np.round(days * DAY).astype("timedelta64[ms]")
    return np.datetime_as_string(moments).astype(object)
