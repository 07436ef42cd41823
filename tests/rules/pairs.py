"""Two strategies that differ in one rule, run for the same patients; what befell one of them.

The pairs stand in the folders beside this file, `without.yaml` and `with.yaml`. Called by the
tests of rules; knows no rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from pathsim.engine.simulate import simulate
from pathsim.inputs.resolve import resolve
from pathsim.inputs.scenario import Scenario
from pathsim.pathway.build import Built, build

PAIRS = Path(__file__).parent
MONTH = 365.25 / 12


@dataclass(frozen=True, eq=False, repr=False)
class Life:
    """One patient's rows of the log, what was drawn at arrival, and who else was there."""

    built: Built
    rows: pd.DataFrame
    features: dict[str, Any]
    others: dict[int, Life]

    @cached_property
    def entered(self) -> list[tuple[float, str]]:
        """(day, state) of every entry into a state."""
        rows = self.rows[self.rows["kind"].isin(["enter", "move", "detour"])]
        return list(zip(rows["time"], rows["state"], strict=True))

    @cached_property
    def begun(self) -> list[tuple[float, str]]:
        """(day, therapy) of every line, in order."""
        therapies = {s.name: s.marks.therapy or "" for s in self.built.pathway.states
                     if "line" in s.marks.tags}  # fmt: skip
        return [(day, therapies[state]) for day, state in self.entered if state in therapies]

    @property
    def lines(self) -> list[str]:
        """The therapies given, in order."""
        return [therapy for _, therapy in self.begun]

    @property
    def chosen(self) -> list[tuple[float, str]]:
        """(day, therapy) of every therapy that the strategy gave, begun or not."""
        sign = ": authorisation"
        return [(d, s.removesuffix(sign)) for d, s in self.entered if s.endswith(sign)]

    def days(self, state: str) -> list[float]:
        """The days on which a state was entered."""
        return [day for day, name in self.entered if name == state]

    def rang(self, clock: str) -> list[float]:
        """The days on which a clock rang, or a resource was granted."""
        return list(self.rows.loc[self.rows["cause"].eq(clock), "time"])

    def took(self, choice: str) -> list[str]:
        """The options of a choice that were taken, in order."""
        rows = self.rows[self.rows["kind"].eq("choice") & self.rows["state"].eq(choice)]
        return list(rows["option"])


@cache
def scenario(folder: str, file: str) -> Scenario:
    """The scenario of one side of a pair."""
    return resolve(PAIRS / folder / f"{file}.yaml")


@cache
def lives(folder: str, file: str) -> dict[int, Life]:
    """Every patient's life on one side of a pair, by patient number."""
    built = build(scenario(folder, file))
    log = simulate(built.service, horizon=built.horizon, seed=1, replications=1)
    rows = log.log.astype(dict.fromkeys(("kind", "state", "cause", "option"), str))
    drawn = log.patients.set_index("patient")
    found: dict[int, Life] = {}
    for key, group in rows.groupby("patient"):
        number = int(str(key))
        features = {str(name): value for name, value in drawn.loc[number].items()}
        found[number] = Life(built, group, features, found)
    return found


def differences(one: Scenario, other: Scenario) -> set[str]:
    """Where two scenarios differ, rules going by their names; `order` where only theirs does."""
    left, right = by_rule(one), by_rule(other)
    found = set(unlike(left, right))
    common = [[name for name in side["strategy"]["rules"]
               if name in left["strategy"]["rules"] and name in right["strategy"]["rules"]]
              for side in (left, right)]  # fmt: skip
    return found | ({"order"} if common[0] != common[1] else set())


def by_rule(written: Scenario) -> dict[str, Any]:
    """The explicit document, its rules by name; the file's own name is left out."""
    document = written.document()
    rules = {rule.get("name", "otherwise"): rule for rule in document["strategy"]["rules"]}
    strategy = {**document["strategy"], "rules": rules}
    return {**document, "name": "", "strategy": strategy}


def unlike(one: Any, other: Any, where: str = "") -> Iterator[str]:
    """The entries that differ, as deep as both sides have them."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {*one, *other}:
            at = f"{where}.{key}" if where else str(key)
            yield from unlike(one.get(key), other.get(key), at)
    elif one != other:
        yield where
