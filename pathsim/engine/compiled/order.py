"""The log put in order: from rows as they were written, in time, to tables by patient and step.

Called by the door of this folder. Rows know their patient by a serial, in order of arrival, and
their step; so a row's place is known once it is known how many rows each patient has.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pathsim import events
from pathsim.engine.compiled.live import PLACED
from pathsim.engine.compiled.parts import jitted
from pathsim.events import patients_table
from pathsim.pathway.tables import NEVER, NONE

if TYPE_CHECKING:
    import pandas as pd

    from pathsim.engine.compiled.live import Live


@jitted
def place_rows(run):
    """Put rows where they belong; `first_row` is the place of each serial's first, or NONE."""
    for i in range(run.written):
        row = run.rows[i]
        if run.first_row[row.serial] != NONE:
            to = run.first_row[row.serial] + row.step
            run.log_patient[to] = run.arrivals[row.serial].number
            run.log_step[to], run.log_time[to], run.log_depth[to] = row.step, row.time, row.depth
            run.log_kind[to], run.log_state[to] = row.kind, row.state
            run.log_cause[to], run.log_option[to] = row.cause, row.option
    return 0


def log_table(
    live: Live, chunks: list[npt.NDArray[np.void]], who: npt.NDArray[Any]
) -> pd.DataFrame:
    """The `log` of these serials, whose rows are all in these chunks."""
    import pandas as pd

    from pathsim.engine.compiled.kernels import PLACE_ROWS, call

    arrivals, words = live.arrays["arrivals"], live.tables.words
    order = who[np.argsort(arrivals["number"][who], kind="stable")]
    rows = arrivals["rows"][order]
    first = np.full(max(live.get("serial"), 1), NONE, "i8")
    first[order] = np.cumsum(rows) - rows
    many = int(rows.sum())
    made: dict[str, Any] = {c: np.empty(many, kind) for c, kind in PLACED.items()}
    for name, column in {"first_row": first, **{f"log_{c}": a for c, a in made.items()}}.items():
        live.put(name, column)
    for chunk in chunks:
        live.put("rows", chunk)
        live.set(written=len(chunk))
        call(live, PLACE_ROWS)
    for column in events.WORDS:
        made[column] = categorical(made[column], events.KINDS if column == "kind" else words)
    table = {"replication": np.full(many, live.get("replication"), "i4"), **made}
    return pd.DataFrame({c: table[c] for c in events.LOG_COLUMNS}, copy=False)


def categorical(codes: npt.NDArray[np.int32], words: tuple[str, ...]) -> pd.Categorical:
    """The words that are used, in order of the alphabet."""
    import pandas as pd

    used = np.flatnonzero(np.bincount(codes, minlength=len(words)))
    named = sorted((words[i], i) for i in used)
    small = np.min_scalar_type(-max(len(named), 1))
    new = np.zeros(len(words), small)
    for place, (_, i) in enumerate(named):
        new[i] = place
    kind = pd.CategoricalDtype([word for word, _ in named])
    return pd.Categorical.from_codes(new[codes], dtype=kind, validate=False)


def people_table(live: Live, who: npt.NDArray[Any], columns: Mapping[str, bool]) -> pd.DataFrame:
    """The `patients` table of these serials, in order of their numbers."""
    tables, people = live.tables, live.arrays["arrivals"][who]
    people = people[np.argsort(people["number"], kind="stable")]
    names = np.array(tables.words, dtype=object)
    made: dict[str, Any] = {
        "patient": people["number"],
        "stream": names[tables.streams["word"][people["stream"]]],
    }
    for column, words in columns.items():
        made[column] = np.full(len(people), None if words else np.nan, "O" if words else "f8")
    taken = tables.streams["pathway"][people["stream"]]
    for p, pathway in enumerate(tables.pathways):
        mine = np.flatnonzero(taken == p)
        for i in range(pathway["variables"] if len(mine) else 0):
            variable = tables.variables[pathway["first_variable"] + i]
            found = live.arrays["first_values"][people["first_value"][mine] + i]
            there = mine[found != NEVER]
            drawn = found[found != NEVER]
            is_level = variable["is_level"]
            made[tables.name(variable["word"])][there] = (
                names[drawn.astype("i8")] if is_level else drawn
            )
    return patients_table(live.get("replication"), made, columns)


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
