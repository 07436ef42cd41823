"""Fits and validation as jobs: what a key rests on, what a store saves, any workers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from pathsim import cli
from pathsim.inputs.fits import Fit, fits
from pathsim.inputs.paths import entry_at
from pathsim.inputs.places import params_dir
from pathsim.inputs.targets import Trial, load_trial
from pathsim.outcomes.endpoints import measure
from pathsim.study import fit_record
from pathsim.study.execute import JobsFailedError
from pathsim.study.fit import Fitted, fitted
from pathsim.study.packing import packed, unpacked
from pathsim.study.store import Memory, Store
from pathsim.study.trial import changed, scenario_of, simulated
from pathsim.study.trial_run import Arm, TrialRun, estimates, trial_run
from pathsim.study.validate import beside, validate
from pathsim.study.variant import Base

FEW = 300
PLACE = ("therapies/locommotion-standard-of-care", "progression.none.median")


@pytest.fixture(scope="module")
def trial() -> Trial:
    return load_trial(target_file("locommotion"))


def target_file(name: str) -> Path:
    return params_dir() / "targets" / f"{name}.yaml"


def run(trial: Trial, **which: Any) -> TrialRun:
    return trial_run(trial, trial.targets, **{"patients": FEW, "seed": 3, **which})


def standard(trial: Trial, **which: Any) -> pd.DataFrame:
    therapy = trial.arms["standard"].therapy
    return simulated(scenario_of(trial, "standard"), therapy, patients=FEW, seed=3, **which)


# --- the job ---


def test_a_job_gives_what_its_targets_ask_of_the_simulated_arms(trial: Trial) -> None:
    rows = standard(trial)
    given = estimates(unpacked(packed(run(trial).carry_out())))
    for found, target in zip(given, trial.targets, strict=True):
        assert repr(found) == repr(measure(target, rows))


def test_a_job_takes_other_values_of_parameters(trial: Trial) -> None:
    values = {PLACE: 400.0}
    rows = standard(trial, values=values)
    given = estimates(run(trial, values=values).carry_out())
    assert repr(given) == repr([measure(target, rows) for target in trial.targets])
    assert repr(given) != repr(estimates(run(trial).carry_out()))


def test_curves_are_made_where_they_are_asked_for(trial: Trial) -> None:
    assert not len(run(trial).carry_out()["curves"])
    drawn = run(trial, curves=True).carry_out()["curves"]
    assert set(drawn["trial"]) == {"locommotion"}
    assert drawn.loc[drawn["month"] == 0, "free"].eq(1.0).all()


KEYS: dict[str, Callable[[TrialRun], TrialRun]] = {
    "patients": lambda job: replace(job, patients=FEW + 1),
    "seed": lambda job: replace(job, seed=4),
    "values": lambda job: replace(job, values=((PLACE, 90.0),)),
    "targets": lambda job: replace(job, targets=job.targets[1:]),
    "curves": lambda job: replace(job, curves=True),
    "therapy": lambda job: replace(job, arms=(replace(job.arms[0], therapy="other"),)),
}


@pytest.mark.parametrize("what", KEYS)
def test_whatever_is_asked_stands_in_the_key(trial: Trial, what: str) -> None:
    job = run(trial)
    assert replace(job).key == job.key == run(load_trial(target_file("locommotion"))).key
    assert KEYS[what](job).key != job.key


def test_any_number_of_the_catalogue_that_an_arm_is_made_of_stands_in_the_key(
    trial: Trial,
) -> None:
    job, scenario = run(trial), scenario_of(trial, "standard")
    number = entry_at(scenario, f"therapies.{PLACE[0].partition('/')[2]}.{PLACE[1]}")
    other = changed(scenario, {PLACE: np.nextafter(number.value, 1e9)})
    arm = job.arms[0]
    assert replace(job, arms=(Arm(arm.name, arm.therapy, Base.of(other)),)).key != job.key


def test_a_failing_job_leaves_its_arms_and_the_command_that_runs_them(
    trial: Trial, tmp_path: Path
) -> None:
    job = run(trial, values={PLACE: 400.0})
    command = job.keep_alone(tmp_path)
    (document,) = tmp_path.iterdir()
    assert command == (f"pathsim run {document} --patients {FEW} --seed 3 --replications 1 "
                       "--workers 1")  # fmt: skip
    assert "value: 400" in document.read_text()
    assert "locommotion" in job.name


# --- validation ---


class Counting(Memory):
    """A memory that counts what is put into it, and can break after so many."""

    def __init__(self, last: int = 1000) -> None:
        super().__init__()
        self.puts, self.last = 0, last

    def put(self, key: str, data: bytes) -> None:
        if self.puts == self.last:
            raise OSError("the disk is full")
        self.puts += 1
        super().put(key, data)


NAMES = ("locommotion", "linker-mm1", "after-car-t")


@pytest.fixture(scope="module")
def plain() -> pd.DataFrame:
    return validate([*map(target_file, NAMES)], patients=FEW, workers=1).table


def test_validation_is_the_same_on_several_workers(plain: pd.DataFrame) -> None:
    found = validate([*map(target_file, NAMES)], patients=FEW, workers=2)
    pd.testing.assert_frame_equal(found.table, plain, check_exact=True)


def test_validation_that_was_stopped_goes_on_and_computes_only_what_is_missing(
    plain: pd.DataFrame,
) -> None:
    paths, store = [*map(target_file, NAMES)], Counting(last=2)
    with pytest.raises(OSError, match="full"):
        validate(paths, patients=FEW, workers=1, store=store)
    store.last, had = 1000, list[float]()
    found = validate(paths, patients=FEW, workers=1, store=store, found=had.append)
    assert (sum(had), store.puts) == (2, 3)
    pd.testing.assert_frame_equal(found.table, plain, check_exact=True)


def test_a_second_validation_reads_the_store(tmp_path: Path) -> None:
    words = ["validate", "locommotion", "--patients", str(FEW), "--no-figures", "--quiet",
             "--out", str(tmp_path)]  # fmt: skip
    tables = []
    for _ in range(2):
        CliRunner().invoke(cli.app, words, catch_exceptions=False)
        kept = {path: path.stat().st_ino for path in (tmp_path / "store").rglob("*.zip")}
        tables.append((kept, (tmp_path / "targets.parquet").read_bytes()))
    assert len(tables[0][0]) == 1
    assert tables[0] == tables[1]
    CliRunner().invoke(cli.app, [*words, "--fresh"], catch_exceptions=False)
    assert [p.stat().st_ino for p in tables[0][0]] != [*tables[0][0].values()]


def test_a_trial_without_targets_of_a_role_is_not_simulated(trial: Trial) -> None:
    store = Counting()
    table, curves = beside({trial: []}, patients=FEW, seed=1, store=store)
    assert (len(table), len(curves), store.puts) == (0, 0, 0)
    assert "free" in curves


# --- fits ---


@pytest.fixture(scope="module")
def fit() -> Fit:
    return fits()["locommotion-standard-of-care"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def found(trial: Trial, fit: Fit, store: Store) -> Fitted:
    return fitted(fit, [trial], patients=500, workers=2, store=store)


def test_a_fit_is_the_same_to_the_bit_on_any_workers(found: Fitted, fit: Fit, trial: Trial) -> None:
    alone = fitted(fit, [trial], patients=500, workers=1)
    assert alone.solution.z.tobytes() == found.solution.z.tobytes()
    assert alone.solution.covariance.tobytes() == found.solution.covariance.tobytes()
    assert alone.solution.calls == found.solution.calls
    assert repr([met.simulated for met in alone.met]) == repr([met.simulated for met in found.met])


def test_a_fit_done_again_reads_the_store(
    found: Fitted, fit: Fit, trial: Trial, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TrialRun, "carry_out", None)
    again = fitted(fit, [trial], patients=500, workers=1, store=store)
    assert again.solution.z.tobytes() == found.solution.z.tobytes()


def test_every_simulation_of_a_fit_is_in_the_store_once(found: Fitted, store: Store) -> None:
    assert len([*store.folder.rglob("*.zip")]) == found.solution.calls


def test_a_fit_is_drawn_from_the_same_simulations(
    found: Fitted, store: Store, tmp_path: Path
) -> None:
    fit_record.draw(found, tmp_path, workers=1, store=store)
    assert (tmp_path / "curves.svg").exists()


def test_a_place_that_holds_no_number_fails_with_its_name(fit: Fit, trial: Trial) -> None:
    (free, *_) = fit.free.values()
    file = PLACE[0]
    wrong = free.model_copy(update={"sets": {file: ("progression.none.middle",)}})
    with pytest.raises(JobsFailedError, match="no 'middle'"):
        fitted(fit.model_copy(update={"free": {"x": wrong}}), [trial], patients=500, workers=1)
