"""A population to whom one therapy is given, once, in a centre where nobody waits.

`given` runs it and keeps the run; what a test changes it says.
"""

from dataclasses import dataclass
from functools import cache, cached_property

import pandas as pd

from pathsim.engine.simulate import simulate
from pathsim.events import Log
from pathsim.outcomes.catalogue import marking
from pathsim.outcomes.folds import Measured, measure
from pathsim.pathway.build import Built, build
from tests.unit.scenario_files import rules, scenario

PATIENTS = 300
PLACES = ("apheresis_chair", "cell_therapy_bed", "ward_bed", "icu_bed", "step_up_bed", "clinic")
RESOURCES = (*PLACES, "slots/cilta-cel", "slots/ide-cel")
ENDLESS = "\n".join(f"    {name}: {{unlimited: true, because: sample}}" for name in RESOURCES)
TEXT = f"""\
accrual: {{patients: {PATIENTS}, process: poisson, rate: 100 per day, because: sample}}
horizon: 4 years
"""


def centre(resources: str = ENDLESS, *, others: str = "", day_0: str = "{empty: true}") -> str:
    """A centre with these resources, written as its lines."""
    users = f"  other_users:\n{others}\n" if others else ""
    return (
        f"centre:\n  centre: sample\n  title: A sample\n  resources:\n{resources}\n{users}"
        f"  day_0: {day_0}\n"
    )


@dataclass(frozen=True)
class Given:
    """A run, and what is asked of it."""

    built: Built
    log: Log

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The log, other users and those of day 0 included."""
        return self.log.log.astype(dict.fromkeys(("kind", "state", "cause", "option"), str))

    @cached_property
    def measured(self) -> Measured:
        return measure(self.log, marking(self.built.service))

    def entered(self, *words: str) -> pd.DataFrame:
        """The rows at which a state is entered whose name has one of the words in it."""
        rows = self.rows[self.rows["kind"].isin(["enter", "move", "detour"])]
        return rows[rows["state"].map(lambda name: any(word in name for word in words))]

    def passed(self, choice: str) -> pd.Series:
        """How often each option of a choice was taken."""
        rows = self.rows[self.rows["kind"].eq("choice") & self.rows["state"].eq(choice)]
        return rows["option"].value_counts()

    def first(self, *words: str) -> pd.Series:
        """When each patient first entered such a state."""
        return self.entered(*words).groupby("patient")["time"].min()

    def used(self, item: str) -> float:
        use = self.measured.use
        return float(use.loc[use["item"].eq(item) & use["kind"].eq("used"), "amount"].sum())


@cache
def given(therapy: str, options: str = "", text: str = TEXT, where: str = "") -> Given:
    """One replication of a therapy, given once to everybody, then supportive care."""
    rule = (
        f"{{name: only, give: {therapy}, off_label: true, with: {{{options}}}, because: sample, "
        f"when: {{lines_here: {{below: 1}}, given: {{therapy: {therapy}, below: 1}}}}}}"
    )
    built = build(scenario(text + (where or centre()), strategy=rules(rule)))
    log = simulate(built.service, horizon=built.horizon, seed=7, replications=1)
    return Given(built, log)
