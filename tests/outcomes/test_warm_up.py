"""What counts after a warm-up: patients who arrive after it, and what resources do after it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd
import pytest

from pathsim.engine.simulate import simulate
from pathsim.events import Log
from pathsim.outcomes.catalogue import Marking, marking
from pathsim.outcomes.folds import Measured, Measuring, measure
from pathsim.outcomes.named import outcomes
from pathsim.outcomes.summary import differences
from pathsim.outcomes.written import first_line
from pathsim.pathway.service import Service
from pathsim.study.by_name import by_name
from tests.outcomes.test_folds import ward

DAY = 100.0
HORIZON = 300.5
SERVICE = ward()


def simulated(service: Service = SERVICE, seed: int = 11) -> Log:
    return simulate(service, horizon=HORIZON, seed=seed, replications=4)


LOG = simulated()


def marks(warm_up: float = DAY) -> Marking:
    return marking(SERVICE, warm_up=warm_up)


WHOLE, COUNTED = measure(LOG, marks(0.0)), measure(LOG, marks())


def named(measured: Measured) -> dict[str, pd.Series]:
    return {outcome.name: outcome.values for outcome in outcomes(measured)}


def test_patients_are_those_who_arrive_after_it_each_as_in_the_whole_run() -> None:
    late = WHOLE.patients[WHOLE.patients["arrival"] >= DAY].reset_index(drop=True)
    assert 0 < len(late) < len(WHOLE.patients)
    words = late.select_dtypes("category").columns
    told, own = (table.astype(dict.fromkeys(words, str)) for table in (COUNTED.patients, late))
    pd.testing.assert_frame_equal(told, own)


def test_waits_are_those_of_requests_made_after_it_by_whomever() -> None:
    late = WHOLE.waits[WHOLE.waits["from"] >= DAY]
    assert len(COUNTED.waits) == len(late) < len(WHOLE.waits)
    early = WHOLE.patients[WHOLE.patients["arrival"] < DAY]["patient"]
    assert COUNTED.waits["patient"].isin(early).any()


def test_use_is_that_of_the_patients_who_count() -> None:
    arrived = LOG.log[LOG.log["kind"].eq("arrive") & LOG.log["time"].ge(DAY)]
    late = pd.MultiIndex.from_frame(arrived[["replication", "patient"]])
    mine = pd.MultiIndex.from_frame(LOG.log[["replication", "patient"]]).isin(late)
    theirs = Log(LOG.log[mine].reset_index(drop=True), LOG.patients, LOG.capacity, LOG.horizon)
    pd.testing.assert_frame_equal(COUNTED.use, measure(theirs, marks(0.0)).use)


def test_occupancy_and_queues_are_those_of_the_days_after_it() -> None:
    days = WHOLE.daily[WHOLE.daily["day"].ge(DAY) & WHOLE.daily["resource"].eq("bed")]
    means = days.groupby("replication")[["held_mean", "capacity_mean", "queue_mean"]].mean()
    share = 100 * means["held_mean"] / means["capacity_mean"]
    found = named(COUNTED)
    assert found["bed, occupancy"].tolist() == pytest.approx(share.tolist())
    assert found["bed, queue"].tolist() == pytest.approx(means["queue_mean"].tolist())
    assert found["bed, occupancy"].mean() > named(WHOLE)["bed, occupancy"].mean() + 5


def test_slots_are_those_released_after_it_by_the_year_that_is_left() -> None:
    late = WHOLE.stock[WHOLE.stock["time"] >= DAY]
    a_year = late.groupby("replication")["released"].sum() * 365.25 / (HORIZON - DAY)
    assert named(COUNTED)["slot, released"].tolist() == pytest.approx(a_year.tolist())


def test_days_and_presence_are_kept_of_the_whole_run_for_the_figures() -> None:
    pd.testing.assert_frame_equal(COUNTED.daily, WHOLE.daily)
    pd.testing.assert_frame_equal(COUNTED.present, WHOLE.present)


@pytest.mark.parametrize("kept", [["days", "outcome"], ["from"]])
def test_columns_may_be_chosen_without_the_one_that_dates_them(kept: list[str]) -> None:
    chosen = Measuring(marks(), tables=["waits"], columns={"waits": kept}).add(LOG).finish().waits
    pd.testing.assert_frame_equal(chosen, COUNTED.waits[kept])


def test_blocks_in_which_nobody_counts_change_nothing() -> None:
    early = (LOG.log["replication"].eq(0) & LOG.log["patient"].lt(10)).to_numpy()
    none = LOG.capacity.iloc[:0]
    measuring = Measuring(marks())
    for rows, capacity in ((early, none), (~early, LOG.capacity)):
        part = LOG.log[rows].reset_index(drop=True)
        measuring.add(Log(part, LOG.patients, capacity, HORIZON))
    cut = measuring.finish()
    for name in ("patients", "use", "waits", "stock"):
        pd.testing.assert_frame_equal(
            getattr(cut, name), getattr(COUNTED, name), check_categorical=False
        )


def test_no_warm_up_counts_everything() -> None:
    for name, table in vars(measure(LOG, marks(0.0))).items():
        if isinstance(table, pd.DataFrame):
            pd.testing.assert_frame_equal(table, getattr(WHOLE, name))


def test_where_nobody_arrives_after_it_the_resources_are_still_told() -> None:
    only = [SERVICE.streams[0].__class__(SERVICE.streams[0].pathway, SERVICE.streams[0].arrivals,
                                         patients=3)]  # fmt: skip
    few = Service(only, SERVICE.resources)
    found = named(measure(simulated(few), marking(few, warm_up=DAY)))
    assert found["bed, occupancy"].notna().all()
    assert not any(name.startswith("overall survival, ") for name in found)


def test_differences_are_still_paired_by_the_same_patients() -> None:
    table = differences({"one": COUNTED, "other": COUNTED})
    followed = table[table["outcome"].eq("time followed")].iloc[0]
    assert followed["n_patients"] == len(COUNTED.patients)
    assert followed["mean"] == followed["low"] == 0


def test_the_first_line_of_a_table_says_what_is_not_counted() -> None:
    told = partial(first_line, horizon=730.5, accrual="1 a day", day_0="the service is empty")
    line = told(warm_up=365.25)
    assert "WARM-UP 365.25 days (1.0 years), not counted" in line
    assert "WARM-UP" not in told()


def test_a_replication_in_which_nobody_counts_still_has_its_beds_by_name() -> None:
    nobody = Measuring(marking(SERVICE, warm_up=HORIZON - 1)).add(LOG).finish()
    first = nobody.patients["replication"].ne(0)
    table = by_name(replace(nobody, patients=nobody.patients[first].reset_index(drop=True)))
    beds = table[table["outcome"].eq("bed, occupancy")]
    assert beds["replication"].tolist() == [0, 1, 2, 3]
