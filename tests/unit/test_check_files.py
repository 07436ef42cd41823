"""Files of one's own, outside the catalogue: checked as what they are, or as what they extend."""

from pathlib import Path

import pytest

from pathsim.errors import InputError
from pathsim.inputs.places import named, params_dir
from pathsim.study.check import check, kind_of
from pathsim.study.showing import show


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(name: str, text: str) -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("base", "kind"),
    [
        ("cilta-cel", "therapies"),
        ("large-us-centre", "centres"),
        ("cartitude-4", "populations"),
        ("standard", "bridging"),
        ("supportive-care", "supportive"),
        ("best-supportive-care", "best_supportive_care"),
        ("cart_first", "scenarios"),
    ],
)
def test_a_file_is_what_it_extends(base: str, kind: str) -> None:
    assert kind_of(written("mine.yaml", f"extends: {base}\n")) == kind


def test_a_part_that_extends_a_catalogued_one_is_checked_whole() -> None:
    path = written("mine.yaml", "extends: cilta-cel\nbrand: Mine\n")
    assert check([path]).files == {"therapies": 1}


def test_what_is_wrong_in_such_a_part_is_told_at_its_line() -> None:
    path = written("mine.yaml", "extends: supportive-care\nname: mine\ntitel: Mine\n")
    with pytest.raises(InputError, match=r"mine\.yaml:3  titel  unknown"):
        check([path])


def test_a_therapy_that_extends_another_is_shown_whole() -> None:
    shown = show(named(params_dir() / "therapies")["talquetamab-weekly"])
    assert shown.words.startswith("TALQUETAMAB WEEKLY (talquetamab-weekly)")
    assert "talquetamab-weekly: weekly" in shown.words
