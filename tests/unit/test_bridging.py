"""Ways to bridge: files of their own, which a CAR T product names and a scenario may change."""

from pathlib import Path

import pytest

from pathsim.inputs.load import read
from pathsim.inputs.places import named, params_dir
from pathsim.inputs.plain import dump
from pathsim.inputs.resolve import resolve
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.therapy_car_t import BridgingOption
from pathsim.pathway import words
from pathsim.pathway.build import build
from tests.unit import scenario_files
from tests.unit.scenario_files import problems, scenario

SHIPPED = named(params_dir() / "bridging")
QUICK = "{quick: {extends: standard, title: Quick, duration: {value: 3}}}"


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pathsim.inputs.load.read", scenario_files.read)


def with_options(options: str) -> str:
    """A scenario's text in which cilta-cel has these options."""
    return f"therapies: {{cilta-cel: {{bridging: {{options: {options}}}}}}}"


def options(found: Scenario) -> dict[str, BridgingOption]:
    car_t = found.therapies["cilta-cel"]
    assert car_t.modality == "car_t"
    return car_t.bridging.options


def test_every_product_has_the_ways_that_are_kept() -> None:
    for therapy in scenario("").therapies.values():
        if therapy.modality == "car_t":
            assert set(therapy.bridging.options) == set(SHIPPED) == {"standard", "talquetamab"}


def test_a_resolved_document_says_them_whole_and_gives_itself_again() -> None:
    document = scenario(with_options(QUICK)).document()
    written = document["therapies"]["cilta-cel"]["bridging"]["options"]
    assert all({"name", "basis", "response"} <= set(option) for option in written.values())
    Path("again.yaml").write_text(dump(document), encoding="utf-8")
    assert dump(resolve("again.yaml").document()) == dump(document)


def test_a_scenario_changes_one_and_keeps_the_others() -> None:
    found = options(scenario(with_options("{standard: {visits: {value: 2}}}")))
    assert found["standard"].visits.value == 2
    assert found["talquetamab"] == options(scenario(""))["talquetamab"]


def test_a_scenario_adds_one_by_what_differs_from_another() -> None:
    found = options(scenario(with_options(QUICK)))
    assert (found["quick"].name, found["quick"].duration.base) == ("quick", 21)
    assert found["quick"].response == found["standard"].response


def test_a_list_says_all_that_there_are() -> None:
    assert set(options(scenario(with_options("[standard]")))) == {"standard"}


def test_a_null_takes_one_away() -> None:
    assert set(options(scenario(with_options("{talquetamab: null}")))) == {"standard"}


def test_a_file_of_ones_own_is_named_by_its_path() -> None:
    text = SHIPPED["standard"].read_text(encoding="utf-8")
    Path("mine.yaml").write_text(text.replace("name: standard", "name: mine"), encoding="utf-8")
    assert options(scenario(with_options("{mine: mine.yaml}")))["mine"].name == "mine"


def test_what_is_wrong_in_a_file_is_told_at_its_line() -> None:
    text = SHIPPED["standard"].read_text(encoding="utf-8").replace("visits:", "visit:")
    Path("standard.yaml").write_text(text, encoding="utf-8")
    line = next(i for i, t in enumerate(text.splitlines(), 1) if t.startswith("visit:"))
    said = problems(with_options("{standard: standard.yaml}"))
    assert any(told.startswith(f"standard.yaml:{line}  ") for told in said)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "[standard, talquetamb]",
            "nothing named 'talquetamb' in params/bridging: did you mean 'talquetamab'",
        ),
        ("[standard, 3]", "no name of a way to bridge: write one of standard, talquetamab"),
        ("{standard: {name: other}}", "option 'standard' calls itself 'other': write 'standard'"),
    ],
)
def test_what_names_none_is_told_with_a_remedy(written: str, said: str) -> None:
    assert any(
        "sample.yaml:3  " in told and said in told for told in problems(with_options(written))
    )


@pytest.mark.parametrize(("option", "hit"), [("standard", set()), ("talquetamab", {"GPRC5D"})])
def test_what_a_way_hits_is_exposure_from_the_day_it_is_given(option: str, hit: set[str]) -> None:
    states = {state.name: state for state in build(scenario("")).pathway.states}
    sets = {s.variable for s in states[f"cilta-cel: manufacture, bridging ({option})"].sets}
    bispecific = {words.BISPECIFIC} if hit else set()
    assert sets == {words.last(what) for what in hit | bispecific}
    assert set(read(SHIPPED[option]).data.get("targets", [])) == hit
