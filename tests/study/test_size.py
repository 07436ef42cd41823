"""A study of kind size, from its file to its folder: the same whatever carried it out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from pathsim.cli import app
from pathsim.errors import InputError
from pathsim.inputs.resolve import resolve
from pathsim.study.execute import Stopped
from pathsim.study.size import Sized, promised, size, sizing_of
from pathsim.study.size_folder import keep
from pathsim.study.sizing.judging import Promise, Verdict, judged
from pathsim.study.store import Memory, Store
from pathsim.study.studies import study_asked
from tests.study.small_study import GRID, written

TEXT = """\
replications: 4
design:
  kind: size
  capacities:
    - {resource: ward_bed, from: 8, to: 16, step: 8, cost: 3}
    - {resource: slots/cilta-cel, from: 1, to: 2, every: 2 weeks}
  promises:
    - {outcome: "ward_bed, no place free", at_most: 25 %}
    - {outcome: "wait for slots/cilta-cel, median", at_most: 2 weeks}
  confidence: 80 %
  most_replications: 8
"""
NONE = TEXT.replace('ward_bed, no place free", at_most: 25 %', 'ward_bed, queue", at_most: 1e-9')


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def sized(text: str = TEXT, *, workers: int = 1, store: Store | Memory | None = None) -> Sized:
    return size(sizing_of(study_asked(written(text))), workers=workers, store=store)


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a folder but what says how it went."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != "run.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_a_point_changes_places_and_slots_and_how_often_slots_come() -> None:
    sizing = sizing_of(study_asked(written(TEXT)))
    assert sizing.changes((1, 1)) == {
        "centre.resources.ward_bed.places": 16,
        "centre.resources.slots/cilta-cel.allotments.amount": 2,
        "centre.resources.slots/cilta-cel.allotments.every": "14 days",
    }
    assert sizing.lattice.words((1, 1)) == "16 ward beds and 2 cilta-cel slots every 2 weeks"
    assert sizing.lattice.cost((1, 1)) == 3 * 16 + 2
    assert [promise.limit for promise in sizing.promises] == [25.0, 14.0]


def test_what_did_not_occur_is_none_lost_and_a_median_not_reached_is_no_choice_of_those() -> None:
    """Of four replications the second lost nobody, and had no median."""
    lost, median = "lost before infusion by death", "overall survival from arrival, median"
    rows = [(0, lost, 6.0, ""), (2, lost, 2.0, ""), (3, lost, 4.0, ""), (0, median, 20.0, ""),
            (1, median, float("nan"), "not reached in 1 of 1 replications"),
            (2, median, 19.0, ""), (3, median, 21.0, ""), (0, "wait", 1.0, "")]  # fmt: skip
    table = pd.DataFrame(rows, columns=["replication", "outcome", "value", "note"])
    promises = [Promise(lost, 9.0), Promise(median, 12.0, at_most=False), Promise("wait", 2.0)]
    found = promised([table], promises, range(4))
    assert found[:, 0].tolist() == [6.0, 0.0, 2.0, 4.0]
    assert np.isnan(found[:, 2]).tolist() == [False, True, True, True]
    verdicts = [judged(found[:, k], each, level=0.2) for k, each in enumerate(promises)]
    assert (verdicts[0].n, verdicts[0].mean) == (4, 3.0)
    assert verdicts[1].verdict == Verdict.NO_VALUE


def test_the_answer_is_the_same_for_one_worker_and_two_and_from_a_store() -> None:
    store = Store(Path("store"))
    first = keep(sized(store=store), Path("one"))
    again = sized(store=store)
    assert (again.carried.done, again.carried.found > 0) == (0, True)
    assert files(keep(again, Path("again"))) == files(first)
    assert files(keep(sized(workers=2), Path("two"))) == files(first)


def test_an_interruption_counts_what_every_look_has_kept() -> None:
    store, heard = Store(Path("store")), [0.0]

    def interrupt(by: float) -> None:
        heard[0] += by
        if heard[0] > 8:
            raise KeyboardInterrupt

    with pytest.raises(Stopped) as stopped:
        size(sizing_of(study_asked(written(TEXT))), workers=1, store=store, progress=interrupt)
    kept = len(store.entries())
    assert kept > 1
    assert str(stopped.value).startswith(f"Stopped: {kept} jobs are kept")


def test_the_folder_has_the_answer_as_a_scenario_and_tables_that_agree() -> None:
    done = sized()
    folder = keep(done, Path("out"))
    best = done.found.cheapest
    assert best is not None
    beds, slots = done.found.lattice.values(best)
    answer = resolve(folder / "answer.yaml").centre.resources
    allotments = answer["slots/cilta-cel"].allotments
    assert allotments is not None
    assert (answer["ward_bed"].places, allotments.amount) == (beds, slots)
    assert allotments.every.days == 14
    for name in ("evaluated", "capacities", "frontier", "effects"):
        read = pd.read_csv(folder / f"{name}.csv")
        stored = pd.read_parquet(folder / f"{name}.parquet")
        assert list(read.columns) == list(stored.columns)
        assert len(read) == len(stored)
    assert (folder / "figures" / "frontier.svg").is_file()


def test_the_study_that_is_kept_gives_the_same_answer() -> None:
    done = sized()
    folder = keep(done, Path("out"), pictures=False)
    again = size(sizing_of(study_asked(folder / "study.yaml")), workers=1)
    assert again.found.frontier == done.found.frontier
    assert again.found.seen.judged == done.found.seen.judged


def test_the_readme_speaks_of_every_column() -> None:
    folder = keep(sized(), Path("out"), pictures=False)
    said = (folder / "README.txt").read_text(encoding="utf-8")
    for path in folder.glob("*.parquet"):
        for column in pd.read_parquet(path).columns:
            bare = str(column).removeprefix("less_").removeprefix("more_")
            assert bare in said, column


def test_the_command_says_the_answer_first_and_how_to_run_it() -> None:
    path = written(TEXT)
    done = CliRunner().invoke(app, ["size", str(path), "--workers", "1", "--confidence", "70"])
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "ward beds and" in said
    assert "are enough" in said
    assert "With a confidence of 70 % no verdict is wrong" in said
    assert "pathsim run results/small/" in said


def test_a_search_is_shown_in_words_before_it_is_carried_out() -> None:
    done = CliRunner().invoke(app, ["show", str(written(TEXT))])
    assert done.exit_code == 0, done.output
    assert "ward beds" in done.output
    assert "Promised: " in done.output
    assert "Carry it out: pathsim size" in done.output


def test_the_command_says_that_no_capacity_will_do() -> None:
    done = CliRunner().invoke(app, ["size", str(written(NONE)), "--workers", "1", "--no-figures"])
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "No capacity looked at (up to 16 ward beds and 2 cilta-cel slots every 2 weeks)" in said
    assert not list(Path("results").glob("small/*/answer.yaml"))


def test_each_kind_of_study_has_its_own_command() -> None:
    with pytest.raises(InputError, match="carry it out by 'pathsim sweep'"):
        sizing_of(study_asked(written(GRID)))
    from pathsim.study.sweep import plan_of

    with pytest.raises(InputError, match="say: pathsim size"):
        plan_of(study_asked(written(TEXT)))
