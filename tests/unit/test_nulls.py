"""Nulls in a scenario's parts: what they take out of the catalogue, and of scenarios below."""

from pathlib import Path

import pytest

from pathsim.inputs.resolve import resolve
from tests.unit.scenario_files import problems, scenario


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def extending(base: str, text: str) -> Path:
    """A scenario that extends one whose text is `base`, which extends the shipped base."""
    scenario(base, name="below")
    path = Path("above.yaml")
    path.write_text(f"extends: below.yaml\n{text}\n", encoding="utf-8")
    return path


def test_a_null_in_a_therapy_takes_a_field_out_of_the_catalogued_one() -> None:
    changed = scenario("therapies: {teclistamab: {fixed_duration: null}}")
    therapy = changed.therapies["teclistamab"]
    assert therapy.modality == "bispecific"
    assert therapy.fixed_duration is None
    assert therapy.schedule.phases


def test_a_null_in_a_centre_takes_a_limit_away() -> None:
    changed = scenario("centre: {extends: large-us-centre, resources: {clinic: null}}")
    assert "clinic" not in changed.centre.limited
    assert "icu_bed" in changed.centre.limited


def test_a_null_takes_away_what_only_the_scenario_below_has_added() -> None:
    base = "therapies: {teclistamab: {brand: Other}}"
    above = extending(base, "therapies: {teclistamab: {brand: null}}")
    assert resolve("below.yaml").therapies["teclistamab"].brand == "Other"
    assert resolve(above).therapies["teclistamab"].brand is None


def test_a_null_takes_a_therapy_off_the_list() -> None:
    assert "ide-cel" not in scenario("therapies: {ide-cel: null}").therapies


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("therapies: {teclistamab: {fixed_duraton: null}}", "did you mean 'fixed_duration'?"),
        ("therapies: {teclistamb: null}", "did you mean 'teclistamab'?"),
        ("centre: {extends: large-us-centre, resources: {clinick: null}}", "'clinic'?"),
    ],
)
def test_a_null_that_takes_nothing_away_is_told_in_the_parts_too(text: str, said: str) -> None:
    [told] = problems(text)
    assert told.startswith("sample.yaml:3  ")
    assert "null deletes nothing in the base" in told
    assert said in told
