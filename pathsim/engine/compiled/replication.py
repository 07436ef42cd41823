"""One replication, as Python sees it: chunks of machine code, the log handed over in parts.

`run` is what `simulate` calls. Between two chunks there is room for progress, Ctrl-C, more memory,
and for handing over the patients that are complete.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pathsim.engine.compiled import kernels
from pathsim.engine.compiled.broken import error_of
from pathsim.engine.compiled.instants import BROKEN, DONE, NO_ROOM
from pathsim.engine.compiled.kernels import call
from pathsim.engine.compiled.live import ROWS, Live
from pathsim.engine.compiled.order import capacity_table, log_table, people_table
from pathsim.errors import PathwayError
from pathsim.pathway.service import Service
from pathsim.pathway.tables import NONE, Tables
from pathsim.pathway.tabulate import tabulate

if TYPE_CHECKING:
    from pathsim import events

Progress = Callable[[float], None]
Rows = npt.NDArray[np.void]
Serials = npt.NDArray[np.intp]
Columns = Mapping[str, bool] | None
"""The variables that the `patients` table has, and whether each holds words; None without it."""

FIRST_SLOTS = 64
"""Patients for whom there is room at first."""

MANY = 1 << 62
"""More patients than there are."""

SHARE = 1 << 14
"""Patients that a thread takes at a time."""


def run(
    service: Service,
    *,
    horizon: float,
    seed: int,
    replication: int,
    rows: float = math.inf,
    threads: int = 1,
    progress: Progress | None = None,
    patients: bool = True,
) -> Iterator[events.Tables]:
    """One replication: the tables `log`, `patients` and `capacity`, in parts of so many rows."""
    memory = partial(memory_of(service, horizon, int(min(rows, ROWS))).lent, seed, replication)
    columns = service.columns if patients else None
    if service.resources:
        with memory() as live:
            yield from together(live, columns, rows, progress)
        return
    with first_in_time(memory):
        if threads > 1 or rows < math.inf:
            yield from in_shares(memory, columns, threads, progress)
        else:
            with memory() as live:
                yield in_turn(live, columns, progress)


@dataclass
class Memory:
    """A service as flat arrays, and memory for its runs that is free just now."""

    service: Service
    tables: Tables
    horizon: float
    rows: int
    idle: list[Live] = field(default_factory=list)

    @contextmanager
    def lent(self, seed: int, replication: int) -> Iterator[Live]:
        """Memory for a replication; it comes back unless that was broken off."""
        try:
            live = self.idle.pop()
        except IndexError:  # other threads may have taken the last of it
            live = Live(self.service, self.tables, horizon=self.horizon, slots=FIRST_SLOTS,
                        rows=self.rows)  # fmt: skip
        yield live.begin(seed=seed, replication=replication)
        self.idle.append(live)


_last: list[Memory] = []


def memory_of(service: Service, horizon: float, rows: int) -> Memory:
    """That of the last service is kept, for its other replications."""
    kept = _last[0] if _last else None
    if kept is None or kept.service is not service or (kept.horizon, kept.rows) != (horizon, rows):
        tables = kept.tables if kept and kept.service is service else tabulate(service)
        kept = Memory(service, tables, horizon, rows)
        _last[:] = [kept]
    return kept


def chunks(live: Live, what: int) -> Iterator[Rows]:
    """Call until it is done; the rows of the log as they come."""
    while True:
        code = call(live, what)
        if code == BROKEN:
            raise error_of(live)
        if code == NO_ROOM:
            more_room(live)
            continue
        yield live.taken_rows()
        if code == DONE:
            return
        if live.get("written"):
            live.new_rows()


def more_room(live: Live) -> None:
    """Twice as much of whatever is short."""
    patients = live.arrays["patients"]
    most = patients["running"][patients["number"] != NONE].max(initial=0)
    if most + live.get("most_started") > live.get("most_running"):
        live.widen()
    if live.get("slots_free") == 0:
        live.make_room(2 * live.get("slots"))
    if live.get("serial") >= live.get("serial_room"):
        live.more_arrivals(2 * live.get("serial_room"))
    if live.get("values_written") + live.get("most_variables") > live.get("value_room"):
        live.more_values(2 * live.get("value_room"))
    if 0 < live.get("grant_room") <= 2 * live.get("last_grant"):
        live.more_grants()


# --- patients whom resources bind together ----------------------------------------------------


def together(
    live: Live, columns: Columns, rows: float, progress: Progress | None
) -> Iterator[events.Tables]:
    """All patients through one calendar; those who are complete are handed over on the way."""
    call(live, kernels.BEGIN)
    held: list[Rows] = []
    for chunk in chunks(live, kernels.INSTANTS):
        held.append(chunk)
        if progress is not None:
            progress(min(live.get("now") / max(live.get("horizon"), 1.0), 1.0))
        if sum(map(len, held)) >= rows:
            who = complete(live)
            if len(who):
                yield tables_for(live, held, who, columns)
                held = let_go(live, held, who)
    held += chunks(live, kernels.CENSOR_ALL)
    yield tables_for(live, held, np.arange(live.get("serial")), columns, last=True)


def complete(live: Live) -> Serials:
    """Those whose lives are over, and before whom by number nobody is left or still to come."""
    numbers, coming = live.arrays["patients"]["number"], live.arrays["coming"]
    waited_for = [*numbers[numbers != NONE], *coming["number"][coming["time"] < np.inf]]
    arrived = live.arrays["arrivals"]["number"][: live.get("serial")]
    return np.flatnonzero(arrived < min(waited_for, default=np.inf))


def tables_for(
    live: Live, held: list[Rows], who: Serials, columns: Columns, *, last: bool = False
) -> events.Tables:
    """The tables of these serials; the capacities come with the last."""
    capacity = capacity_table(live)
    log = log_table(live, held, who)
    people = people_table(live, who if columns is not None else who[:0], columns or {})
    return log, people, capacity if last else capacity[:0]


def let_go(live: Live, held: list[Rows], gone: Serials) -> list[Rows]:
    """Forget those who were handed over; the others move up, and keep their rows."""
    arrivals = live.arrays["arrivals"]
    new = np.zeros(live.get("serial"), "i8")
    new[gone] = NONE
    kept = np.flatnonzero(new != NONE)
    new[kept] = np.arange(len(kept))
    pathways, first = live.tables.streams["pathway"][arrivals["stream"]], arrivals["first_value"]
    widths = live.tables.pathways["variables"][pathways]
    values = [live.arrays["first_values"][first[i] : first[i] + widths[i]] for i in kept]
    together = np.concatenate([np.zeros(0), *values])
    live.arrays["first_values"][: len(together)] = together
    arrivals[: len(kept)] = arrivals[kept]
    arrivals["first_value"][: len(kept)] = np.cumsum(widths[kept]) - widths[kept]
    live.set(serial=len(kept), values_written=len(together))
    patients = live.arrays["patients"]
    present = patients["number"] != NONE
    patients["serial"][present] = new[patients["serial"][present]]
    left = [chunk[new[chunk["serial"]] != NONE] for chunk in held]
    for chunk in left:
        chunk["serial"] = new[chunk["serial"]]
    live.take_back_rows()
    live.new_rows()
    return left


# --- patients who share nothing ---------------------------------------------------------------


Lent = Callable[[], AbstractContextManager[Live]]


def in_shares(
    memory: Lent, columns: Columns, threads: int, progress: Progress | None
) -> Iterator[events.Tables]:
    """One patient after another, those of each stream in shares, on several threads."""
    planned = list(shares(memory))
    with pool_of(threads) as each:
        for done, part in enumerate(each(partial(lived, memory, columns), planned), 1):
            yield part
            if progress is not None:
                progress(done / len(planned))
    if not planned:
        with memory() as empty:
            yield tables_for(empty, [], np.arange(0), columns)


@contextmanager
def first_in_time(memory: Lent) -> Iterator[None]:
    """Lives are not lived in order of time; what breaks the law first in time is what is said."""
    try:
        yield
    except PathwayError:
        with memory() as live:
            call(live, kernels.BEGIN)
            for _ in chunks(live, kernels.INSTANTS):
                live.take_back_rows()
        raise


def in_turn(live: Live, columns: Columns, progress: Progress | None) -> events.Tables:
    """All patients, the streams in order of their numbers."""
    call(live, kernels.BEGIN)
    held: list[Rows] = []
    order = np.argsort(live.tables.streams["first"])
    for done, k in enumerate(order):
        live.set(arriving=k, last_count=MANY)
        for chunk in chunks(live, kernels.LIVES):
            held.append(chunk)
            if progress is not None:
                arriving = min(
                    live.arrays["coming"][k]["time"] / max(live.get("horizon"), 1.0), 1.0
                )
                progress((done + arriving) / len(order))
    return tables_for(live, held, np.arange(live.get("serial")), columns, last=True)


@contextmanager
def pool_of(threads: int) -> Iterator[Callable[..., Iterator[events.Tables]]]:
    """A `map` on so many threads; what has not begun is dropped when the caller stops early."""
    if threads == 1:
        yield map
        return
    pool = ThreadPoolExecutor(threads)
    try:
        yield pool.map
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


Share = tuple[int, npt.NDArray[np.void], int]
"""A stream, where it stands when the share begins, and at which count the share ends."""


def shares(memory: Lent) -> Iterator[Share]:
    """The patients of all streams in order of their numbers, so many at a time."""
    with memory() as live:
        call(live, kernels.BEGIN)
        for k in np.argsort(live.tables.streams["first"]):
            while live.arrays["coming"][k]["time"] <= live.get("horizon"):
                coming = live.arrays["coming"][k : k + 1].copy()
                last = int(coming["count"][0]) + SHARE
                yield int(k), coming, last
                live.set(arriving=k, last_count=last)
                call(live, kernels.PASS_OVER)


def lived(memory: Lent, columns: Columns, share: Share) -> events.Tables:
    """The lives of one share."""
    k, coming, last = share
    with memory() as live:
        live.arrays["coming"][k : k + 1] = coming
        live.set(arriving=k, last_count=last)
        held = list(chunks(live, kernels.LIVES))
        return tables_for(live, held, np.arange(live.get("serial")), columns)
