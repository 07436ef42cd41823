"""The event log: the three tables that every engine hands over (docs/law.md, section 10).

Engines write rows through a `Recorder`; outcomes read a `Log`. Nothing here knows what an event
means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
    """Some patients of one replication: `log`, `patients`, `capacity`."""

ARRIVAL = "arrival"
"""The name under which an arrival rings and draws."""

HORIZON = "horizon"
"""The cause of a censoring."""

ARRIVE, CHOICE, ENTER, MOVE, DETOUR = "arrive", "choice", "enter", "move", "detour"
RETURN, HERE, END, CENSOR = "return", "here", "end", "censor"
KINDS = (ARRIVE, CHOICE, ENTER, MOVE, DETOUR, RETURN, HERE, END, CENSOR)

LOG_COLUMNS = (
    "replication", "patient", "step", "time", "kind", "depth", "state", "cause", "option",
)  # fmt: skip
CAPACITY_COLUMNS = ("replication", "time", "resource", "kind", "amount", "stock")
WORDS = ("kind", "state", "cause", "option")
_AMOUNTS = {"replication": "int64", "time": "float64", "amount": "int64", "stock": "int64"}
_NUMBERS = {"replication": "int32", "patient": "int64", "step": "int32", "depth": "int8"}


@dataclass(frozen=True)
class Log:
    """What a run leaves: `log`, `patients`, `capacity` (docs/law.md), and the horizon in days.

    Words are categoricals. Rows stand in order of replication, patient, step (capacity:
    replication, time, resource).
    """

    log: pd.DataFrame
    patients: pd.DataFrame
    capacity: pd.DataFrame
    horizon: float

    def equals(self, other: Log) -> bool:
        """Row for row and bit for bit, whatever the order of the categories."""
        return all(
            _plain(a).equals(_plain(b))
            for a, b in (
                (self.log, other.log),
                (self.patients, other.patients),
                (self.capacity, other.capacity),
            )
        )


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    words = {c: "object" for c in table.columns if isinstance(table[c].dtype.name, str)
             and table[c].dtype.name == "category"}  # fmt: skip
    return table.astype(words).reset_index(drop=True)


class Recorder:
    """Takes the rows of one replication as they happen and puts them in order at the end."""

    def __init__(self, replication: int, columns: Mapping[str, bool]) -> None:
        """`columns` are the variables of all patients, and whether each holds words."""
        self.replication, self.columns = replication, columns
        self._log: dict[int, list[tuple[Any, ...]]] = {}
        self._patients: list[dict[str, Any]] = []
        self._capacity: list[tuple[Any, ...]] = []

    def event(
        self, patient: int, time: float, kind: str, depth: int, state: str, cause: str, option: str
    ) -> None:
        rows = self._log.setdefault(patient, [])
        rows.append((patient, len(rows), time, kind, depth, state, cause, option))

    def patient(self, patient: int, stream: str, variables: dict[str, Any]) -> None:
        self._patients.append({"patient": patient, "stream": stream, **variables})

    def capacity(self, time: float, resource: str, kind: str, amount: int, stock: int) -> None:
        self._capacity.append((self.replication, time, resource, kind, amount, stock))

    def tables(self) -> Tables:
        """The three tables of this replication, in order."""
        import numpy as np
        import pandas as pd

        rows = [row for patient in sorted(self._log) for row in self._log[patient]]
        log = pd.DataFrame(rows, columns=list(LOG_COLUMNS[1:]))
        log.insert(0, "replication", self.replication)
        log = log.astype({**_NUMBERS, "time": "float64"}).astype(dict.fromkeys(WORDS, "category"))
        people = sorted(self._patients, key=lambda row: row["patient"])
        values = Values(self.columns, len(people))
        for name, room in values.of.items():
            room[:] = np.array([row.get(name) for row in people], dtype=room.dtype)
        number, stream = ([row[c] for row in people] for c in ("patient", "stream"))
        patients = patients_table(self.replication, number, stream, values)
        capacity = pd.DataFrame(self._capacity, columns=list(CAPACITY_COLUMNS))
        capacity = capacity.astype(_AMOUNTS)
        capacity = capacity.sort_values(["time", "resource"], ignore_index=True, kind="stable")
        return log, patients, capacity


class Values:
    """Room for the values that so many patients have of each variable: `of[name]`, one a patient.

    Those that hold words are None at first, the others NaN, which is not yet.
    """

    def __init__(self, words: Mapping[str, bool], many: int) -> None:
        import numpy as np

        self.names = [[n for n, word in words.items() if word is w] for w in (False, True)]
        self.tables = (
            np.full((len(self.names[0]), many), np.nan),
            np.full((len(self.names[1]), many), None, dtype="object"),
        )
        self.of = {
            name: row
            for names, table in zip(self.names, self.tables, strict=True)
            for name, row in zip(names, table, strict=True)
        }


def patients_table(replication: int, number: Any, stream: Any, values: Values) -> pd.DataFrame:
    """The `patients` table: their numbers and streams, and the values, words last."""
    import numpy as np
    import pandas as pd

    first = pd.DataFrame(
        {
            "replication": np.full(len(number), replication, dtype="int64"),
            "patient": np.asarray(number, dtype="int64"),
            "stream": np.asarray(stream, dtype="object"),
        }
    )
    rest = [
        pd.DataFrame(table.T, columns=pd.Index(names, dtype="object"))
        for names, table in zip(values.names, values.tables, strict=True)
    ]
    return pd.concat([first, *rest], axis=1)


def join(parts: Sequence[Tables], horizon: float) -> Log:
    """One Log from the tables of several replications, or of their parts, in the order given."""
    import pandas as pd
    from pandas.api.types import union_categoricals

    parts = [p for p in parts if any(map(len, p))] or parts[:1]
    if len(parts) == 1:
        return Log(*parts[0], horizon)
    logs = [p[0] for p in parts]
    words = {c: union_categoricals([t[c] for t in logs], sort_categories=True) for c in WORDS}
    log = pd.concat([t.drop(columns=list(WORDS)) for t in logs], ignore_index=True)
    log = log.assign(**words)[list(LOG_COLUMNS)]
    patients = pd.concat([p[1] for p in parts], ignore_index=True)
    capacity = pd.concat([p[2] for p in parts], ignore_index=True)
    return Log(log, patients, capacity, horizon)
