"""Studies in the report: what was varied, what followed, how sure; from the folders alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from pathsim.errors import InputError
from pathsim.report import studies
from pathsim.report.page import page
from pathsim.report.shapes import Table
from pathsim.report.study_answers import ANSWERS
from pathsim.study.accounts import ACCOUNTS
from pathsim.study.folders import now
from pathsim.study.kept import Study, read
from pathsim.study.store import Memory
from pathsim.study.studies import study_asked
from pathsim.study.sweep import plan_of, sweep
from pathsim.study.sweep_folder import keep
from tests.study.small_study import SCENARIO

REFERENCE = Path(__file__).parents[2] / "results/reference/validation"

ONE_WAY = """\
study: which
title: Which field matters?
scenarios: [few_a.yaml]
replications: 2
outcomes: [time treated, days in hospital]
design:
  kind: one_way
  vary:
    - {path: centre.resources.cell_therapy_bed.places, name: beds, low: 5, high: 10, because: Ours.}
    - {path: accrual.rate, name: referrals, low: 2 per month, high: 12 per month}
"""
UNCERTAIN = """\
study: known
title: What is known?
scenarios: [few_a.yaml, few_b.yaml]
replications: 2
outcomes: [time treated]
design: {kind: uncertainty, sets: 3}
"""


def kept(text: str, place: Path) -> Path:
    """The folder of a study of small scenarios, with its figures."""
    for name, base in (("few_a", "cart_first"), ("few_b", "bispecific_first")):
        (place / f"{name}.yaml").write_text(SCENARIO.format(base=base), encoding="utf-8")
    path = place / "study.yaml"
    path.write_text(text, encoding="utf-8")
    plan, store = plan_of(study_asked(path)), Memory()
    return keep(plan, store, sweep(plan, store, workers=1), place, started=now()).folder


@pytest.fixture(scope="module")
def one_way(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kept(ONE_WAY, tmp_path_factory.mktemp("one_way"))


def told(folder: Path) -> studies.Told:
    found = studies.content(read([folder]))
    assert found is not None
    (only,) = found["studies"]
    assert isinstance(only, studies.Told)
    return only


def cells(table: Table) -> list[tuple[str, ...]]:
    return [each.cells for each in table.rows if not each.group]


def test_every_kind_of_study_has_an_answer_and_says_what_was_done() -> None:
    assert {*ACCOUNTS, "latin_hypercube", "sobol_sequence"} <= {*ANSWERS}
    assert {*ANSWERS} == {*studies.KINDS}


def test_a_tornado_says_which_field_moves_an_outcome_most_and_shows_each_figure(
    one_way: Path,
) -> None:
    found = told(one_way)
    assert found.title == "Which field matters?"
    tornado = pd.read_csv(one_way / "tornado.csv")
    mine = tornado[tornado["outcome"] == "time treated"]
    widest = mine.iloc[int(mine["swing"].abs().argmax())]["factor"]
    assert found.answer[0].startswith(f"Time treated hangs most on {widest}. From ")
    names = [figure.name for figure in found.figures]
    assert names == ["1-tornado_few_a_1", "1-tornado_few_a_2"]
    assert found.figures[0].title == "What moves time treated: few_a"
    assert found.varied is not None
    beds, referrals = cells(found.varied)
    assert beds == ("beds", "centre.resources.cell_therapy_bed.places", "10", "5, 10", "Ours.")
    assert referrals[2:4] == ("8 per month", "2, 12")


def test_a_grid_says_between_what_each_outcome_lies_and_shows_every_set(swept: Path) -> None:
    found = told(swept)
    results = pd.read_csv(swept / "results.csv")
    treated = results[results["outcome"] == "time treated"]["mean"]
    (words,) = [line for line in found.answer if "time treated" in line]
    assert f"{treated.min():.0f} days" in words or f"{treated.min():.1f} days" in words
    (table,) = found.tables
    assert [row[:2] for row in cells(table)] == [("5", "12"), ("10", "12")]
    assert table.row_heads == 2


def test_what_is_not_known_is_told_apart_from_chance_and_says_whether_it_decides(
    tmp_path: Path,
) -> None:
    folder = kept(UNCERTAIN, tmp_path)
    found = told(folder)
    table = pd.read_csv(folder / "uncertainty.csv")
    (difference,) = table[table["minus"].notna()].to_dict("records")
    (words,) = found.answer
    if "hidden" in str(difference["note"]):
        assert words.endswith("the difference between few_b and few_a.")
    else:
        sure = difference["low"] > 0 or difference["high"] < 0
        assert ("tells them apart" in words) == sure
    assert [row[0] for row in cells(found.tables[0])] == ["few_a", "few_b", "few_b minus few_a"]
    assert found.varied is None, "so many numbers are not told one by one"


def test_a_validation_counts_what_is_inside_by_what_it_rests_on() -> None:
    record = json.loads((REFERENCE / "run.json").read_text(encoding="utf-8"))
    found = studies.told(Study("validate", "validation", REFERENCE, record))
    table = pd.read_parquet(REFERENCE / "targets.parquet")
    judged = table[table["role"] != "reported"]
    assert found.answer[0].startswith(f"{judged['inside'].sum()} of {len(judged)} published")
    shown = {row[0]: row[1] for row in cells(found.tables[0])}
    assert sum(int(inside.split(" of ")[1]) for inside in shown.values()) == len(judged)
    assert [figure.name for figure in found.figures] == ["calibration", "survival"]


@pytest.mark.parametrize("spoiled", ["tornado.parquet", "design.parquet"])
def test_a_table_of_a_study_that_cannot_be_read_is_told(
    one_way: Path, tmp_path: Path, spoiled: str
) -> None:
    folder = Path(shutil.copytree(one_way, tmp_path / "spoiled"))
    (folder / spoiled).write_text("no table")
    with pytest.raises(InputError, match=rf"{spoiled}  not a table that can be read"):
        page(read([folder]))


def test_a_search_without_its_words_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"answer\.txt  cannot be read"):
        studies.told(Study("size", "beds", tmp_path, {}))


def test_a_page_of_a_study_alone_is_whole(one_way: Path) -> None:
    html = page(read([one_way]))
    assert "Which field matters?" in html
    assert html.partition('<section id="evidence"')[0].count("<img ") == 2


def test_a_study_without_figures_is_told_in_words(one_way: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(one_way, bare, ignore=shutil.ignore_patterns("figures"))
    found = told(bare)
    assert found.figures == ()
    assert found.answer
