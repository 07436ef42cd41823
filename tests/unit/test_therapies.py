"""The therapies in params/: they load, their numbers are defended, their fits can be repeated."""

import importlib.util
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from pathsim.inputs.assemble import with_bridging
from pathsim.inputs.evidence import Number, Source, Sources, numbers
from pathsim.inputs.load import read_extended
from pathsim.inputs.supportive import SupportiveCareFile
from pathsim.inputs.therapy import Bispecific, CarT, Regimen, TherapyFile

ROOT = Path(__file__).parents[2]
PARAMS = ROOT / "params"
NAMES = sorted(path.stem for path in (PARAMS / "therapies").glob("*.yaml"))
FITS = sorted(path.stem for path in (PARAMS / "fits").glob("*.yaml"))


def read(path: Path) -> Any:
    return YAML(typ="safe").load(path)


@cache
def therapy(name: str) -> CarT | Bispecific | Regimen:
    folder = PARAMS / "therapies"
    bases = {path.stem: path for path in folder.glob("*.yaml")}
    whole = with_bridging(read_extended(folder / f"{name}.yaml", bases))
    return TherapyFile.model_validate(whole.data).root


@cache
def sources() -> dict[str, Source]:
    return Sources.model_validate(read(PARAMS / "sources.yaml")).root


@cache
def fit_landmarks() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "fit_landmarks", ROOT / "tools" / "fit_landmarks.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fit_landmarks"] = module
    spec.loader.exec_module(module)
    return module


@cache
def fitted(name: str) -> tuple[Any, Any, Any]:
    """The fit, its therapy, and the laws found now."""
    tool = fit_landmarks()
    fit, of = tool.read_fit(name)
    return fit, of, tool.solve(fit, of)


def at(written: Any, place: str) -> Number:
    """The number at a place such as death.after.pieces[0].rate."""
    for part in re.findall(r"\w+", place):
        written = written[int(part)] if part.isdigit() else getattr(written, part)
    assert isinstance(written, Number)
    return written


def laws(written: object) -> list[Any]:
    """Every written law, at any depth."""
    if isinstance(written, BaseModel):
        inside = [getattr(written, name) for name in type(written).model_fields]
        own = [written] if hasattr(written, "build") else []
        return own + [law for item in inside for law in laws(item)]
    if isinstance(written, tuple | list):
        return [law for item in written for law in laws(item)]
    if isinstance(written, dict):
        return [law for item in written.values() for law in laws(item)]
    return []


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_named_after_its_therapy(name: str) -> None:
    assert therapy(name).name == name


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_a_therapy_has_a_source_that_exists(name: str) -> None:
    unknown = [path for path, number in numbers(therapy(name)) if number.source not in sources()]
    assert unknown == []


@pytest.mark.parametrize("name", NAMES)
def test_no_number_claims_more_than_was_read_of_its_source(name: str) -> None:
    order = ["no", "secondary", "abstract", "full text"]
    bold = [
        path
        for path, number in numbers(therapy(name))
        if order.index(number.verified) > order.index(sources()[number.source].read)
    ]
    assert bold == []


def test_no_source_goes_uncited() -> None:
    files = [path for path in PARAMS.rglob("*.yaml") if path.name != "sources.yaml"]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    assert set(sources()) - set(re.findall(r"source: ([\w-]+)", text)) == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_law_of_a_therapy_can_be_built_and_rises(name: str) -> None:
    for law in laws(therapy(name)):
        built = law.build()
        assert built.quantile(0.25) <= built.quantile(0.75)


@pytest.mark.parametrize("name", NAMES)
def test_deeper_response_holds_longer_at_the_median(name: str) -> None:
    progression = therapy(name).progression
    medians = [
        level.build().quantile(0.5)
        for level in (progression.none, progression.pr, progression.vgpr, progression.cr)
    ]
    assert medians == sorted(medians)


@pytest.mark.parametrize("name", NAMES)
def test_an_indication_follows_the_one_before_it_in_its_region(name: str) -> None:
    for region in ("US", "EU", "UK"):
        dates = [label.since for label in therapy(name).indication if label.region == region]
        assert dates == sorted(set(dates))


@pytest.mark.parametrize("name", [n for n in NAMES if n in ("cilta-cel", "ide-cel")])
def test_a_bridging_option_with_a_therapy_names_one_that_exists(name: str) -> None:
    car_t = therapy(name)
    assert isinstance(car_t, CarT)
    named = {option.therapy for option in car_t.bridging.options.values()}
    assert named <= {*NAMES, None}


@pytest.mark.parametrize("name", NAMES)
def test_a_therapy_rests_on_more_than_assumption(name: str) -> None:
    """Prints the kinds of its numbers (pytest -rP); at least one in six is a published figure."""
    kinds = Counter(number.kind for _, number in numbers(therapy(name)))
    total = kinds.total()
    print(name, total, {kind: f"{100 * count / total:.0f} %" for kind, count in kinds.items()})
    published = kinds["trial"] + kinds["cohort"] + kinds["label"]
    assert published >= total / 6


@pytest.mark.parametrize("name", NAMES)
def test_every_therapy_with_plainly_fitted_numbers_has_a_fit(name: str) -> None:
    fitted_by = {number.source for _, number in numbers(therapy(name))}
    assert name in FITS or "plain-fit" not in fitted_by


@pytest.mark.parametrize("name", FITS)
def test_fitting_again_gives_the_numbers_in_the_file(name: str) -> None:
    _, of, found = fitted(name)
    for place, value, unit in found.places():
        written = at(of, place)
        assert written.unit == unit, place
        assert written.value == pytest.approx(value, rel=1e-3), place


@pytest.mark.parametrize("name", FITS)
def test_a_number_is_called_calibrated_if_and_only_if_the_fit_gives_it(name: str) -> None:
    _, of, found = fitted(name)
    places = {place for place, _, _ in found.places()}
    called = {path for path, number in numbers(of) if number.kind == "calibrated"}
    assert called == places


@pytest.mark.parametrize("name", FITS)
def test_each_landmark_is_met_within_three_points_or_its_miss_is_stated(name: str) -> None:
    fit, of, found = fitted(name)
    misses = fit_landmarks().misses(fit, of, found)
    unstated = [
        (mark.measure, mark.of, round(100 * miss, 1))
        for mark, miss in zip(fit.landmarks, misses, strict=True)
        if abs(miss) > 0.03 and not mark.known_miss
    ]
    assert unstated == []


@pytest.mark.parametrize("name", FITS)
def test_no_fitted_number_lies_at_its_bound(name: str) -> None:
    fit, _, found = fitted(name)
    for parameter, free in fit.free.items():
        value = getattr(found, parameter)
        assert free.low * 1.01 < value < free.high * 0.99, parameter


@pytest.mark.parametrize("name", FITS)
def test_a_fit_cites_only_sources_that_exist(name: str) -> None:
    fit, _, _ = fitted(name)
    assert [path for path, number in numbers(fit) if number.source not in sources()] == []


def test_supportive_care_loads_and_cites_sources_that_exist() -> None:
    care = SupportiveCareFile.model_validate(read(PARAMS / "supportive" / "supportive-care.yaml"))
    assert [path for path, number in numbers(care) if number.source not in sources()] == []
