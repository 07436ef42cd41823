"""Numbers are put into a file of the catalogue, and nothing else in it changes."""

from pathlib import Path

import pytest

from pathsim.errors import InputError
from pathsim.inputs.load import read
from pathsim.inputs.rewrite import number_at, rewrite

TEXT = """\
# A comment, kept
law: weibull
scale: {value: 3, unit: days, note: "a brace } in quotes"}  # kept too
effects:
  - {variable: emd, centre: {value: 13, unit: "%"}, hazard_ratio: {value: 1.5, unit: ratio}}
name: {first: nobody}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "therapy.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_number_is_replaced_and_the_rest_stays_to_the_letter(path: Path) -> None:
    rewrite(path, {"scale": "{value: 4, unit: days}"})
    old = 'scale: {value: 3, unit: days, note: "a brace } in quotes"}'
    new = TEXT.replace(old, "scale: {value: 4, unit: days}")
    assert path.read_text(encoding="utf-8") == new


def test_of_two_numbers_on_a_line_the_named_one_is_replaced(path: Path) -> None:
    rewrite(path, {"effects[0].hazard_ratio": "{value: 2, unit: ratio}"})
    document = read(path)
    assert number_at(document, "effects[0].hazard_ratio")["value"] == 2
    assert number_at(document, "effects[0].centre")["value"] == 13


@pytest.mark.parametrize("place", ["name", "law", "nothing", "effects[1].centre"])
def test_a_place_without_a_number_is_refused_and_nothing_is_written(path: Path, place: str) -> None:
    with pytest.raises(InputError, match="no number"):
        rewrite(path, {"scale": "{value: 4, unit: days}", place: "{value: 1, unit: days}"})
    assert path.read_text(encoding="utf-8") == TEXT
