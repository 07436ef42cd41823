"""The two reference workloads: A, a clinic with queues, and B, the same without resources.

Every program of this folder that is written by hand does what these two services say, with the
numbers that stand here. A patient's rows are counted in `KINDS`, the same for all programs.
Times are in days. Nothing here knows an engine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pathsim import (
    RETURN,
    Choice,
    Clock,
    Detour,
    Exponential,
    LogNormal,
    Option,
    Pathway,
    Request,
    Resource,
    Service,
    State,
    Steady,
    Stream,
    Weibull,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

PLACES: dict[str, int] = {"slot": 25, "bed": 12, "icu": 3, "clinic": 400, "ward": 30}
"""Places of each resource of A."""

INTENSIVE_CARE = 0.07
"""The share of stays in a bed that intensive care interrupts."""

LAWS = {
    "death before infusion": Exponential(mean=400.0),
    "making": LogNormal(math.log(30.0), 0.3),
    "first stay": LogNormal(math.log(6.0), 0.4),
    "intensive care": Exponential(mean=4.0),
    "second stay": LogNormal(math.log(6.0), 0.4),
    "relapse": Weibull(0.8, 700.0),
    "death in remission": Exponential(mean=2500.0),
    "infection": Exponential(mean=180.0),
    "recovery": Exponential(mean=8.0),
    "progression": Weibull(0.9, 300.0),
    "death": Exponential(mean=150.0),
}
"""Clock -> law, in days."""

LONGEST = 20_000.0
"""Days after the last arrival by which everybody is dead: one life in 10^9 lasts longer."""

KINDS = (
    "arrive", "awaiting slot", "in slot", "awaiting bed", "first stay", "course", "awaiting icu",
    "in icu", "second stay", "at home", "awaiting clinic", "in clinic", "awaiting ward", "in ward",
    "back in clinic", "late", "dead",
)  # fmt: skip
"""Kinds of rows: an arrival, a choice passed, a return, or the state entered; a code each."""

CODE = {name: code for code, name in enumerate(KINDS)}


@dataclass(frozen=True)
class Rows:
    """A log as every program leaves it: equally long arrays, a patient's rows in order of time."""

    patient: NDArray[np.integer]
    time: NDArray[np.float64]
    kind: NDArray[np.integer]

    def __len__(self) -> int:
        return len(self.time)


def clinic(patients: int) -> Service:
    """Workload A: one arrival a day, five queues, first come first served."""
    wait = State(
        "awaiting slot",
        [_clock("death before infusion", "dead")],
        [Request("slot", "in slot")],
    )
    waits = [
        wait,
        State("awaiting bed", requests=[Request("bed", "first stay")]),
        State("awaiting icu", requests=[Request("icu", "in icu")], holds={"bed": 1}),
        State("awaiting clinic", requests=[Request("clinic", "in clinic")]),
        State("awaiting ward", requests=[Request("ward", "in ward")]),
    ]
    resources = [Resource(name, places=places) for name, places in PLACES.items()]
    pathway = _pathway("clinic with queues", waits, queues=True)
    return Service([Stream(pathway, Steady(1.0), patients=patients)], resources)


def free(patients: int) -> Service:
    """Workload B: the same patients where nobody waits for anything."""
    pathway = _pathway("clinic without queues", [], queues=False)
    return Service([Stream(pathway, Steady(1.0), patients=patients)])


SERVICES = {"A": clinic, "B": free}


def horizon(patients: int) -> float:
    """The day by which all are dead."""
    return patients + LONGEST


def _clock(name: str, enters: str) -> Clock:
    return Clock(name, LAWS[name], enters)


def _pathway(name: str, waits: list[State], *, queues: bool) -> Pathway:
    """The states of care, and those of waiting where there are queues.

    Progression goes on while a patient waits for the ward or lies there, and ends the infection.
    """

    def first(state: str, wait: str) -> str:
        return wait if queues else state

    def holding(*resources: str) -> dict[str, int]:
        return dict.fromkeys(resources, 1) if queues else {}

    care = [
        State(
            "in slot",
            [
                _clock("making", first("first stay", "awaiting bed")),
                _clock("death before infusion", "dead"),
            ],
            holds=holding("slot"),
        ),
        State("first stay", [_clock("first stay", "course")], holds=holding("bed")),
        State("in icu", [_clock("intensive care", "second stay")], holds=holding("bed", "icu")),
        State("second stay", [_clock("second stay", "at home")], holds=holding("bed")),
        State(
            "at home",
            [
                _clock("relapse", first("in clinic", "awaiting clinic")),
                _clock("death in remission", "dead"),
            ],
        ),
        State(
            "in clinic",
            [_clock("progression", "late"), _clock("infection", "infected")],
            holds=holding("clinic"),
        ),
        State("in ward", [_clock("recovery", RETURN)], holds=holding("ward")),
        State("late", [_clock("death", "dead")]),
        State("dead", ends=True),
    ]
    course = Choice(
        "course",
        [
            Option("severe", first("in icu", "awaiting icu"), INTENSIVE_CARE),
            Option("smooth", "second stay", 1.0 - INTENSIVE_CARE),
        ],
    )
    return Pathway(
        name,
        first("in slot", "awaiting slot"),
        [*waits, *care],
        [course],
        [Detour("infected", first("in ward", "awaiting ward"))],
    )


def rows_of(log: pd.DataFrame) -> Rows:
    """The rows of one replication of a pathsim log, by kind; ValueError for one cut short."""
    import numpy as np

    states, told = log["state"].cat, log["kind"]
    codes = np.array([CODE.get(name, -1) for name in states.categories], dtype=np.int8)
    kinds = codes[states.codes]
    kinds[told == "arrive"] = CODE["arrive"]
    kinds[told == "return"] = CODE["back in clinic"]
    if (kinds < 0).any() or (told == "censor").any():
        raise ValueError("the log has rows of another model, or of patients still alive")
    return Rows(log["patient"].to_numpy(), log["time"].to_numpy(), kinds)
