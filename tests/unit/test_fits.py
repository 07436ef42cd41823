"""Fits in params/: what they set is what stands there; and a fit finds numbers that are known."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from pathsim.errors import InputError
from pathsim.inputs.document import at
from pathsim.inputs.fits import Fit, Free, Record, fits
from pathsim.inputs.load import read, validate
from pathsim.inputs.places import named, params_dir
from pathsim.inputs.rewrite import where
from pathsim.inputs.targets import Trial, load_trial
from pathsim.outcomes.endpoints import measure
from pathsim.study import fit_record
from pathsim.study.fit import Fitted, aims, fitted, trials_of
from pathsim.study.trial import scenario_of, simulated

PARAMS = params_dir()
NAMES = sorted(named(PARAMS / "fits"))


def record(name: str) -> Record:
    found: Record = validate(read(PARAMS / "calibrated" / f"{name}.yaml"), Record)
    return found


def stated(file: str, path: str) -> dict[str, Any]:
    found = at(read(PARAMS / f"{file}.yaml").data, where(path))
    assert isinstance(found, dict), (file, path)
    return found


def test_every_fit_has_a_record_and_no_record_is_without_its_fit() -> None:
    assert sorted(named(PARAMS / "calibrated")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_of_a_record_stand_where_the_fit_says(name: str) -> None:
    found, fit = record(name), fits()[name]
    assert list(found.numbers) == list(fit.free)
    for said, free in fit.free.items():
        for place in free.places:
            number = stated(*place)
            assert number["value"] == found.numbers[said].value, place
            assert number["kind"] == "calibrated", place
            assert name in number["where"], place


@pytest.mark.parametrize("name", NAMES)
def test_a_calibrated_number_is_known_no_better_than_the_weakest_of_its_targets(name: str) -> None:
    order, fit = ["no", "secondary", "abstract", "full text"], fits()[name]
    weakest = min(order.index(aim.target.published.verified) for aim in aims(fit, trials_of(fit)))
    for free in fit.free.values():
        for place in free.places:
            assert stated(*place)["verified"] == order[weakest], place


def test_no_two_fits_set_the_same_number() -> None:
    places = Counter(
        p for fit in fits().values() for free in fit.free.values() for p in free.places
    )
    assert [place for place, times in places.items() if times > 1] == []


def test_every_calibrated_number_is_set_by_a_fit() -> None:
    set_by_fits = {p for fit in fits().values() for free in fit.free.values() for p in free.places}
    for folder in ("therapies", "populations"):
        for name, path in named(PARAMS / folder).items():
            for found in _calibrated(YAML(typ="safe").load(path), ""):
                assert (f"{folder}/{name}", found) in set_by_fits


def _calibrated(data: Any, path: str) -> list[str]:
    if isinstance(data, dict):
        if data.get("kind") == "calibrated":
            return [path]
        return [f for k, v in data.items() for f in _calibrated(v, f"{path}.{k}" if path else k)]
    if isinstance(data, list):
        return [f for k, v in enumerate(data) for f in _calibrated(v, f"{path}[{k}]")]
    return []


@pytest.mark.parametrize("name", NAMES)
def test_a_record_names_the_targets_that_inform_its_fit(name: str) -> None:
    fit = fits()[name]
    informing = {aim.name for aim in aims(fit, trials_of(fit))}
    assert {target.target for target in record(name).targets} == informing


def test_fits_come_after_those_that_they_name() -> None:
    order = list(fits())
    for name, fit in fits().items():
        assert all(order.index(other) < order.index(name) for other in fit.after)


FIT = """\
fit: {0}
title: A fit
about: A fit
after: [{1}]
free: {{a: {{sets: {{therapies/x: [a]}}, low: 1, high: 2, because: A range}}}}
"""


@pytest.mark.parametrize(
    ("after", "said"), [("two", "no fit named 'two'"), ("one", "fits wait for each other: one")]
)
def test_fits_that_can_not_be_put_in_order_are_refused(
    after: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fits").mkdir()
    (tmp_path / "fits" / "one.yaml").write_text(FIT.format("one", after), encoding="utf-8")
    monkeypatch.setattr("pathsim.inputs.fits.params_dir", lambda: tmp_path)
    with pytest.raises(InputError, match=said):
        fits()


@pytest.mark.parametrize("share", [False, True])
def test_a_number_has_the_stated_probability_below_its_bounds(*, share: bool) -> None:
    low, high = (0.2, 0.9) if share else (20.0, 900.0)
    free = Free(sets={"therapies/x": ("a",)}, low=low, high=high, share=share, because="A range")
    drawn = np.sort([free.at(z) for z in np.random.default_rng(1).standard_normal(20_000)])
    within = np.mean((drawn > low) & (drawn < high))
    assert within == pytest.approx(0.95, abs=0.006)  # 4 standard errors


def known_trial(truth: dict[tuple[str, str], float]) -> tuple[Trial, Fit]:
    """A trial whose published figures are what the model gives with known numbers."""
    trial = load_trial(PARAMS / "targets" / "locommotion.yaml")
    scenario, therapy = scenario_of(trial, "standard"), trial.arms["standard"].therapy
    rows = simulated(scenario, therapy, patients=1500, seed=3, values=truth)
    published = []
    for target in trial.targets:
        value = measure(target, rows).value
        one = target.published.base / target.published.value
        number = target.published.model_copy(update={"value": value / one, "spread": None})
        published.append(target.model_copy(
            update={"published": number, "n": 100_000, "informs": ("known",)}
        ))  # fmt: skip
    file = trial.file.model_copy(update={"targets": tuple(published)})
    places = {place: (f"number {k}", value) for k, (place, value) in enumerate(truth.items())}
    free = {
        name: Free(sets={file_: (path,)}, low=value / 3, high=value * 2, because="A wide range")
        for (file_, path), (name, value) in places.items()
    }
    fit = Fit(fit="known", title="Known", about="Known", free=free)
    return replace(trial, file=file), fit


@pytest.fixture(scope="module")
def known() -> tuple[Fitted, list[float]]:
    """A fit to a trial that was simulated with known numbers; the numbers."""
    truth = {
        ("therapies/locommotion-standard-of-care", "progression.none.median"): 110.0,
        ("populations/locommotion", "between_lines.further_line[0].share"): 0.45,
    }
    trial, fit = known_trial(truth)
    return fitted(fit, [trial], patients=1500, seed=3), list(truth.values())


def test_a_fit_finds_the_numbers_behind_a_simulated_trial(
    known: tuple[Fitted, list[float]],
) -> None:
    found, truth = known
    assert list(found.values.values()) == pytest.approx(truth, rel=0.1)
    assert all(met.inside for met in found.met)


def test_what_is_found_is_written_in_its_places_and_its_record_can_be_read(
    known: tuple[Fitted, list[float]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, _ = known
    copytree(PARAMS, tmp_path / "params")
    monkeypatch.setattr(fit_record, "params_dir", lambda: tmp_path / "params")
    *_, kept = fit_record.keep(found, write=True)
    told: Record = validate(read(kept), Record)
    for name, free in found.fit.free.items():
        for file, path in free.places:
            number = at(read(tmp_path / "params" / f"{file}.yaml").data, where(path))
            assert number["value"] == told.numbers[name].value
            assert number["spread"]["low"] == told.numbers[name].low
    changed = [f for f in PARAMS.rglob("*.yaml") if f.read_bytes() != _copy(f, tmp_path)]
    assert {f.stem for f in changed} == {"locommotion-standard-of-care", "locommotion"}


def _copy(file: Path, folder: Path) -> bytes:
    return (folder / "params" / file.relative_to(PARAMS)).read_bytes()


def test_without_write_nothing_is_written(known: tuple[Fitted, list[float]]) -> None:
    assert fit_record.keep(known[0], write=False) == []


def test_a_fit_that_no_target_informs_is_refused() -> None:
    free = {"x": Free(sets={"therapies/x": ("a",)}, low=1, high=2, because="A range")}
    with pytest.raises(InputError, match="no target informs 'nothing'"):
        fitted(Fit(fit="nothing", title="Nothing", about="Nothing", free=free), [])
