"""The examples print what their docstrings promise, and what they print agrees with closed forms.

Each runs as a script would; the comparisons with closed forms run the examples' own models in 40
replications, seeds chosen before the first run, and pass within 4 standard errors. A right
simulation fails one of the 11 comparisons with probability .00027: .3 % for all.
"""

import runpy
from pathlib import Path

import pandas as pd
import pytest

from examples import bed_model, illness_death, queue_with_reneging
from pathsim import Exponential, Log, simulate
from tests.theory.measure import agree, replicated
from tests.theory.models import cohort

EXAMPLES = Path(__file__).parent.parent / "examples"


def by_replication(log: Log) -> list[Log]:
    """The log of each replication on its own."""
    return [
        Log(
            log.log[log.log["replication"] == n],
            log.patients[log.patients["replication"] == n],
            log.capacity[log.capacity["replication"] == n],
            log.horizon,
        )
        for n in log.log["replication"].unique()
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("queue_with_reneging", ["served", "left", "mean_wait_hours", "share"]),
        ("illness_death", ["healthy", "ill", "dead", "12.0", "24.0", "60.0"]),
        ("bed_model", ["before", "closure", "after", "wait_days", "beds_held"]),
    ],
)
def test_an_example_runs_and_prints_a_small_table(
    name: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
    printed = capsys.readouterr().out
    assert all(word in printed for word in words)
    assert 3 <= len(printed.splitlines()) <= 8
    assert "NaN" not in printed


def test_there_are_three_examples_and_all_are_run_here() -> None:
    assert {p.stem for p in EXAMPLES.glob("*.py")} == {
        "queue_with_reneging", "illness_death", "bed_model",
    }  # fmt: skip


def test_the_queue_loses_the_share_that_erlang_a_says() -> None:
    def share_left(log: Log) -> pd.DataFrame:
        tables = [queue_with_reneging.measured(own) for own in by_replication(log)]
        return pd.DataFrame({"left": [t.loc["left", "share"] for t in tables]})

    figures = replicated(queue_with_reneging.queue, share_left, horizon=800.0, case=200)
    agree(figures["left"], 0.297814)


def test_the_ill_and_the_dead_are_as_many_as_numerical_integration_says() -> None:
    expected = {
        12.0: (0.453529, 0.241663, 1 - 0.695192),
        24.0: (0.174137, 0.204611, 1 - 0.378748),
        60.0: (0.005678, 0.014907, 1 - 0.020585),
    }

    def shares(log: Log) -> pd.DataFrame:
        tables = [illness_death.occupied(own, list(expected)) for own in by_replication(log)]
        return pd.DataFrame([t.to_numpy().ravel() for t in tables]).fillna(0.0)

    service = cohort(illness_death.people, 400)
    figures = replicated(service, shares, horizon=60.0, case=201)
    wanted = [share for row in expected.values() for share in row]
    for column, share in zip(figures, wanted, strict=True):
        agree(figures[column], share, within=0.1 if share > 0.1 else None)


def held_in_period(log: Log) -> pd.DataFrame:
    tables = [bed_model.measured(own) for own in by_replication(log)]
    return pd.DataFrame({"held": [t.loc["before", "beds_held"] for t in tables],
                         "wait": [t.loc["before", "wait_days"] for t in tables]})  # fmt: skip


def test_with_beds_to_spare_the_ward_holds_arrivals_times_the_stay_with_its_interruptions() -> None:
    """.6 a day, 5 days of recovery, each with a tenth of a visit of 4 days to intensive care."""
    ward = bed_model.ward(stay=Exponential(mean=5.0), deterioration=0.1, beds=40, closed=())
    figures = replicated(ward, held_in_period, horizon=360.0, case=202)
    agree(figures["held"], 0.6 * 5.0 * (1.0 + 0.1 * 4.0), within=0.1)
    assert figures["wait"].max() == 0.0


def test_nobody_is_admitted_on_a_weekend_but_some_go_to_intensive_care() -> None:
    log = simulate(bed_model.ward(), horizon=360.0, seed=1).log
    last_weekday = (log["time"] // 1.0 % 7).groupby(log["cause"].astype(str)).max()
    assert last_weekday["ward_bed"] == 4
    assert last_weekday["icu_bed"] > 4


def test_beds_that_close_lengthen_the_wait() -> None:
    def waits(log: Log) -> pd.DataFrame:
        tables = [bed_model.measured(own)["wait_days"] for own in by_replication(log)]
        return pd.DataFrame(tables)

    figures = replicated(bed_model.ward(), waits, horizon=360.0, case=204)
    assert figures["closure"].mean() > 2.0 * figures["before"].mean() > 0.5
