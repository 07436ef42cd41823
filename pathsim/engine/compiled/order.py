"""The log put in order: from rows as they were written, in time, to tables by patient and step.

Called by the door of this folder. Rows know their patient by a serial, in order of arrival, and
their step; so a row's place is known once it is known how many rows each patient has.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pathsim import events
from pathsim.engine.compiled.live import PLACED
from pathsim.engine.compiled.parts import jitted
from pathsim.events import Values, patients_table
from pathsim.pathway.tables import NEVER, NONE

if TYPE_CHECKING:
    import pandas as pd

    from pathsim.engine.compiled.live import Live


@jitted
def mark_words(run):
    """Note which words the rows use that are to be placed."""
    for i in range(run.written):
        row = run.rows[i]
        if run.first_row[row.serial] != NONE:
            run.used_kind[row.kind] = run.used_state[row.state] = 1
            run.used_cause[row.cause] = run.used_option[row.option] = 1
    return 0


@jitted
def place_rows(run):
    """Put rows where they belong; `first_row` is the place of each serial's first, or NONE.

    A word is now its place among those that are used.
    """
    for i in range(run.written):
        row = run.rows[i]
        if run.first_row[row.serial] != NONE:
            to = run.first_row[row.serial] + row.step
            run.log_patient[to] = run.arrivals[row.serial].number
            run.log_step[to], run.log_time[to], run.log_depth[to] = row.step, row.time, row.depth
            run.log_kind[to], run.log_state[to] = run.used_kind[row.kind], run.used_state[row.state]
            run.log_cause[to] = run.used_cause[row.cause]
            run.log_option[to] = run.used_option[row.option]
    return 0


def log_table(
    live: Live, chunks: Sequence[npt.NDArray[np.void]], who: npt.NDArray[Any]
) -> pd.DataFrame:
    """The `log` of these serials, whose rows are all in these chunks."""
    import pandas as pd

    from pathsim.engine.compiled.kernels import MARK_WORDS, PLACE_ROWS, call

    def each(what: int) -> None:
        for chunk in chunks:
            live.put("rows", chunk)
            live.set(written=len(chunk))
            call(live, what)

    arrivals = live.arrays["arrivals"]
    order = who[np.argsort(arrivals["number"][who], kind="stable")]
    rows = arrivals["rows"][order]
    first = np.full(max(live.get("serial"), 1), NONE, "i8")
    first[order] = np.cumsum(rows) - rows
    many = int(rows.sum())
    live.put("first_row", first)
    words = {c: events.KINDS if c == "kind" else live.tables.words for c in events.WORDS}
    for column, known in words.items():
        live.put(f"used_{column}", np.zeros(len(known), "i4"))
    each(MARK_WORDS)
    used = {column: numbered(live.arrays[f"used_{column}"], words[column]) for column in words}
    made: dict[str, Any] = {c: np.empty(many, kind) for c, kind in PLACED.items()}
    for column, array in made.items():
        live.put(f"log_{column}", array)
    each(PLACE_ROWS)
    for column, categories in used.items():
        kind = pd.CategoricalDtype(categories)
        made[column] = pd.Categorical.from_codes(made[column], dtype=kind, validate=False)
    table = {"replication": np.full(many, live.get("replication"), "i4"), **made}
    return pd.DataFrame({c: table[c] for c in events.LOG_COLUMNS}, copy=False)


def numbered(used: npt.NDArray[np.int32], words: Sequence[str]) -> list[str]:
    """The words that are used, in order of the alphabet; each mark becomes the word's place."""
    found = sorted((words[i], i) for i in np.flatnonzero(used).tolist())
    for place, (_, i) in enumerate(found):
        used[i] = place
    return [word for word, _ in found]


def people_table(live: Live, who: npt.NDArray[Any], columns: Mapping[str, bool]) -> pd.DataFrame:
    """The `patients` table of these serials, in order of their numbers."""
    tables, people = live.tables, live.arrays["arrivals"][who]
    people = people[np.argsort(people["number"], kind="stable")]
    names = np.array(tables.words, dtype=object)
    values = Values(columns, len(people))
    taken = tables.streams["pathway"][people["stream"]]
    for p, pathway in enumerate(tables.pathways):
        mine = np.flatnonzero(taken == p)
        first, many = int(pathway["first_variable"]), int(pathway["variables"])
        variables = tables.variables[first : first + many if len(mine) else first]
        found = live.arrays["first_values"][
            people["first_value"][mine] + np.arange(len(variables))[:, np.newaxis]
        ]
        for drawn, word, is_level in zip(
            found, variables["word"].tolist(), variables["is_level"], strict=True
        ):
            there = drawn != NEVER
            row = values.of[tables.name(word)]
            row[mine[there]] = names[drawn[there].astype("i8")] if is_level else drawn[there]
    streams = names[tables.streams["word"][people["stream"]]]
    return patients_table(live.get("replication"), people["number"], streams, values)


def capacity_table(live: Live) -> pd.DataFrame:
    """The `capacity` table, once the run is over."""
    import pandas as pd

    tables, steps = live.tables, live.arrays["steps"]
    names = np.array(tables.words, dtype=object)
    returned = tables.resources["returned"][steps["resource"]] != 0
    columns = {
        "replication": np.full(len(steps), live.get("replication"), "i8"),
        "time": steps["time"].copy(),
        "resource": names[tables.resources["word"][steps["resource"]]],
        "kind": np.where(returned, "capacity", "allotment").astype(object),
        "amount": steps["amount"].copy(),
        "stock": steps["stock"].copy(),
    }
    return pd.DataFrame({c: columns[c] for c in events.CAPACITY_COLUMNS}, copy=False)
