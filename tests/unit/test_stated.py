"""Where each number of the catalogue stands, and what it is in words."""

import pytest

from pathsim.inputs.evidence import numbers
from pathsim.inputs.places import named, params_dir
from pathsim.inputs.population import FeatureEffect
from pathsim.inputs.stated import effect_words, stated
from pathsim.study.check import read_part

PARTS = [
    path
    for kind in ("therapies", "populations", "supportive")
    for path in named(params_dir() / kind).values()
]


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_every_number_is_stated_once_under_its_own_path(path) -> None:
    written = read_part(path).written
    found = list(stated(written))
    assert [each.position for each in found] == [position for position, _ in numbers(written)]
    assert len({each.path for each in found}) == len(found)


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_no_words_are_those_of_the_code(path) -> None:
    assert [each.words for each in stated(read_part(path).written) if "_" in each.words] == []


def test_entries_of_a_list_are_told_by_what_they_are_about() -> None:
    found = {
        each.path: each
        for each in stated(read_part(params_dir() / "therapies/cilta-cel.yaml").written)
    }
    emd = found["progression.effects[emd=yes].hazard_ratio"]
    assert emd.words == "effect of extramedullary disease (yes): hazard ratio"
    period = found["manufacture.periods[2024-07-01].failure"]
    assert (period.heading, period.words) == (
        "Manufacture",
        "from 2024-07-01 on: share that cannot be made",
    )


def test_a_path_stays_when_an_entry_is_put_before_it() -> None:
    therapy = read_part(params_dir() / "therapies/cilta-cel.yaml").written
    effects = therapy.progression.effects
    turned = therapy.progression.model_copy(update={"effects": effects[::-1]})
    before = {each.path: each.number for each in stated(therapy.progression)}
    assert {each.path: each.number for each in stated(turned)} == before


def test_an_effect_of_access_is_told_like_any_other() -> None:
    ratio = {"value": 2, "unit": "ratio", "source": "here", "where": "page 1"}
    effect = FeatureEffect.model_validate(
        {"variable": "distance", "level": "far",
         "odds_ratio": ratio | {"kind": "trial", "verified": "abstract"}}
    )  # fmt: skip
    assert effect_words(effect) == "effect of distance from the centre (far)"
