"""Do all programs do the same? Without that, a comparison of their speed says nothing.

Each runs the workload with its own chance (the C programs with that of pathsim, to the bit); then
what became of the patients is compared, outcome by outcome, with the standard error of each mean.
In A patients share places, so that their waits are not independent: the standard error is that of
means over stretches of 1,000 arrivals in a row. Run it by itself: `python -m benchmarks.agree`.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from importlib import import_module
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from benchmarks.programs import BY_HAND
from benchmarks.workloads import CODE, PLACES, SERVICES, Rows, horizon, rows_of

Floats = NDArray[np.float64]

STRETCH = 1_000
"""Arrivals in a row whose mean is taken as one observation."""

FEW = {"slot": 25, "bed": 12, "icu": 1, "clinic": 150, "ward": 5}
"""Places of each resource where few find one at once."""

ALIKE = ("A in C", "A tables in C", "A processes", "A callbacks")
"""The C programs have pathsim's chance; the two in SimPy have each other's."""

LIMIT = 4.0
"""Standard errors by which two means may differ: one pair in 16,000 does by chance."""

NAMES = (
    "days waited for a slot",
    "share who die before infusion",
    "days in a bed",
    "infections in the clinic",
    "days lived",
    "rows",
)
"""Waits are of those who got a slot, days in a bed of those infused, infections of those who came
to the clinic; the others of all."""

DECIMALS = (1, 4, 2, 3, 1, 2)
"""Decimal places of each."""


class Outcomes:
    """Means over patients with their standard errors, folded from blocks of whole patients."""

    def __init__(self) -> None:
        self.patients = 0
        self._sums: dict[int, Floats] = {}

    def add(self, rows: Rows) -> None:
        """Fold a block; its patients stand together and are numbered in order of arrival."""
        if not len(rows):
            return
        who = rows.patient - rows.patient.min()
        values, counted = _by_patient(rows, who)
        stretches = np.unique(rows.patient) // STRETCH
        self.patients += len(stretches)
        for stretch in np.unique(stretches):
            own = stretches == stretch
            sums = np.stack([(values * counted)[:, own].sum(axis=1), counted[:, own].sum(axis=1)])
            self._sums[int(stretch)] = self._sums.get(int(stretch), 0.0) + sums

    def means(self) -> Mapping[str, tuple[float, float]]:
        """Outcome -> mean and its standard error, by the ratio of sums over stretches."""
        sums = np.array(list(self._sums.values()))
        above, below = sums[:, 0], sums[:, 1]
        mean = above.sum(axis=0) / below.sum(axis=0)
        many = len(sums)
        spread = ((above - mean * below) ** 2).sum(axis=0) * many / max(many - 1, 1)
        error = np.sqrt(spread) / below.sum(axis=0)
        return {n: (float(m), float(e)) for n, m, e in zip(NAMES, mean, error, strict=True)}


def _by_patient(rows: Rows, who: NDArray[np.integer]) -> tuple[Floats, Floats]:
    """Each outcome of each patient, and 1 where the patient counts for it, else 0."""
    many = int(who.max()) + 1

    def first(kind: str) -> Floats:
        """The day of the patient's first row of this kind, NaN where there is none."""
        found = np.full(many, np.nan)
        own = rows.kind == CODE[kind]
        found[who[own][::-1]] = rows.time[own][::-1]
        return found

    def number(kind: str) -> Floats:
        return np.bincount(who[rows.kind == CODE[kind]], minlength=many).astype(np.float64)

    came, slot, bed = first("arrive"), first("in slot"), first("first stay")
    infused, treated = np.isfinite(bed), number("in clinic") > 0
    ill = number("awaiting ward")
    ill = ill if ill.any() else number("in ward")
    everyone = np.ones(many)
    values = [
        slot - came,
        ~infused,
        first("at home") - bed,
        ill,
        first("dead") - came,
        np.bincount(who, minlength=many),
    ]
    counted = [np.isfinite(slot), everyone, infused, treated, everyone, everyone]
    return np.nan_to_num(np.array(values, dtype=np.float64)), np.array(counted, dtype=np.float64)


