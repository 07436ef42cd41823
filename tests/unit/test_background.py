"""Life tables: the shipped ones give the published lives, and wrong ones say what is wrong."""

import math
from pathlib import Path

import pytest

from pathsim.errors import InputError
from pathsim.inputs.background import SEXES, Sex, load_background
from pathsim.inputs.evidence import Sources
from pathsim.inputs.load import read, validate

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "params" / "background"
HEADER = """\
name: small
title: A small table
source: nobody
where: here
years: "2000"
unit: probability
kind: assumption
verified: "no"
file: small.csv
"""
ROWS = ["sex,age,death_probability", "female,60,0.01", "female,61,0.02", "male,60,0.03"]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A header on disk; the test writes `small.csv` beside it."""
    path = tmp_path / "small.yaml"
    path.write_text(HEADER, encoding="utf-8")
    return path


def _complaint(header: Path, rows: list[str]) -> str:
    (header.parent / "small.csv").write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_background(header)
    return str(caught.value)


@pytest.mark.parametrize("sex", SEXES)
def test_a_life_from_65_is_as_long_as_the_published_one(sex: Sex) -> None:
    table = load_background(FOLDER / "us-2023.yaml")
    assert table.about.life_expectancy_at_65 is not None
    published = table.about.life_expectancy_at_65[sex].value
    assert table.life_expectancy(sex, 65) == pytest.approx(published, abs=0.15)


@pytest.mark.parametrize(
    ("sex", "at_65", "at_85"), [("male", 86428, 38790), ("female", 92247, 55597)]
)
def test_the_german_law_reproduces_the_published_survivors(
    sex: Sex, at_65: int, at_85: int
) -> None:
    law = load_background(FOLDER / "germany-2023-2025.yaml").law(sex)
    survived = law.survival(85 * 365.25) / law.survival(65 * 365.25)
    assert survived == pytest.approx(at_85 / at_65, abs=1e-4)


@pytest.mark.parametrize("header", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_men_die_sooner_than_women_at_every_age_that_matters(header: Path) -> None:
    table = load_background(header)
    of = {sex: dict(zip(table.ages, table.death_probabilities[sex], strict=True)) for sex in SEXES}
    assert all(of["male"][age] > of["female"][age] for age in range(40, 101))
    assert all(of[sex][age] < of[sex][age + 1] for sex in SEXES for age in range(40, 100))


@pytest.mark.parametrize("header", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_table_is_named_after_its_file_and_its_source_exists(header: Path) -> None:
    about = load_background(header).about
    sources = validate(read(ROOT / "params" / "sources.yaml"), Sources).root
    assert about.name == header.stem
    assert about.source in sources


def test_a_year_is_survived_with_the_probability_of_the_table() -> None:
    table = load_background(FOLDER / "us-2023.yaml")
    law, year = table.law("male"), 365.25
    survived = law.survival(71 * year) / law.survival(70 * year)
    assert 1 - survived == pytest.approx(0.022903, abs=1e-9)


def test_the_hazard_does_not_end_with_the_table() -> None:
    table = load_background(FOLDER / "germany-2023-2025.yaml")
    assert table.life_expectancy("female", 110) == pytest.approx(
        -1 / math.log1p(-table.death_probabilities["female"][-1])
    )


def test_every_wrong_line_is_reported_at_once(small: Path) -> None:
    said = _complaint(small, [ROWS[0], "woman,60,0.01", "female,sixty,0.01", "male,60,1.5", "x"])
    assert "small.csv:2  sex 'woman': write female or male" in said
    assert "small.csv:3  age 'sixty': write a whole number of years" in said
    assert "small.csv:4  death_probability '1.5': write a probability" in said
    assert "small.csv:5  1 columns: write sex,age,death_probability" in said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "small.csv:1  wrong header: write sex,age,death_probability"),
        (ROWS[:3], "small.csv:1  no row for male: give both sexes"),
        (ROWS, "small.csv:1  the sexes have different ages: give both the same"),
        ([ROWS[0], ROWS[2], ROWS[1], ROWS[3]], "small.csv:3  age 60 follows 61 for female"),
        ([ROWS[0], "female,60,nan"], "death_probability 'nan'"),
        ([ROWS[0], f"female,{'9' * 5000},0.1"], "write a whole number of years"),
    ],
    ids=["empty", "one sex", "other ages", "falling age", "not a number", "endless age"],
)
def test_a_wrong_table_says_what_is_wrong(small: Path, rows: list[str], said: str) -> None:
    assert said in _complaint(small, rows)


def test_a_header_without_its_table_says_so(small: Path) -> None:
    with pytest.raises(InputError, match=r"small.yaml:9  file  no file 'small.csv' beside"):
        load_background(small)
