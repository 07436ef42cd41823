"""What is kept in results/reference is of the scenarios as they are now, small, and whole."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from pathsim.inputs.document import shown
from pathsim.inputs.places import scenarios_dir
from pathsim.inputs.resolve import resolve
from pathsim.pathway.build import build
from pathsim.study.plan import model_of
from pathsim.study.variant import Base

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "results/reference"
REMEDY = "the scenarios have changed since results/reference was made: make reference"
MOST = 6_000_000
"""Bytes of all that is kept."""


def record(name: str) -> dict[str, object]:
    found = json.loads((REFERENCE / name).read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_reference_is_of_the_four_strategies_as_they_are_now() -> None:
    runs = record("strategies/run.json")["runs"]
    assert isinstance(runs, list)
    now = {run["scenario"]: model_of(build(resolve(run["scenario"]))).digest for run in runs}
    assert {run["scenario"]: run["digest"] for run in runs} == now, REMEDY


@pytest.mark.slow
def test_the_table_of_scenarios_is_of_every_scenario_as_it_is_now() -> None:
    found = record("scenarios.json")
    names = sorted({path.stem for path in scenarios_dir().glob("*.yaml")} - {"base"})
    assert sorted(pd.read_csv(REFERENCE / "scenarios.csv")["scenario"].unique()) == names, REMEDY
    now = [Base.of(resolve(name)).digest for name in found["scenarios"]]  # type: ignore[attr-defined]
    assert found["digests"] == now, REMEDY


def test_the_report_is_one_light_page_of_these_strategies() -> None:
    html = (REFERENCE / "report.html").read_text(encoding="utf-8")
    runs = record("strategies/run.json")["runs"]
    assert isinstance(runs, list)
    assert [run["scenario"] for run in runs if run["scenario"] not in html] == []
    assert len(html) < 5_000_000


def test_the_reference_is_small_and_says_what_is_in_it() -> None:
    files = [path for path in REFERENCE.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MOST
    readme = (REFERENCE / "README.md").read_text(encoding="utf-8")
    for path in REFERENCE.iterdir():
        assert path.name in (readme + "README.md"), f"{shown(path)} is not told in its README"
