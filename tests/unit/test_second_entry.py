"""The second entry of the catalogue: the blank form, and what may be written into it."""

from pathlib import Path

import pytest

from pathsim.errors import InputError
from pathsim.inputs.load import read, validate
from pathsim.inputs.places import named, params_dir
from pathsim.inputs.second_entry import SecondEntry
from pathsim.inputs.stated import stated
from pathsim.study.check import read_part
from pathsim.study.second_entry import blank_form

FILES = [
    path for kind in ("therapies", "populations") for path in named(params_dir() / kind).values()
]


def entered(tmp_path: Path, line: str) -> SecondEntry:
    path = tmp_path / "cilta-cel.yaml"
    path.write_text(line, encoding="utf-8")
    found: SecondEntry = validate(read(path), SecondEntry)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_blank_form_asks_for_every_number_but_those_of_fits_and_labels(
    path: Path, tmp_path: Path
) -> None:
    form = entered(tmp_path, blank_form(path)).root
    asked = {
        each.path: each.number.unit
        for each in stated(read_part(path))
        if each.number.kind != "calibrated" and each.group != "indication"
    }
    assert {path: entry.unit for path, entry in form.items()} == asked
    assert all(entry.blank for entry in form.values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_blank_form_gives_nothing_of_the_first_entry_away(path: Path) -> None:
    form = blank_form(path)
    for each in stated(read_part(path)):
        said = (each.number.row, each.number.where, each.number.note)
        assert [text for text in said if text and text in form] == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("crs.any: {value: 75, unit: '%', row: E0324}", "a value without a kind"),
        ("crs.any: {value: 75, unit: '%', kind: cohort}", "a value without row or source"),
        ("crs.any: {value: 75, unit: '%', kind: assumption}", "an assumption without a note"),
        ("crs.any: {value: 75, unit: furlongs, kind: cohort, row: E0324}", "furlongs"),
        ("crs.any: {value: 75, unit: '%', kind: guess, row: E0324}", "guess"),
    ],
)
def test_an_entry_that_cannot_be_defended_is_refused(
    line: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message):
        entered(tmp_path, line)


def test_only_therapies_and_populations_are_entered_twice() -> None:
    with pytest.raises(InputError, match="name a therapy or a population"):
        blank_form(params_dir() / "supportive" / "supportive-care.yaml")
