"""A published trial, simulated: its arms as scenarios, run by themselves, one row a patient.

Called by the jobs of `validate` and of the fit, which runs an arm hundreds of times with other
values of its parameters. An arm is resolved once; what it was published to show, `inputs.targets`
says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from pathsim.engine.simulate import simulate
from pathsim.errors import InputError, Problem
from pathsim.inputs.document import Document
from pathsim.inputs.evidence import Number
from pathsim.inputs.paths import entry_at, path_of
from pathsim.inputs.places import named, params_dir
from pathsim.inputs.resolve import resolve_document
from pathsim.inputs.targets import Trial
from pathsim.inputs.vary import varied
from pathsim.outcomes.catalogue import marking
from pathsim.outcomes.followed import followed, unmodelled
from pathsim.pathway.build import build
from pathsim.study.variant import Base

if TYPE_CHECKING:
    import pandas as pd

    from pathsim.inputs.scenario import Scenario

Values = Mapping[tuple[str, str], float]
"""(part, path) -> a number in the unit that it is written in.

A part is `therapies/NAME`, `populations/NAME`, `supportive/NAME` or `centres/NAME`; a path is one
that `evidence.numbers` gives, such as `progression.cr.scale` or `response.effects[0].odds_ratio`.
"""

PATIENTS = 20_000
_resolved: dict[tuple[Trial, str], Scenario] = {}
_bases: dict[tuple[Trial, str], Base] = {}


def simulated(
    scenario: Scenario,
    therapy: str,
    *,
    patients: int = PATIENTS,
    seed: int = 1,
    values: Values | None = None,
    threads: int = 1,
    engine: str | None = None,
) -> pd.DataFrame:
    """The rows of `outcomes.followed` of an arm, simulated with other values of parameters.

    `therapy` is the one on trial. What no clock or choice of the arm's pathway stands for is NaN
    for all. The same seed gives the same patients in all arms and with all values. Raises KeyError
    for a value that names no number of it.
    """
    scenario = with_values(scenario, values or {})
    built = build(scenario, patients=patients)
    log = simulate(built.service, horizon=built.horizon, seed=seed, engine=engine, threads=threads)
    rows = followed(log, marking(built.service), therapy)
    names = {clock.name for state in built.pathway.states for clock in state.clocks}
    names |= {clock.name for clock in built.pathway.standing}
    names |= {choice.name for choice in built.pathway.choices}
    return rows.assign(**dict.fromkeys(unmodelled(therapy, names), np.nan))


def scenario_of(trial: Trial, arm: str) -> Scenario:
    """An arm as a scenario, laid over `params/trials/base.yaml`; resolved once in a process."""
    if (trial, arm) not in _resolved:
        _resolved[trial, arm] = _resolve(trial, arm)
    return _resolved[trial, arm]


def base_of(trial: Trial, arm: str) -> Base:
    """An arm made small, to be sent to where it is run; once in a process."""
    if (trial, arm) not in _bases:
        _bases[trial, arm] = Base.of(scenario_of(trial, arm))
    return _bases[trial, arm]


def check_arms(trial: Trial) -> None:
    """Raises InputError with everything that is wrong with the arms of a trial."""
    problems: list[Problem] = []
    for arm in trial.arms:
        try:
            scenario_of(trial, arm)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


def _resolve(trial: Trial, arm: str) -> Scenario:
    entry = ("arms", arm, "scenario")
    said = trial.document.data["arms"][arm]["scenario"]
    depth = len(entry)
    places = {at[depth:]: p for at, p in trial.document.places.items() if at[:depth] == entry}
    data = {"extends": "base", "name": f"{trial.name}_{arm}"[:60], **said}
    document = Document(trial.document.source, data, places)
    scenario = resolve_document(
        document, named(params_dir() / "trials"), sources=trial.file.sources
    )
    therapy = trial.arms[arm].therapy
    if therapy not in scenario.therapies:
        cause = f"the scenario has no therapy '{therapy}'"
        at = ("arms", arm, "therapy")
        remedy = f"choose from: {', '.join(scenario.therapies)}"
        raise InputError(trial.document.problem(at, cause, remedy=remedy))
    return scenario


def with_values(scenario: Scenario, values: Values) -> Scenario:
    """The scenario with those of the values whose files it is made of; see `changed`."""
    return changed(scenario, standing_in(scenario, values))


def standing_in(scenario: Scenario, values: Values) -> dict[tuple[str, str], float]:
    """Those of the values whose files a scenario is made of."""
    files = {f"therapies/{name}" for name in scenario.therapies}
    files.add(f"populations/{scenario.population.name}")
    return {place: value for place, value in values.items() if place[0] in files}


# --- other values of parameters ------------------------------------------------------------------


def changed(scenario: Scenario, values: Values) -> Scenario:
    """The scenario with other values of some of its numbers, which lose their spread.

    Nothing else is checked again: a law may be given a value that its file would not be allowed.
    Raises InputError for a path that leads to no number, KeyError for a part that is none.
    """
    changes = {f"{_place(scenario, part)}.{path}": value for (part, path), value in values.items()}
    for path in changes:
        if not isinstance(entry_at(scenario, path), Number):
            raise InputError(Problem(scenario.name, 1, path, "no number", "name one by its path"))
    return varied(scenario, changes, checked=False)


def _place(scenario: Scenario, part: str) -> str:
    """The path of a part of the catalogue in a scenario that is made of it."""
    kind, _, name = part.partition("/")
    if kind == "therapies" and name in scenario.therapies:
        return path_of(("therapies", name))
    if kind == "populations" and scenario.population.name == name:
        return "population"
    if kind in ("supportive", "centres"):
        return kind.removesuffix("s")
    raise KeyError(f"nothing is called {part} in {scenario.name}")