def outcomes_of(rows: Rows) -> Mapping[str, tuple[float, float]]:
    outcomes = Outcomes()
    outcomes.add(rows)
    return outcomes.means()


def rows_by_hand(name: str, patients: int, seed: int) -> Rows:
    """The rows of a program written by hand, in order of patient."""
    module, function = BY_HAND[name].split()
    told = getattr(import_module(f"benchmarks.{module}"), function)(patients, seed=seed)
    if isinstance(told, Rows):
        return told
    if name.endswith("tables in C"):
        return told.rows()
    from benchmarks.by_hand_luck import as_rows

    return as_rows(told)


def rows_of_engine(workload: str, patients: int, seed: int, engine: str) -> Rows:
    from pathsim.engine.simulate import simulate

    service = SERVICES[workload](patients)
    return rows_of(simulate(service, horizon=horizon(patients), seed=seed, engine=engine).log)


def same(ours: Rows, theirs: Rows) -> bool:
    """Row for row and bit for bit."""
    return all(
        np.array_equal(getattr(ours, column), getattr(theirs, column))
        for column in ("patient", "time", "kind")
    )


def compare(workload: str, patients: int, engine: str, seed: int) -> list[str]:
    """Print the outcomes of all programs of a workload; what does not agree."""
    ours = rows_of_engine(workload, patients, seed, engine)
    expected = outcomes_of(ours)
    _say(f"{workload} pathsim, {engine}", expected)
    wrong = []
    for more, name in enumerate(n for n in BY_HAND if n.startswith(workload)):
        try:
            theirs = rows_by_hand(name, patients, seed + 1 + more)
            in_c = name.endswith(" C") and same(rows_by_hand(name, patients, seed), ours)
        except (ImportError, RuntimeError) as error:
            print(f"| {name}: not run ({error}) |")
            continue
        found = outcomes_of(theirs)
        _say(name, found, "; with one seed the same to the bit" if in_c else "")
        wrong += [f"{name}: {outcome}" for outcome in NAMES if _apart(expected, found, outcome)]
        if name.endswith(" C") and not in_c:
            wrong.append(f"{name}: other rows than pathsim's with the same seed")
    return wrong


def where_places_are_few(patients: int, engine: str, seed: int) -> list[str]:
    """Where all five queues form, and patients progress while they wait for the ward."""
    with patch.dict(PLACES, FEW):
        ours = rows_of_engine("A", patients, seed, engine)
        told = {n: rows_by_hand(n, patients, seed) for n in ALIKE}
    in_c = [n for n in ALIKE if n.endswith(" C")]
    wrong = [f"{n}, few places: other rows than pathsim's" for n in in_c if not same(ours, told[n])]
    if not same(told["A processes"], told["A callbacks"]):
        wrong.append("A processes and A callbacks, few places: other rows")
    return wrong


def _apart(
    ours: Mapping[str, tuple[float, float]], theirs: Mapping[str, tuple[float, float]], name: str
) -> bool:
    (a, error_a), (b, error_b) = ours[name], theirs[name]
    return abs(a - b) > LIMIT * math.hypot(error_a, error_b)


def _say(name: str, found: Mapping[str, tuple[float, float]], remark: str = "") -> None:
    cells = (f"{mean:.{places}f} ({error:.{places}f})"
             for (mean, error), places in zip(found.values(), DECIMALS, strict=True))  # fmt: skip
    print(f"| {name}{remark} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--patients", type=int, default=20_000)
    parser.add_argument("--engine", default="simpy")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(f"| {asked.patients:,} patients | {' | '.join(NAMES)} |")
    print(f"|---|{'---|' * len(NAMES)}")
    wrong = [w for name in SERVICES
             for w in compare(name, asked.patients, asked.engine, asked.seed)]  # fmt: skip
    wrong += where_places_are_few(asked.patients // 4, asked.engine, asked.seed)
    print("All agree." if not wrong else "These differ:\n  " + "\n  ".join(wrong))
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
