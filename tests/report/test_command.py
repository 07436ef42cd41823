"""`pathsim report`, and `--report` of the commands that make results."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pathsim.cli import app
from pathsim.cli.names import complete_result
from pathsim.errors import InputError
from pathsim.report.page import page
from pathsim.study.kept import read
from tests.report.reading import parsed
from tests.study.small_study import GRID, written

FEW = ("--replications", "2", "--workers", "1", "--quiet", "--no-figures")


@pytest.fixture
def copied(compared: Path, tmp_path: Path) -> Path:
    """A comparison among other things in a folder of its own."""
    return Path(shutil.copytree(compared, tmp_path / "compare_few_a" / compared.name))


def said(*words: object, code: int = 0) -> str:
    """What a command prints."""
    result = CliRunner().invoke(app, [*map(str, words)], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_report_of_a_folder_goes_into_it_and_changes_nothing_else(copied: Path) -> None:
    before = contents(copied)
    assert said("report", copied) == f"Report: {copied / 'report.html'}"
    after = contents(copied)
    made = after.pop("report.html")
    assert made.startswith(b"<!DOCTYPE html>")
    assert after == before
    said("report", copied)
    assert (copied / "report.html").read_bytes() == made


def test_of_a_folder_of_runs_the_newest_is_reported_and_named(copied: Path) -> None:
    lines = said("report", copied.parent)
    assert lines.startswith(f"The newest run in {copied.parent}: {copied.name}")
    assert (copied / "report.html").exists()


def test_a_file_or_a_folder_may_be_named_and_a_title_given(copied: Path, tmp_path: Path) -> None:
    out = tmp_path / "board" / "april.html"
    said("report", copied, "--out", out, "--title", "For the <board>")
    assert parsed(out.read_text(encoding="utf-8")).headings[0] == (1, "For the <board>")
    assert str(out.parent / "report.html") in said("report", copied, "--out", out.parent)
    assert not (copied / "report.html").exists()


def test_of_several_folders_the_file_must_be_named(
    run_a: Path, run_b: Path, swept: Path, tmp_path: Path
) -> None:
    assert "--out" in said("report", run_a, run_b, code=2)
    out = tmp_path / "all.html"
    said("report", run_a, run_b, swept, "--out", out)
    assert "few_a and few_b" in parsed(out.read_text(encoding="utf-8")).headings[0][1]


def test_what_is_wrong_is_told_all_at_once_before_anything_is_written(
    run_a: Path, tmp_path: Path
) -> None:
    asked = ["report", str(run_a), str(tmp_path / "none"), str(tmp_path), "--out", "x.html"]
    with pytest.raises(InputError) as raised:
        CliRunner().invoke(app, asked, catch_exceptions=False)
    assert len(raised.value.problems) == 2
    assert not [*tmp_path.iterdir()]


def test_the_shell_offers_folders_of_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "results" / "cart_first" / "20260101-000000-a").mkdir(parents=True)
    (tmp_path / "results" / "other").mkdir()
    (tmp_path / "results" / "file").write_text("")
    monkeypatch.chdir(tmp_path)
    assert complete_result("") == ["results/cart_first", "results/other"]
    assert complete_result("results/c") == ["results/cart_first"]
    assert complete_result("results/cart_first/") == ["results/cart_first/20260101-000000-a"]
    assert complete_result("nowhere/x") == []


@pytest.mark.parametrize(
    "words",
    [["run", "few_a.yaml"], ["compare", "few_a.yaml", "few_b.yaml"], ["sweep", "small.yaml"]],
)
def test_commands_make_the_same_page_that_is_made_of_their_folder(
    words: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(GRID)
    printed = said(*words, *FEW, "--report")
    (path,) = Path("results").rglob("report.html")
    assert f"Report: {path}" in printed
    assert path.read_text(encoding="utf-8") == page(read([path.parent]))
    assert "report.html" in (path.parent / "README.txt").read_text(encoding="utf-8")


def test_a_page_made_with_the_figures_is_the_page_that_is_drawn_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(GRID)
    said("run", "few_a.yaml", *FEW[:-1], "--report")
    (path,) = Path("results").rglob("report.html")
    assert [*path.parent.glob("figures/*.svg")]
    assert path.read_text(encoding="utf-8") == page(read([path.parent]))


def test_without_being_asked_no_page_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(GRID)
    assert "Report:" not in said("run", "few_a.yaml", *FEW)
    assert not [*Path("results").rglob("report.html")]
