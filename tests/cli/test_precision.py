"""Replications added to a study: by the rule, from the store, told and kept."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from pathsim.cli import app
from pathsim.errors import InputError
from pathsim.outcomes.intervals import two_stage_interval
from pathsim.outcomes.named import outcomes
from pathsim.outcomes.outcome import per_replication
from pathsim.study import run as running
from pathsim.study.compare import compare
from pathsim.study.plan import Model
from pathsim.study.precision import Reached
from pathsim.study.run import Ran, run_all
from pathsim.study.store import Store
from pathsim.study.wishes import precision
from tests.cli.small_service import BISPECIFIC, small_service

TREATED = "time treated"
CART, OTHER = "car t first", "bispecific first"


def model(name: str = CART, **which: object) -> Model:
    return Model(name, small_service(**which), 500.0)  # type: ignore[arg-type]


def run(*texts: str, first: int = 10, most: int = 400, **which: Any) -> Ran:
    (ran,) = run_all([model()], seed=3, replications=first, workers=1,
                     precision=precision(texts, most=most), **which)  # fmt: skip
    return ran


def reached(ran: Ran) -> Reached:
    assert ran.reached is not None
    return ran.reached


def values(ran: Ran, outcome: str) -> np.ndarray:
    (found,) = (each for each in outcomes(ran.measured) if each.name == outcome)
    return np.asarray(per_replication([found])[0])


def row(table, outcome: str, strategy: str):
    (found,) = table[(table["outcome"] == outcome) & (table["strategy"] == strategy)].to_dict(
        "records"
    )
    return found


@pytest.fixture(scope="module")
def ran() -> Ran:
    return run(f"{TREATED}: 2.5 days")


def test_replications_are_added_until_the_interval_is_as_narrow_as_asked(ran: Ran) -> None:
    found = row(ran.outcomes(), TREATED, CART)
    assert 10 < ran.replications < 400
    assert found["n_replications"] == ran.replications
    assert (found["high"] - found["low"]) / 2 <= 2.5 * (1 + 1e-9)
    assert reached(ran).met[0].verdict == "narrow"


def test_the_interval_of_the_table_is_that_of_the_rule_and_says_so(ran: Ran) -> None:
    found = row(ran.outcomes(), TREATED, CART)
    by_rule = two_stage_interval(values(ran, TREATED), 10)
    assert (found["low"], found["high"]) == (by_rule.low, by_rule.high)
    assert f"in two stages: 10 replications, then {ran.replications - 10}" in found["note"]
    assert "two stages" not in row(ran.outcomes(), "days in hospital", CART)["note"]


def test_added_replications_are_those_that_so_many_would_have_been(ran: Ran) -> None:
    (plain,) = run_all([model()], seed=3, replications=ran.replications, workers=1)
    assert values(plain, TREATED) == pytest.approx(values(ran, TREATED), abs=0)


def test_two_processes_add_the_same(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "processes", lambda *_, **__: 2)
    monkeypatch.setattr(running, "block", lambda *_: 4)
    other = run(f"{TREATED}: 2.5")
    assert other.carried.done > 3
    assert values(other, TREATED) == pytest.approx(values(ran, TREATED), abs=0)
    assert reached(other).words() == reached(ran).words()


def test_nothing_is_simulated_twice(tmp_path: Path, ran: Ran) -> None:
    carried = run(f"{TREATED}: 2.5", store=Store(tmp_path)).carried
    again = run(f"{TREATED}: 2.5", store=Store(tmp_path)).carried
    assert carried.found == 0
    assert (again.done, again.found) == (0, carried.done)


def test_the_limit_ends_it_and_is_told() -> None:
    ran = run(f"{TREATED}: 0.1", most=25)
    assert ran.replications == 25
    assert "NOT EVERY INTERVAL IS AS NARROW AS ASKED" in reached(ran).words()[0]


def test_progress_hears_of_what_is_added(ran: Ran) -> None:
    added, done = list[float](), list[float]()
    run(f"{TREATED}: 2.5", more=added.append, progress=done.append)
    assert sum(added) == ran.replications - 10
    assert sum(done) == pytest.approx(ran.replications)


def test_a_median_that_is_not_reached_promises_nothing() -> None:
    short = Model("short", small_service(), 60.0)
    asked = precision(["overall survival from arrival, median: 1", f"{TREATED}: 50"])
    (ran,) = run_all([short], seed=3, replications=10, workers=1, precision=asked)
    assert ran.replications == 10
    assert [met.verdict for met in reached(ran).met] == ["undefined", "narrow"]


def test_names_and_units_are_looked_at_together() -> None:
    with pytest.raises(InputError) as told:
        run("time treatd: 1", "days at home: 1 months", "died: 1 %")
    first, second = told.value.problems
    assert "did you mean 'time treated'?" in first.remedy
    assert second.remedy == "write it in days"


def test_a_comparison_asks_for_means_of_each_and_for_paired_differences() -> None:
    models = [model(), model(OTHER, first=BISPECIFIC)]
    done = compare(models, seed=3, replications=10, workers=1,
                   precision=precision([f"difference: {TREATED}: 4", "died: 3"], most=300,
                                       compared=True))  # fmt: skip
    n = done.runs[0].replications
    assert 10 < n < 300
    between = row(done.differences(), TREATED, f"{OTHER} minus {CART}")
    assert between["n_replications"] == n
    assert (between["high"] - between["low"]) / 2 <= 4 * (1 + 1e-9)
    assert "two stages" in between["note"]
    assert "two stages" not in row(done.outcomes(), TREATED, CART)["note"]
    for name in (CART, OTHER):
        died = row(done.outcomes(), "died", name)
        assert "two stages" in died["note"]
        assert (died["high"] - died["low"]) / 2 <= 3 * (1 + 1e-9)
    assert [each["strategy"] for each in done.record()["precision"]["outcomes"]] == [
        f"{OTHER} minus {CART}", CART, OTHER,
    ]  # fmt: skip


def test_what_was_done_is_in_the_record(tmp_path: Path, ran: Ran) -> None:
    folder = running.keep(ran, tmp_path, pictures=False)
    said = json.loads((folder / "run.json").read_text())["precision"]
    assert said["first_replications"] == 10
    assert said["outcomes"][0]["asked"] == "2.5 days"
    assert said["outcomes"][0]["half_width"] <= 2.5


def pathsim(*words: str):
    return CliRunner().invoke(app, [*words, "--quiet", "--no-figures"])


def test_the_command_line_says_what_it_did(tmp_path: Path) -> None:
    said = pathsim("run", "cart_first", "--patients", "20", "--replications", "10", "--precision",
                   "time treated: 30 days", "--most-replications", "60",
                   "--out", str(tmp_path))  # fmt: skip
    assert said.exit_code == 0, said.output
    assert "10 at first" in said.output
    assert "cart_first, time treated: ± " in said.output


def test_most_replications_without_a_precision_is_refused(tmp_path: Path) -> None:
    said = pathsim("run", "cart_first", "--most-replications", "60", "--out", str(tmp_path))
    assert said.exit_code == 2
