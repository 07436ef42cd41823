"""Workload B in numpy: all patients at once, infections in rounds, no calendar.

Where nobody waits for anybody a life is a sum of times, and this is how one writes it for speed.
It ends in the full log, in order of patient: each stage gives its rows, and is put in place once
it is known how many rows every patient has. Read beside `workloads.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.workloads import CODE, INTENSIVE_CARE, Rows

Stage = tuple[NDArray[np.intp], NDArray[np.float64], str]
"""Who (each at most once), when, and the kind of row."""


def free(patients: int, *, seed: int) -> Rows:
    """Workload B."""
    return in_order(patients, list(stages(patients, np.random.default_rng(seed))))


def stages(patients: int, rng: np.random.Generator) -> Iterator[Stage]:
    """The rows of all, stage by stage."""
    everyone = np.arange(patients)
    came = everyone.astype(np.float64)
    yield everyone, came, "arrive"
    yield everyone, came, "in slot"
    made = came + rng.lognormal(log(30.0), 0.3, patients)
    dies = came + rng.exponential(400.0, patients)

    infused = np.flatnonzero(made < dies)
    now = made[infused]
    yield infused, now, "first stay"
    now = now + rng.lognormal(log(6.0), 0.4, infused.size)
    yield infused, now, "course"
    severe = np.flatnonzero(rng.random(infused.size) < INTENSIVE_CARE)
    yield infused[severe], now[severe], "in icu"
    now = now.copy()
    now[severe] += rng.exponential(4.0, severe.size)
    yield infused, now, "second stay"
    now = now + rng.lognormal(log(6.0), 0.4, infused.size)
    yield infused, now, "at home"

    relapse = now + 700.0 * rng.weibull(0.8, infused.size)
    dies[infused] = now + rng.exponential(2500.0, infused.size)
    again = relapse < dies[infused]
    relapsed, now = infused[again], relapse[again]
    yield relapsed, now, "in clinic"
    progression = now + 300.0 * rng.weibull(0.9, relapsed.size)
    yield from infections(relapsed, now, progression, rng)
    yield relapsed, progression, "late"
    dies[relapsed] = progression + rng.exponential(150.0, relapsed.size)
    yield everyone, dies, "dead"


def infections(
    who: NDArray[np.intp], now: NDArray[np.float64], until: NDArray[np.float64], rng: Any
) -> Iterator[Stage]:
    """A round for all who are in the clinic still: infection, then recovery, until progression."""
    while who.size:
        now = now + rng.exponential(180.0, who.size)
        ill = now < until
        who, now, until = who[ill], now[ill], until[ill]
        yield who, now, "in ward"
        now = now + rng.exponential(8.0, who.size)
        well = now < until
        who, now, until = who[well], now[well], until[well]
        yield who, now, "back in clinic"


def in_order(patients: int, told: list[Stage]) -> Rows:
    """The rows in order of patient and time."""
    many = np.zeros(patients, dtype=np.int32)
    for who, _, _ in told:
        many[who] += 1
    place = np.cumsum(many) - many
    time = np.empty(int(many.sum()))
    kind = np.empty(time.size, dtype=np.int8)
    for who, when, what in told:
        at = place[who]
        time[at] = when
        kind[at] = CODE[what]
        place[who] += 1
    return Rows(np.repeat(np.arange(patients, dtype=np.int32), many), time, kind)
