"""What is cited is there, and what is there is cited; what is not can be pruned."""

from pathlib import Path

import pytest

from pathsim.inputs import citations
from pathsim.inputs.places import params_dir
from tools import prune_evidence

SOURCES = """\
# Every source once.

# --- One ---
kept-2020: {citation: "Kept 2020", read: "no"}
dropped-2021: {citation: "Dropped 2021", read: "no"}
long-2022:
  citation: "Long 2022"
  read: "no"
# --- Two ---
last-2023: {citation: "Last 2023", read: "no"}
"""
NUMBER = "rate: {value: 1, unit: per day, source: kept-2020, row: E0001, note: as in E0003}\n"


@pytest.fixture
def params(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small catalogue that cites one source and two rows."""
    folder = tmp_path / "params"
    folder.mkdir()
    (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (folder / "evidence.csv").write_text("id,value\nE0001,1\nE0002,2\nE0003,3\n", encoding="utf-8")
    (folder / "part.yaml").write_text(NUMBER, encoding="utf-8")
    monkeypatch.setattr(citations, "params_dir", lambda: folder)
    monkeypatch.setattr(citations, "scenarios_dir", lambda: tmp_path / "scenarios")
    return folder


def said(*, rows: bool = False) -> list[str]:
    return [str(problem) for problem in citations.citation_problems(rows=rows)]


def test_a_source_that_nothing_cites_is_told_at_its_line(params: Path) -> None:
    assert citations.unused_sources() == ["dropped-2021", "long-2022", "last-2023"]
    assert any("sources.yaml:5  dropped-2021  a source that nothing cites" in p for p in said())


def test_a_row_that_is_missing_is_told_where_it_is_cited(params: Path) -> None:
    (params / "part.yaml").write_text("# two lines\n" + NUMBER.replace("E0001", "E0009"))
    assert any("part.yaml:2  E0009  no such row of evidence" in p for p in said())


def test_rows_that_nothing_cites_are_told_when_asked_for(params: Path) -> None:
    assert not any("E0002" in p for p in said())
    assert any("rows that nothing cites: E0002" in p for p in said(rows=True))


def test_pruning_drops_them_and_keeps_order_and_comments(
    params: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prune_evidence.main(write=False)
    assert (params / "sources.yaml").read_text(encoding="utf-8") == SOURCES
    prune_evidence.main(write=True)
    kept = [line.split(":")[0] for line in (params / "sources.yaml").read_text().splitlines()]
    assert kept == ["# Every source once.", "", "# --- One ---", "kept-2020", "# --- Two ---"]
    assert (params / "evidence.csv").read_text() == "id,value\nE0001,1\nE0003,3\n"
    assert said(rows=True) == []


def test_every_row_of_the_catalogue_is_one_line_so_that_it_can_be_dropped() -> None:
    lines = (params_dir() / "evidence.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line[:5] for line in lines] == citations._rows()
