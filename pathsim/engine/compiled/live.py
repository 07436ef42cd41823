"""What changes while a run is under way: its arrays, which grow when Python is asked for room.

`instants.py` of this folder and its fellows read and write them through a `Run` (`memory.py`); here
they are made, enlarged, and looked at when a run is over or broken. Records are named as the SimPy
engine names its classes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pathsim import draws, events
from pathsim.engine.compiled.memory import lay_out
from pathsim.pathway.service import Service
from pathsim.pathway.tables import NONE, RECORDS, SCORE, Tables, record

# `holdings` is how many resources are held, or more between a grant and the rule of change;
# `place` and `next_clock`: where the next ring stands in the calendar, and in `running`.
PATIENT = record(
    "number serial stream pathway first_name depth running place next_clock rings rows requests "
    "holdings",
    "due instant",
    "luck",
)
LEVEL = record("state detour started_by")
LISTED = record("law", "ratio origin")
RUNNING = record(
    "name clock law level listed standing paused",
    "ratio start origin rest spent_at due paused_at",
)
WAITING = record("request level paused rank amount place", "date")
QUEUED = record("slot paused rank number", "date")
POOL = record("capacity held stock queue asked changed grants next_release last_release")
COMING = record("count number", "expected time")
ENTRY = record("slot number", "time")
ARRIVAL = record("number stream first_value rows")
STEP = record("resource amount stock", "time")
RELEASE = record("resource amount", "time")
GRANT = record("resource", "time waited")
ROW = np.dtype(
    [(n, "i4") for n in ("serial", "step", "state", "cause", "option")]
    + [("kind", "i2"), ("depth", "i2"), ("time", "f8")]
)

PLACED = {
    "patient": "i8", "step": "i4", "time": "f8", "depth": "i1", "kind": "i4", "state": "i4",
    "cause": "i4", "option": "i4",
}  # fmt: skip
"""The columns of the log, as `order.py` fills them."""

A_PATIENT: dict[str, tuple[Any, str]] = {
    "patients": (PATIENT, "one"), "levels_of": (LEVEL, "levels"), "listed": (LISTED, "listed"),
    "running": (RUNNING, "running"), "running_at": (np.dtype("i8"), "clock_names"),
    "counts": (np.dtype("i4"), "names"), "values": (np.dtype("f8"), "variables"),
    "waiting": (WAITING, "resources"), "held": (np.dtype("i8"), "resources"),
    "calendar": (ENTRY, "one"), "free_slots": (np.dtype("i8"), "one"),
}  # fmt: skip
"""Arrays with room for so many patients, and how much each needs."""

OTHERS: dict[str, Any] = {
    "queue": QUEUED, "pools": POOL, "coming": COMING, "arrivals": ARRIVAL,
    "first_values": np.dtype("f8"), "grants": GRANT, "steps": STEP, "releases": RELEASE,
    "rows": ROW, "seen": np.dtype("i8"), "asked": np.dtype("i8"), "asked_for": np.dtype("i8"),
    "asked_by": np.dtype("i8"), "asked_level": np.dtype("i8"), "wanted": np.dtype("i8"),
    "weights": np.dtype("f8"), "waits": np.dtype("f8"), "first_row": np.dtype("i8"),
    **{f"log_{column}": np.dtype(kind) for column, kind in PLACED.items()},
    **{f"used_{column}": np.dtype("i4") for column in events.WORDS},
}  # fmt: skip

NUMBERS = dict.fromkeys(
    (
        "replication", "most_resources", "most_streams", "most_pathways", "most_clocks",
        "most_started", "most_running", "most_names", "most_clock_names", "most_variables",
        "most_levels",
        "slots", "slots_free", "serial", "serial_room", "values_written", "value_room",
        "written", "row_room", "margin", "last_grant", "grant_room", "last_releases",
        "next_step", "last_step", "calendar_size", "arriving", "living", "last_count",
        "grant_is_due", "has_scores", "has_until", "change", "arrival_word", "horizon_word",
        "problem", "patient", "what", "level",
    ),
    "i8",
) | {"now": "f8", "horizon": "f8", "arrival_at": "f8", "seed": "u8"}  # fmt: skip
"""The numbers of the header."""

HEADER = lay_out({**RECORDS, **{n: kind for n, (kind, _) in A_PATIENT.items()}, **OTHERS}, NUMBERS)

AT_FIRST = ("serial", "values_written", "last_grant", "next_step", "calendar_size", "arriving",
            "last_count", "grant_is_due", "problem")  # fmt: skip
"""Numbers of the header that are 0 when a replication begins; `change` goes on."""

ROWS = 1 << 18
"""Rows written between two returns to Python: some 50 milliseconds."""

SPARE = 4
"""Stretches of the log that are kept for the next replication."""


class Live:
    """The memory of one replication after another, or of one thread's share of them."""

    def __init__(
        self, service: Service, tables: Tables, *, horizon: float, slots: int = 64, rows: int = ROWS
    ) -> None:
        self.tables, self.chunk = tables, rows
        self.header = np.zeros(1, HEADER)
        self.arrays: dict[str, npt.NDArray[Any]] = {}
        self.lent: list[npt.NDArray[Any]] = []
        self.spare: list[npt.NDArray[Any]] = []
        resources, names = len(tables.resources), tables.most_clock_names
        width = min(names, 2 * tables.most_started)
        self.each = {
            "one": 1, "levels": tables.depth + 1, "running": width,
            "listed": (tables.depth + 1) * tables.most_clocks, "names": tables.most_names,
            "clock_names": names, "variables": tables.most_variables, "resources": resources,
        }  # fmt: skip
        for name, array in tables.arrays.items():
            self.put(name, array)
        self.set(
            horizon=horizon, margin=2 * tables.most_choices + 16,
            most_resources=resources, most_streams=len(tables.streams),
            most_pathways=len(tables.pathways), most_clocks=tables.most_clocks,
            most_started=tables.most_started, most_running=width, most_names=tables.most_names,
            most_clock_names=names, most_variables=tables.most_variables,
            most_levels=tables.depth + 1,
            has_scores=bool((tables.resources["discipline"] == SCORE).any()),
            has_until=bool((tables.resources["until"] != NONE).any()),
            arrival_word=tables.words.index(events.ARRIVAL),
            horizon_word=tables.words.index(events.HORIZON),
        )  # fmt: skip
        self.make_room(slots)
        self.more_arrivals(1024)
        self.more_values(1024 * tables.most_variables)
        self.put("grants", np.zeros(1024 if tables.resources["remembers"].any() else 0, GRANT))
        self.set(grant_room=len(self.arrays["grants"]))
        self.put("waits", np.zeros(len(self.arrays["grants"])))
        self.put("steps", steps_of(service, horizon))
        self.put("releases", releases_of(service, horizon))
        self.set(last_step=len(self.arrays["steps"]), last_releases=len(self.arrays["releases"]))
        self.put("seen", np.zeros(names + resources, "i8"))
        for name in ("asked", "asked_by", "asked_level", "wanted"):
            self.put(name, np.zeros(resources, "i8"))
        self.put("asked_for", np.zeros(resources * (tables.depth + 1), "i8"))
        widest = max(int(tables.draws["levels"].max(initial=1)),
                     int(tables.choices["ways"].max(initial=1)))  # fmt: skip
        self.put("weights", np.zeros(widest))

    def begin(self, *, seed: int, replication: int) -> Live:
        """Ready for a replication; the memory is kept. Gives itself back."""
        self.set(**dict.fromkeys(AT_FIRST, 0))
        self.set(seed=seed & draws.WORD, replication=replication, arrival_at=np.inf, now=0.0,
                 living=NONE, patient=NONE, what=NONE, level=NONE)  # fmt: skip
        self.put("pools", np.zeros(len(self.tables.resources), POOL))
        self.put("coming", np.zeros(len(self.tables.streams), COMING))
        self.take_back_rows()
        self.new_rows()
        return self

    # --- what stands where ---

    def put(self, name: str, array: npt.NDArray[Any]) -> None:
        """Let `run.name` be this array."""
        self.arrays[name] = np.ascontiguousarray(array)
        self.header[name] = self.arrays[name].ctypes.data

    def set(self, **numbers: Any) -> None:
        for name, number in numbers.items():
            self.header[name] = number

    def get(self, name: str) -> Any:
        return self.header[name][0].item()

    # --- room ---

    def make_room(self, slots: int) -> None:
        """Room for so many patients at once; those who are present keep their places."""
        before = self.get("slots")
        for name, (kind, each) in A_PATIENT.items():
            array = np.zeros(slots * self.each[each], kind)
            if before:
                array[: len(self.arrays[name])] = self.arrays[name]
            self.put(name, array)
        self.arrays["patients"]["number"][before:] = NONE
        # A queue keeps its patients in one stretch of `slots` places a resource.
        queue = np.zeros((self.get("most_resources"), slots), QUEUED)
        if before:
            queue[:, :before] = self.arrays["queue"].reshape(-1, before)
        self.put("queue", queue.reshape(-1))
        free = self.get("slots_free")
        added = np.arange(slots - 1, before - 1, -1)
        self.arrays["free_slots"][free : free + len(added)] = added
        self.set(slots=slots, slots_free=free + len(added))

    def widen(self) -> None:
        """Room for twice as many clocks to run at once."""
        before = self.get("most_running")
        wide = min(2 * before, self.tables.most_clock_names)
        running = np.zeros((self.get("slots"), wide), RUNNING)
        running[:, :before] = self.arrays["running"].reshape(-1, before)
        self.put("running", running.reshape(-1))
        self.each["running"] = wide
        self.set(most_running=wide)

    def new_rows(self) -> None:
        """A fresh stretch of the log."""
        room = self.chunk + self.get("margin")
        self.lent.append(self.spare.pop() if self.spare else np.empty(room, ROW))
        self.put("rows", self.lent[-1])
        self.taken = 0
        self.set(written=0, row_room=room)

    def take_back_rows(self) -> None:
        """All stretches of the log may be written anew: nobody needs what stands there."""
        self.lent, self.spare = [], [*self.spare, *self.lent][:SPARE]

    def more_arrivals(self, room: int) -> None:
        self.put("arrivals", longer(self.arrays.get("arrivals"), room, ARRIVAL))
        self.set(serial_room=room)

    def more_values(self, room: int) -> None:
        self.put("first_values", longer(self.arrays.get("first_values"), room, np.dtype("f8")))
        self.set(value_room=room)

    def more_grants(self) -> None:
        """Room for what the expected wait looks back on."""
        room = 2 * len(self.arrays["grants"])
        self.put("grants", longer(self.arrays["grants"], room, GRANT))
        self.put("waits", np.zeros(room))
        self.set(grant_room=room)

    def taken_rows(self) -> npt.NDArray[np.void]:
        """What was written since they were last taken."""
        first, self.taken = self.taken, self.get("written")
        return self.arrays["rows"][first : self.taken]


