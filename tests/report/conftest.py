"""Folders of results that the tests of the report read: small, made once, never changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathsim.inputs.resolve import resolve
from pathsim.pathway.build import build
from pathsim.study import compare as comparing
from pathsim.study import run as running
from pathsim.study import sweep as sweeping
from pathsim.study.folders import now
from pathsim.study.kept import Result, read
from pathsim.study.plan import Model, model_of
from pathsim.study.store import Memory
from pathsim.study.studies import study_asked
from pathsim.study.sweep_folder import keep as keep_sweep
from tests.study.small_study import GRID, SCENARIO

SEED, REPLICATIONS = 3, 2
TITLE = "A year of a few patients?"


def model(
    folder: Path, name: str, *, base: str = "cart_first", patients: int = 15, title: str = TITLE
) -> Model:
    """The model of a small scenario, a year of a few patients, that is written to a folder."""
    path = folder / f"{name}.yaml"
    text = SCENARIO.format(base=base).replace("patients: 15", f"patients: {patients}")
    path.write_text(text.replace(TITLE, title), encoding="utf-8")
    return model_of(build(resolve(path)))


def kept_run(one: Model, out: Path, *, seed: int = SEED) -> Path:
    """The folder of a run of one model, without figures."""
    ran = running.run(one, seed=seed, replications=REPLICATIONS, workers=1)
    return running.keep(ran, out, pictures=False)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="session")
def few_a(place: Path) -> Model:
    return model(place, "few_a")


@pytest.fixture(scope="session")
def few_b(place: Path) -> Model:
    return model(place, "few_b", base="bispecific_first")


@pytest.fixture(scope="session")
def compared(few_a: Model, few_b: Model, place: Path) -> Path:
    """The folder of a comparison of two strategies."""
    found = comparing.compare([few_a, few_b], seed=SEED, replications=REPLICATIONS, workers=1)
    return comparing.keep(found, place, pictures=False)


@pytest.fixture(scope="session")
def run_a(few_a: Model, place: Path) -> Path:
    """The folder of a run of the first strategy alone, with the same seed."""
    return kept_run(few_a, place)


@pytest.fixture(scope="session")
def run_b(few_b: Model, place: Path) -> Path:
    """The folder of a run of the second strategy alone, with the same seed."""
    return kept_run(few_b, place)


@pytest.fixture(scope="session")
def swept(few_a: Model, place: Path) -> Path:
    """The folder of a small grid."""
    path = place / "small.yaml"
    head = "study: small\ntitle: A small study?\nscenarios: few_a.yaml\n"
    path.write_text(head + GRID, encoding="utf-8")
    plan, store = sweeping.plan_of(study_asked(path)), Memory()
    carried = sweeping.sweep(plan, store, workers=1)
    return keep_sweep(plan, store, carried, place, started=now(), pictures=False).folder


@pytest.fixture(scope="session")
def result(compared: Path) -> Result:
    """What the folder of the comparison holds."""
    return read([compared])
