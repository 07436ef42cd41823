"""The second entry of the catalogue: the blank form, and what may be written into it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pathsim.errors import InputError
from pathsim.inputs.evidence import Number
from pathsim.inputs.load import read, validate
from pathsim.inputs.places import named, params_dir
from pathsim.inputs.second_entry import SecondEntry
from pathsim.inputs.stated import stated
from pathsim.study.blank_form import blank_form
from pathsim.study.check import read_part
from pathsim.study.second_entry import Comparison, compare

FILES = [
    path for kind in ("therapies", "populations") for path in named(params_dir() / kind).values()
]


def entered(tmp_path: Path, text: str) -> SecondEntry:
    path = tmp_path / "cilta-cel.yaml"
    path.write_text(text, encoding="utf-8")
    found: SecondEntry = validate(read(path), SecondEntry)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_blank_form_asks_for_every_number_but_those_of_fits_and_labels(
    path: Path, tmp_path: Path
) -> None:
    form = entered(tmp_path, blank_form(path)).root
    asked = {
        each.path: each.number.unit
        for each in read_part(path).own
        if each.number.kind != "calibrated" and each.group != "indication"
    }
    assert {path: entry.unit for path, entry in form.items()} == asked
    assert all(entry.blank for entry in form.values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_blank_form_gives_nothing_of_the_first_entry_away(path: Path) -> None:
    form = blank_form(path)
    for each in stated(read_part(path).written):
        said = (each.number.row, each.number.where, each.number.note)
        assert [text for text in said if text and text in form] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("crs.any: {value: 75, unit: '%', row: E0324}", "a value without a kind"),
        ("crs.any: {value: 75, unit: '%', kind: cohort}", "a value without row or source"),
        ("crs.any: {value: 75, unit: '%', kind: assumption}", "an assumption without a note"),
        ("crs.any: {value: 75, unit: furlongs, kind: cohort, row: E0324}", "furlongs"),
        ("crs.any: {value: 75, unit: '%', kind: guess, row: E0324}", "guess"),
    ],
)
def test_an_entry_that_cannot_be_defended_is_refused(
    text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message):
        entered(tmp_path, text)


def test_only_therapies_and_populations_are_entered_twice() -> None:
    with pytest.raises(InputError, match="name a therapy or a population"):
        blank_form(params_dir() / "supportive" / "supportive-care.yaml")


# --- comparison ----------------------------------------------------------------------------------

CILTA_CEL = params_dir() / "therapies" / "cilta-cel.yaml"


def first(path: str) -> Number:
    """A number of the first entry of cilta-cel."""
    (found,) = [each.number for each in read_part(CILTA_CEL).own if each.path == path]
    return found


def line(path: str, times: float = 1.0, **changed: object) -> str:
    """A line of a second entry: the first, its value multiplied, and what is changed."""
    number = first(path)
    entry = {"value": number.value * times, "unit": f"'{number.unit}'", "row": number.row,
             "kind": number.kind, "note": "as read", **changed}  # fmt: skip
    said = ", ".join(f"{key}: {value}" for key, value in entry.items() if value is not None)
    return f"{path}: {{{said}}}"


def assumed() -> list[str]:
    """Paths of numbers that the first entry assumes."""
    return [each.path for each in read_part(CILTA_CEL).own if each.number.kind == "assumption"]


CRS = "crs.any"  # in the first entry a share of a cohort, with a row
LINES: dict[str, Callable[[], str]] = {
    "the same": lambda: line(CRS),
    "rounded": lambda: line(CRS, 1.01),
    "in another unit": lambda: line(CRS, 0.01, unit="probability"),
    "another value": lambda: line(CRS, 0.9),
    "another kind": lambda: line(CRS, kind="expert"),
    "another row": lambda: line(CRS, row="E9999"),
    "another dimension": lambda: line(CRS, unit="days"),
    "not found": lambda: line(CRS, value="", row=None, kind=None),
    "a row that the note names": lambda: line(CRS, row="E9999", note=f"as in {first(CRS).row}"),
}


def compared(tmp_path: Path, text: str, settled: str = "") -> Comparison:
    """The comparison of some lines for cilta-cel."""
    folder = tmp_path / "second_entry"
    folder.mkdir()
    (folder / "cilta-cel.yaml").write_text(text, encoding="utf-8")
    if settled:
        (folder / "settled.yaml").write_text(f"cilta-cel: {{{settled}}}", encoding="utf-8")
    return compare(folder)


@pytest.mark.parametrize(
    ("case", "differs"),
    [
        ("the same", ()),
        ("rounded", ()),
        ("in another unit", ()),
        ("a row that the note names", ()),
        ("another value", ("value",)),
        ("another kind", ("kind",)),
        ("another row", ("row",)),
        ("another dimension", ("value",)),
        ("not found", ("value",)),
    ],
)
def test_two_entries_agree_in_value_kind_and_row_or_say_in_which_they_do_not(
    case: str, differs: tuple[str, ...], tmp_path: Path
) -> None:
    found = compared(tmp_path, LINES[case]())
    (crs,) = [each for each in found.compared if each.path == "crs.any"]
    assert crs.differs == differs
    assert [each.path for each in found.open] == (["crs.any"] if differs else [])


@pytest.mark.parametrize(
    ("keep", "is_open"), [("first", False), ("neither", False), ("second", True)]
)
def test_a_settlement_closes_a_disagreement_once_the_first_says_what_is_kept(
    keep: str, is_open: bool, tmp_path: Path
) -> None:
    settled = f"crs.any: {{keep: {keep}, because: practice before trial}}"
    found = compared(tmp_path, LINES["another value"](), settled)
    assert bool(found.open) == is_open


def test_what_was_settled_is_still_told_when_the_first_has_been_corrected(tmp_path: Path) -> None:
    settled = "crs.any: {keep: second, because: the first was 57 %}"
    found = compared(tmp_path, LINES["the same"](), settled)
    assert [each.path for each in found.settled] == ["crs.any"]
    assert found.open == []


def test_assumptions_that_differ_are_told_apart_with_the_spread_of_the_first(
    tmp_path: Path,
) -> None:
    near, far, same = assumed()[:3]
    spreads = [first(path).spread for path in (near, far)]
    assert spreads[0] is not None
    assert spreads[1] is not None
    lines = [line(near, value=spreads[0].high), line(far, value=2 * spreads[1].high), line(same)]
    found = compared(tmp_path, "\n".join(lines))
    told = {each.path: each.within_spread for each in found.of("assumed twice")}
    assert told == {near: True, far: False}
    assert found.open == []
    assert found.counts()["cilta-cel"]["agrees"] == 1


def test_a_path_that_is_no_longer_asked_for_is_told(tmp_path: Path) -> None:
    text = LINES["the same"]().replace(CRS, "crs.mild")
    assert [each.path for each in compared(tmp_path, text).of("gone")] == ["crs.mild"]


def test_a_settlement_of_what_nobody_entered_is_refused_at_its_line(tmp_path: Path) -> None:
    settled = "crs.some: {keep: first, because: none}"
    with pytest.raises(InputError, match=r"settled\.yaml:1  cilta-cel\.crs\.some"):
        compared(tmp_path, LINES["the same"](), settled)


def test_a_second_entry_of_an_unknown_therapy_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hope.yaml").write_text(LINES["the same"](), encoding="utf-8")
    with pytest.raises(InputError, match="no therapy or population 'hope'"):
        compare(tmp_path)
