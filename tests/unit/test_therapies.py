"""The therapies in params/: they load, and their numbers are defended."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
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
        if number.kind != "calibrated"  # as well known as its targets: test_fits
        and order.index(number.verified) > order.index(sources()[number.source].read)
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


def test_supportive_care_loads_and_cites_sources_that_exist() -> None:
    care = SupportiveCareFile.model_validate(read(PARAMS / "supportive" / "supportive-care.yaml"))
    assert [path for path, number in numbers(care) if number.source not in sources()] == []
