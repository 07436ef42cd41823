"""`pathsim sweep`: what it prints, keeps and refuses."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pathsim.cli import app
from pathsim.errors import InputError
from tests.study.small_study import GRID, written

ONE_WAY = """\
replications: 2
outcomes: [days in hospital]
design:
  kind: one_way
  vary: [{path: centre.resources.cell_therapy_bed.places, name: beds, low: 6, high: 12}]
"""
HYPERCUBE = """\
outcomes: [days in hospital]
design:
  kind: latin_hypercube
  sets: 4
  vary: [{path: accrual.rate, name: referrals, low: 6 per month, high: 12 per month}]
"""


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def sweep(text: str, *options: str) -> str:
    """What is printed of a study of the small scenario."""
    asked = ["sweep", str(written(text)), "--workers", "1", "--quiet", *options]
    result = CliRunner().invoke(app, asked, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_grid_is_printed_a_line_a_set() -> None:
    said = sweep(GRID, "--no-figures")
    assert said.startswith("A small study? 2 sets of 2 fields, every combination, x 1 scenario")
    first, second = (line for line in said.splitlines() if line.split()[1:2] == ["12"])
    assert (first.split()[0], second.split()[0]) == ("5", "10")
    assert "Means of 2 replications, seed 1." in said
    (folder,) = Path("results/small").iterdir()
    assert not (folder / "figures").exists()
    assert f"README.txt: {folder}" not in said
    assert str(folder / "README.txt") in said


def test_a_tornado_is_printed_and_drawn() -> None:
    said = sweep(ONE_WAY)
    assert "FEW_A: days in hospital, days" in said
    assert "6 to 12" in said
    (folder,) = Path("results/small").iterdir()
    assert {path.name for path in (folder / "figures").iterdir()} == {
        "tornado_few_a_1.png", "tornado_few_a_1.svg"
    }  # fmt: skip


def test_sets_seed_and_replications_can_be_said_on_the_line() -> None:
    said = sweep(HYPERCUBE, "--sets", "3", "--seed", "7", "--replications", "2", "--patients", "9")
    told = "3 sets of 1 field, a Latin hypercube, x 1 scenario x 1 structure x 2 replications"
    assert told in " ".join(said.split())
    (folder,) = Path("results/small").iterdir()
    study = (folder / "study.yaml").read_text(encoding="utf-8")
    for line in ("sets: 3", "seed: 7", "replications: 2", "patients: 9"):
        assert line in study


def test_a_grid_draws_no_sets() -> None:
    with pytest.raises(InputError, match="a grid draws no sets: leave --sets out"):
        sweep(GRID, "--sets", "3")


def test_the_same_study_again_is_read_from_the_store() -> None:
    first, second = sweep(HYPERCUBE), sweep(HYPERCUBE)
    assert first.split("\nTables")[0] == second.split("\nTables")[0]
    one, two = (path / "run.json" for path in sorted(Path("results/small").iterdir()))
    assert '"in_store": 0' in one.read_text(encoding="utf-8")
    assert '"in_store": 4' in two.read_text(encoding="utf-8")


def test_a_bad_study_is_refused_with_every_problem() -> None:
    wrong = HYPERCUBE.replace("accrual.rate", "accrual.rat").replace("days in", "day in")
    with pytest.raises(InputError) as caught:
        sweep(wrong)
    assert [line.split("  ")[:2] for line in str(caught.value).splitlines()] == [
        ["small.yaml:4", "outcomes#1"], ["small.yaml:8", "design.vary#1.path"]
    ]  # fmt: skip


def test_an_unknown_study_is_told_with_those_there_are() -> None:
    with pytest.raises(InputError, match="did you mean 'beds-and-referrals'"):
        CliRunner().invoke(app, ["sweep", "beds-and-referral"], catch_exceptions=False)


@pytest.mark.parametrize("command", ["sweep", "size"])
def test_a_scenario_is_no_study_and_it_is_told_how_to_change_its_fields(command: str) -> None:
    with pytest.raises(InputError, match=r"a scenario, not a study: .* pathsim sweep cart_first"):
        CliRunner().invoke(app, [command, "cart_first"], catch_exceptions=False)


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_grid_needs_no_file() -> None:
    written(GRID)
    fields = (
        "--vary",
        "accrual.rate=6 per month,8 per month",
        "--vary",
        "support.hold_doses=false",
    )
    said = run("sweep", "few_a.yaml", "few_b.yaml", *fields, "--replications", "1",
               "--workers", "1", "--quiet")  # fmt: skip
    assert "2 sets of 2 fields, every combination, x 2 scenarios" in " ".join(said.split())
    assert [line.split()[:2] for line in said.splitlines() if line.strip()[:2] in ("6 ", "8 ")] == [
        ["6", "False"], ["8", "False"]
    ] * 3  # fmt: skip
    assert "\nFEW_B MINUS FEW_A, paired by replication\n" in said
    assert Path("results/sweep_few_a").is_dir()


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ("accrual.rate", r"command-line:1  accrual.rate  no values are given: write it like"),
        ("accrual.rat=3", r"no 'rat' in accrual: did you mean 'accrual.rate'"),
        ("accrual.rate=3", r"3 is not a quantity: write it like '8 per month'"),
    ],
)
def test_a_grid_without_a_file_is_refused_like_one_with_it(vary: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        run("sweep", "cart_first", "--vary", vary)


def test_a_study_is_shown_in_words() -> None:
    said = run("show", str(written(HYPERCUBE)))
    assert "4 sets of 1 field, a Latin hypercube" in said
    assert "(now 8); accrual.rate" in said
    assert "4 jobs, under a minute on the" in said


def test_the_fields_of_a_scenario_are_listed_with_what_stands_there() -> None:
    lines = run("show", "cart_first", "--fields", "icu_bed").splitlines()
    assert "centre.resources.icu_bed.places: 4" in lines
    (assessed,) = run("show", "cart_first", "--fields", "cilta-cel.response.assessed").splitlines()
    assert assessed == "therapies.cilta-cel.response.assessed: 3 months (1 to 6)"
    with pytest.raises(InputError, match="no field has 'nothing_like_it' in its path"):
        run("show", "cart_first", "--fields", "nothing_like_it")
