"""A log read back: every patient's stack of states after each row, and what they hold and ask for.

Only from the log's rows and the pathway's states, so that a test can hold the log against the law
without asking an engine. Raises AssertionError where the rows contradict one another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

import pandas as pd

from pathsim.pathway.pathway import Detour, Pathway, Request, State
from pathsim.pathway.service import Service
from tests.engines.differences import Tables


@dataclass
class Replayed:
    """One patient, as the rows so far tell it."""

    pathway: Pathway
    stack: list[tuple[State, Detour | None]] = field(default_factory=list)

    def read(self, kind: str, depth: int, state: str, option: str) -> None:
        if kind in ("enter", "move"):
            detour = self.stack[depth][1] if depth < len(self.stack) else None
            above = self.stack[depth + 1 :] if kind == "move" else []
            self.stack[depth:] = [(self.pathway.state(state), detour), *above]
        elif kind == "detour":
            assert depth == len(self.stack), "a detour is one level deeper"
            detour = next(d for d in self.pathway.detours if d.name == option)
            self.stack.append((self.pathway.state(state), detour))
        elif kind == "return":
            del self.stack[depth + 1 :]
        elif kind == "end":
            self.stack.clear()
        if kind in ("return", "here", "censor"):
            assert self.stack[depth][0].name == state, f"{kind} names another state than it is"

    def holds(self) -> Counter[str]:
        held: Counter[str] = Counter()
        for state, _ in self.stack:
            held |= Counter(state.holds)
        return held

    def asks(self) -> dict[str, Request]:
        """The requests that wait and are not paused."""
        found = {r.resource: (j, r) for j, (s, _) in enumerate(self.stack) for r in s.requests}
        return {
            name: request
            for name, (j, request) in found.items()
            if not any(d is not None and name in d.pauses for _, d in self.stack[j + 1 :])
        }


def instants(service: Service, tables: Tables) -> Iterator[tuple[float, dict[int, Replayed]]]:
    """After each instant with rows: the time, and everybody."""
    log, patients, _ = tables
    pathways = {stream.name: stream.pathway for stream in service.streams}
    number_of = patients.set_index("patient")["stream"]
    everybody: dict[int, Replayed] = {}
    rows = log.sort_values(["time", "patient", "step"])[
        ["time", "patient", "kind", "depth", "state", "option"]
    ].itertuples(index=False, name=None)
    for time, now in groupby(rows, key=lambda row: row[0]):
        for _, patient, *row in now:
            if patient not in everybody:
                everybody[patient] = Replayed(pathways[number_of[patient]])
            everybody[patient].read(*row)
        yield time, everybody


def rows_of_others(table: pd.DataFrame, patients: set[int]) -> pd.DataFrame:
    """The rows of all but these patients."""
    return table[~table["patient"].isin(patients)].reset_index(drop=True)
