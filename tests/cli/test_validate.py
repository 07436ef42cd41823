"""`pathsim validate`: a cohort of one's own, the verdict, exit codes, and what is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from pathsim import cli
from pathsim.errors import InputError
from pathsim.inputs.targets import Tolerance, load_trial
from pathsim.study import validate as validating
from pathsim.study.trial import changed, check_arms, scenario_of, simulated
from pathsim.study.validate import Validation
from pathsim.study.validated import report, verdict

MINE = """\
trial: my-cohort
title: Forty patients of our own on late-line salvage
origin: decision
sources:
  our-audit: {citation: "Our audit of 2024", url: "https://example.org/audit", read: full text}
arms:
  salvage:
    therapy: late-line-salvage
    scenario:
      population: us-real-world-late-line
      therapies: [late-line-salvage]
      strategy:
        strategy: salvage
        title: Salvage, then what is left
        rules:
          - {name: salvage, give: late-line-salvage, when: {lines_here: {below: 3}}, because: ours}
          - {otherwise: supportive_care, because: ours}
targets:
  - name: alive-at-12-months
    arm: salvage
    outcome: overall_survival
    at: 12 months
    published: {value: VALUE, unit: "%", source: our-audit, where: table 1, kind: cohort, verified: full text}
    n: 40
    role: ROLE
"""  # noqa: E501


def write(folder: Path, value: float = 50.0, role: str = "check") -> Path:
    path = folder / "mine.yaml"
    path.write_text(MINE.replace("VALUE", str(value)).replace("ROLE", role))
    return path


def call(path: Path, out: Path, *more: str) -> tuple[int, str]:
    words = ["validate", str(path), "--patients", "400", "--out", str(out), *more]
    ended = CliRunner().invoke(cli.app, words)
    if isinstance(ended.exception, InputError):
        raise ended.exception
    return ended.exit_code, ended.output


def test_a_cohort_of_ones_own_is_told_and_kept(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, said = call(write(tmp_path), out)
    assert code == 0
    assert "Forty patients of our own" in said
    assert "the tolerance has nothing to say" in said
    kept = {path.name for path in out.iterdir()}
    assert kept >= {"targets.csv", "targets.parquet", "targets.md", "run.json", "calibration.svg",
                    "calibration.png", "survival.svg", "survival.png", "curves.csv"}  # fmt: skip
    table = pd.read_parquet(out / "targets.parquet")
    assert table["interval"].tolist() == ["exact"]
    assert table["dependence"].tolist() == ["independent"]
    assert json.loads((out / "run.json").read_text())["versions"]["pathsim"]


def test_a_missed_tolerance_is_exit_code_1(tmp_path: Path) -> None:
    code, said = call(write(tmp_path, 99.0, "calibration"), tmp_path / "out", "--no-figures")
    assert code == 1
    assert "TOLERANCE MISSED" in said
    assert "my-cohort/alive-at-12-months" in said


def test_only_targets_of_a_role_are_simulated(tmp_path: Path) -> None:
    code, said = call(write(tmp_path), tmp_path / "out", "--no-figures", "--role", "calibration")
    assert code == 0
    assert "alive-at-12-months" not in said


def test_an_unsound_arm_is_told_at_its_line_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(MINE.replace("VALUE", "50").replace("ROLE", "check")
                    .replace("give: late-line-salvage", "give: salvage"))  # fmt: skip
    with pytest.raises(InputError) as caught:
        call(path, tmp_path / "out")
    (problem,) = caught.value.problems
    assert problem.line == 16
    assert problem.file.endswith("mine.yaml")


def test_the_therapy_on_trial_is_one_of_the_arms(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(MINE.replace("VALUE", "50").replace("ROLE", "check")
                    .replace("therapy: late-line-salvage", "therapy: dpd-pvd"))  # fmt: skip
    with pytest.raises(InputError, match="no therapy 'dpd-pvd'"):
        check_arms(load_trial(path))


# --- other values --------------------------------------------------------------------------------


def median(scenario: Any) -> Any:
    return scenario.therapies["late-line-salvage"].progression.none.median.value


def test_a_changed_number_changes_the_arm_and_nothing_else(tmp_path: Path) -> None:
    trial = load_trial(write(tmp_path))
    values = {("therapies/late-line-salvage", "progression.none.median"): 1000.0}
    plain, other = scenario_of(trial, "salvage"), changed(scenario_of(trial, "salvage"), values)
    assert median(other) == 1000.0
    assert median(plain) != 1000.0
    assert other.population is plain.population
    rows = [simulated(plain, "late-line-salvage", patients=400, values=v) for v in (None, values)]
    assert rows[1]["relapse"].median() > rows[0]["relapse"].median()
    pd.testing.assert_series_equal(rows[0]["age"], rows[1]["age"])


def test_a_number_in_a_list_is_found_by_its_place(tmp_path: Path) -> None:
    scenario = scenario_of(load_trial(write(tmp_path)), "salvage")
    part = "therapies/late-line-salvage"
    found = changed(scenario, {(part, "progression.effects[0].hazard_ratio"): 3.0})
    effects = found.therapies["late-line-salvage"].progression.effects
    assert effects[0].hazard_ratio.value == 3.0
    assert effects[1:] == scenario.therapies["late-line-salvage"].progression.effects[1:]


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ("therapies/nothing", "progression.none.median"),
        ("populations/other", "waiting.death"),
        ("therapies/late-line-salvage", "progression.none.middle"),
        ("therapies/late-line-salvage", "progression.none"),
    ],
)
def test_a_value_for_no_number_is_refused(tmp_path: Path, part: str, path: str) -> None:
    with pytest.raises((KeyError, InputError), match=r"nothing is called|no 'middle'|no number"):
        changed(scenario_of(load_trial(write(tmp_path)), "salvage"), {(part, path): 1.0})


# --- the verdict ---------------------------------------------------------------------------------


def judged(*distances: float, role: str = "calibration") -> Validation:
    rows = [
        {**dict.fromkeys(validating.COLUMNS, ""), "trial": "t", "target": f"t{k}", "role": role,
         "unit": "%", "published": 50.0, "low": 40.0, "high": 60.0, "interval": "exact",
         "simulated": 50 + 10 * d, "simulated_low": 50 + 10 * d, "simulated_high": 50 + 10 * d,
         "distance": d, "inside": abs(d) <= 1, "dependence": "independent"}
        for k, d in enumerate(distances)
    ]  # fmt: skip
    tolerance = Tolerance(inside=0.9, furthest=2, because="a test")
    return Validation(pd.DataFrame(rows), pd.DataFrame(), tolerance, 100, 1)


def test_the_tolerance_is_met_by_nine_in_ten_with_none_too_far() -> None:
    assert judged(*[0.0] * 9, 1.9).met
    assert not judged(*[0.0] * 9, 2.1).met
    assert not judged(*[0.0] * 8, 1.5, 1.5).met
    assert not judged(*[0.0] * 19, float("nan")).met


def test_other_roles_are_not_held_to_the_tolerance() -> None:
    found = judged(5.0, role="check")
    assert found.met
    assert "nothing to say" in verdict(found)
    assert "+5.0 half-widths" in report(found)


def test_every_file_of_the_catalogue_is_sound() -> None:
    for path in validating.files():
        assert load_trial(path).targets
    assert validating.tolerance().inside == 0.9