class Plain:
    """A `Run` for interpreted functions: the arrays and numbers as attributes."""

    def __init__(self, live: Live) -> None:
        for name, array in live.arrays.items():
            records = array.dtype.names is not None
            setattr(self, name, array.view(np.recarray) if records else array)
        for name in NUMBERS:
            setattr(self, name, live.get(name))


def longer(array: npt.NDArray[Any] | None, room: int, kind: np.dtype[Any]) -> npt.NDArray[Any]:
    more = np.zeros(room, kind)
    if array is not None:
        more[: len(array)] = array
    return more


def steps_of(service: Service, horizon: float) -> npt.NDArray[np.void]:
    """Capacities and releases up to the horizon, in order of time and resource."""
    named = sorted(service.resources, key=lambda r: r.name)
    steps = [(k, n, 0, day) for k, r in enumerate(named) for day, n in r.steps(horizon)]
    return np.array(sorted(steps, key=lambda s: (s[3], s[0])), STEP)


def releases_of(service: Service, horizon: float) -> npt.NDArray[np.void]:
    """The releases of allotments, and those of the year after: the expected wait looks ahead."""
    named = sorted(service.resources, key=lambda r: r.name)
    found = [
        (k, n, day)
        for k, r in enumerate(named)
        if not r.returned
        for day, n in r.steps(horizon + 360.0)
    ]
    return np.array(found, RELEASE)
