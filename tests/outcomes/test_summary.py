"""Means, intervals, paired differences, and the tables as written."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pathsim.outcomes.catalogue import Mark, Marking, Pool
from pathsim.outcomes.folds import Measured, Measuring, measure
from pathsim.outcomes.intervals import t_interval, wilson_interval
from pathsim.outcomes.summary import differences, headlines, summary
from pathsim.outcomes.written import as_text, first_line, read_csv, write_csv

MARKS = Marking(
    (
        Mark("queue", phase="waiting", setting="home", treated=False, requests={"bed": 1}),
        Mark("on", "tec", "weekly", "ward", True, holds={"bed": 1}, tags=["first_dose", "line"],
             uses={"dose": 2}),
        Mark("dead", phase="dead", tags=["dead"], ends=True),
    ),
    (Pool("bed"),),
)  # fmt: skip


def log_of(lives, replication=0):
    """One line a patient: number, day of arrival, wait, days treated, "dies" or "lives"."""
    lines = []
    for number, day, wait, treated, end in lives:
        who = f"{replication} {number}"
        lines += [f"{who} {day} arrive 0 - arrival people", f"{who} {day} enter 0 queue arrival -"]
        lines += [f"{who} {day + wait} enter 0 on bed -"]
        last = day + wait + treated
        lines += [f"{who} {last} end 0 dead die -"] if end == "dies" else []
        lines += [f"{who} 100 censor 0 on horizon -"] if end == "lives" else []
    return "\n".join(lines)


@pytest.fixture
def measured(write):
    def of(*replications) -> Measured:
        text = "\n".join(log_of(lives, k) for k, lives in enumerate(replications))
        beds = "\n".join(f"{k} 0 bed capacity 4 0" for k in range(len(replications)))
        return measure(write(text, horizon=100.0, capacity=beds), MARKS)

    return of


def row(table, outcome, strategy=None):
    mine = table[table["outcome"] == outcome]
    mine = mine if strategy is None else mine[mine["strategy"] == strategy]
    (found,) = mine.to_dict("records")
    return found


def test_an_interval_is_students():
    found = t_interval([1.0, 2.0, 3.0, 4.0])
    half = 3.182446 * math.sqrt(5 / 3) / 2
    assert found.mean == 2.5
    assert (found.low, found.high) == pytest.approx((2.5 - half, 2.5 + half))


def test_what_is_not_known_is_not_counted():
    assert t_interval([1.0, math.nan, 3.0]).n == 2
    assert math.isnan(t_interval([]).mean)
    assert t_interval([5.0])[0] == 5.0
    assert math.isnan(t_interval([5.0]).low)


def test_intervals_cover_the_truth_in_93_to_97_of_100_experiments():
    """R3: 1,000 experiments of 20 replications of 50 patients of exponential lives; seed 20250."""
    lives = np.random.default_rng(20250).exponential(3.0, size=(1000, 20, 50))
    found = [t_interval(each.mean(axis=1)) for each in lives]
    covered = np.mean([f.low <= 3.0 <= f.high for f in found])
    assert 0.93 <= covered <= 0.97


def test_clipping_to_what_can_be_loses_no_coverage():
    """R3 near the edge: 1,000 experiments of 5 replications of 50 patients, share 4 %."""
    shares = np.random.default_rng(20251).binomial(50, 0.04, size=(1000, 5)) / 50 * 100
    free = [t_interval(each) for each in shares]
    clipped = [f.within(0, 100) for f in free]
    covered = [[f.low <= 4.0 <= f.high for f in found] for found in (free, clipped)]
    assert covered[0] == covered[1]
    assert 0.93 <= np.mean(covered[1]) <= 0.97
    assert min(f.low for f in free) < 0 <= min(f.low for f in clipped)


def test_an_interval_of_a_share_over_patients_is_wilsons():
    """Newcombe, Stat Med 1998;17:857-872, table I: 81 of 263 gives 0.2553 to 0.3662."""
    found = wilson_interval([100.0] * 81 + [0.0] * 182, whole=100.0)
    assert found.low == pytest.approx(25.53, abs=0.01)
    assert found.high == pytest.approx(36.62, abs=0.01)
    none = wilson_interval([0.0] * 20)
    assert (none.mean, none.low) == (0, 0)
    assert none.high == pytest.approx(0.1611, abs=1e-4)


def test_a_share_over_patients_is_covered_in_93_to_97_of_100_experiments():
    """R3 for one replication: 2,000 experiments of 120 patients, share 15 %."""
    drawn = np.random.default_rng(20252).random((2000, 120)) < 0.15
    found = [wilson_interval(each) for each in drawn]
    covered = np.mean([f.low <= 0.15 <= f.high for f in found])
    assert 0.93 <= covered <= 0.97


def test_no_interval_leaves_what_can_be(measured):
    lives = [
        [(k, 0, 5, 10 + k, "dies"), (k + 9, 0, 5, 95, "lives")][: 1 + k % 2] for k in (1, 2, 3)
    ]
    table = summary({"a": measured(*lives)})
    shares = table[table["unit"].str.startswith("%")]
    assert (table["low"].dropna() >= 0).all()
    assert (shares["high"].dropna() <= 100).all()


def test_a_mean_is_over_replications_and_each_replication_counts_once(measured):
    one = measured([(1, 0, 5, 10, "dies"), (2, 0, 5, 30, "dies")], [(1, 0, 5, 40, "dies")])
    found = row(summary({"a": one}), "time treated")
    assert found["mean"] == (20 + 40) / 2
    assert (found["interval"], found["n_replications"], found["n_patients"]) == (
        "replications", 2, 3,
    )  # fmt: skip


def test_one_replication_gives_intervals_over_patients_where_there_can_be_one(measured):
    table = summary({"a": measured([(1, 0, 5, 10, "dies"), (2, 0, 5, 30, "dies")])})
    treated, queue = row(table, "time treated"), row(table, "bed, queue")
    assert (treated["mean"], treated["interval"]) == (20, "patients")
    assert (treated["low"], treated["high"]) == (0, pytest.approx(20 + 12.706205 * 10))
    assert (queue["mean"], queue["interval"]) == (0.1, "none")
    assert math.isnan(queue["low"])


def test_waits_occupancy_and_use_are_read_for_each_replication(measured):
    table = summary({"a": measured([(1, 0, 5, 10, "dies"), (2, 0, 15, 30, "dies")])})
    assert row(table, "wait for bed, mean")["mean"] == 10
    assert row(table, "wait for bed, 90th centile")["mean"] == pytest.approx(14)
    assert row(table, "bed, occupancy")["mean"] == pytest.approx(100 * 40 / 400)
    assert row(table, "dose used")["mean"] == 200
    assert row(table, "days in setting ward")["mean"] == 2000


def test_survival_within_the_horizon_is_read_by_replication(measured):
    table = summary({"a": measured([(1, 0, 5, 10, "dies"), (2, 0, 5, 30, "dies")])})
    assert row(table, "overall survival from arrival, median")["mean"] == pytest.approx(
        15 / 30.4375
    )
    alive = summary({"a": measured([(1, 0, 5, 95, "lives")])})
    assert math.isnan(row(alive, "overall survival from arrival, median")["mean"])
    note = row(alive, "overall survival from arrival, median")["note"]
    assert note == "not reached in 1 of 1 replications"


def test_differences_are_paired_by_patient(measured):
    a = measured([(1, 0, 5, 10, "dies"), (2, 0, 5, 30, "dies")], [(1, 0, 5, 40, "dies")])
    b = measured([(1, 0, 5, 14, "dies"), (2, 0, 5, 32, "dies")], [(1, 0, 5, 45, "dies")])
    found = row(differences({"a": a, "b": b}), "time treated", "b minus a")
    assert found["mean"] == (3 + 5) / 2
    assert found["n_patients"] == 3
    half = 12.706205 * math.sqrt(2) / math.sqrt(2)
    assert found["high"] - found["mean"] == pytest.approx(half)


def test_a_patient_under_one_strategy_alone_makes_no_pair(measured):
    a = measured([(1, 0, 5, 10, "dies"), (2, 0, 5, 30, "dies")])
    b = measured([(1, 0, 5, 14, "dies"), (3, 0, 5, 99, "dies")])
    found = row(differences({"a": a, "b": b}), "time treated")
    assert (found["mean"], found["n_patients"]) == (4, 1)


def test_every_table_begins_with_what_was_run(measured, tmp_path: Path):
    table = summary({"a": measured([(1, 0, 5, 10, "dies")], [(1, 0, 5, 12, "dies")])})
    header = first_line(horizon=100, accrual="1 a day", day_0="the service is empty",
                        off_label=2, rules=["early"],
                        evidence={"trial": 0.6, "assumption": 0.4, "expert": 0.002})  # fmt: skip
    write_csv(table, tmp_path / "t.csv", header=header)
    top = (tmp_path / "t.csv").read_text().splitlines()[0]
    assert top == (
        "# Horizon 100 days (0.3 years); accrual 1 a day; on day 0 the service is empty; "
        "OFF LABEL: 2 therapies by rule early; numbers by kind: trial 60 %, assumption 40 %, "
        "expert under 1 %"
    )
    again = read_csv(tmp_path / "t.csv")
    pd.testing.assert_series_equal(again["mean"], table["mean"])
    text = as_text(table, header=header).splitlines()
    assert text[0] == top
    assert text[-1].startswith("# Means of 2 replications")
    assert "time treated [days]" in "\n".join(text)
    treated = next(line for line in text if line.startswith("time treated [days]"))
    assert treated.split(maxsplit=3)[3] == "11.0 (0.0 to 23.7)"


def test_values_of_one_row_have_the_same_decimals(measured):
    a = measured([(1, 0, 5, 10, "dies")], [(1, 0, 5, 12, "dies")])
    b = measured([(1, 0, 5, 2, "dies")], [(1, 0, 5, 3, "dies")])
    text = as_text(summary({"a": a, "b": b}), header="h")
    line = next(line for line in text.splitlines() if line.startswith("time treated [days]"))
    assert "11.0 (0.0 to 23.7)" in line
    assert "2.5 (0.0 to 8.9)" in line


def test_of_the_referred_some_are_infused_and_some_lost_by_a_cause(write):
    marks = Marking(
        (
            Mark("referred", "car", "work_up", "home", False, tags=["referred"]),
            Mark("given", "car", "infusion", "bed", True, tags=["infused", "line"]),
            Mark("dead", phase="dead", tags=["dead", "background_death"], ends=True),
        )
    )
    log = write("""
        0 1 0 arrive 0 -        arrival people
        0 1 0 enter  0 referred arrival -
        0 1 9 enter  0 given    made    -
        0 1 9 end    0 dead     old_age -
        0 2 0 arrive 0 -        arrival people
        0 2 0 enter  0 referred arrival -
        0 2 4 end    0 dead     old_age -
        0 3 0 arrive 0 -        arrival people
        0 3 0 enter  0 given    arrival -
        0 3 9 censor 0 given    horizon -
    """)
    table = summary({"a": measure(log, marks)})
    assert row(table, "referred for infusion")["mean"] == pytest.approx(200 / 3)
    assert row(table, "infused")["mean"] == row(table, "lost before infusion")["mean"] == 50
    assert row(table, "on the way to infusion at the end")["mean"] == 0
    assert row(table, "lost before infusion by old_age")["mean"] == 50
    assert row(table, "lost before infusion by old_age")["n_patients"] == 2
    assert row(table, "decision to infusion, median")["mean"] == 9
    assert row(table, "died of other causes, as people of this age and sex do")[
        "mean"
    ] == pytest.approx(200 / 3)


def test_a_short_table_leaves_out_details_and_what_never_happens(measured):
    names = set(headlines(summary({"a": measured([(1, 0, 5, 10, "dies")])})))
    assert {"began tec", "time treated", "days in hospital"} <= names
    assert not names & {"time treated with tec", "entries off label"}


@pytest.mark.parametrize("stream", ["other_users", "people"])
def test_a_log_without_patients_of_ours_gives_a_table_of_what_is_not_known(write, stream):
    log = write(
        f"""
        0 1 0 arrive 0 -     arrival {stream}
        0 1 0 enter  0 queue arrival -
        0 1 2 enter  0 on    bed     -
        0 1 9 censor 0 on    horizon -
        """,
        horizon=9.0,
        capacity="0 0 bed capacity 1 0",
    )
    table = summary({"a": measure(log, MARKS)})
    assert math.isnan(row(table, "time treated")["mean"]) == (stream == "other_users")
    assert row(table, "bed, occupancy")["mean"] == pytest.approx(100 * 7 / 9)
    assert "time treated [days]" in as_text(table, header="h")


def test_bed_days_of_the_infused_are_those_under_their_therapy(write):
    marks = Marking(
        (
            Mark("referred", "car", "work_up", "home", False, tags=["referred"]),
            Mark("given", "car", "infusion", "bed", True, {"infusion": 1}, tags=["infused", "line"],
                 holds={"car_bed": 1}),
            Mark("well", "car", "remission", "home", False, holds={"clinic": 1}),
            Mark("ill", setting="ward", holds={"ward_bed": 1}),
            Mark("next", "tec", "step_up", "ward", True, tags=["line"],
                 holds={"ward_bed": 1, "clinic": 1}),
        ),
        (Pool("car_bed"), Pool("ward_bed"), Pool("clinic")),
    )  # fmt: skip
    log = write("""
        0 1 0  arrive 0 -        arrival  people
        0 1 0  enter  0 referred arrival  -
        0 1 9  enter  0 given    car_bed  -
        0 1 20 enter  0 well     stay     -
        0 1 30 detour 1 ill      infect   infection
        0 1 34 return 0 well     better   -
        0 1 50 enter  0 next     progress -
        0 1 60 censor 0 next     horizon  -
        0 2 0  arrive 0 -        arrival  people
        0 2 0  enter  0 referred arrival  -
        0 2 60 censor 0 referred horizon  -
    """)
    table = summary({"a": measure(log, marks)})
    assert row(table, "car_bed days per infused patient")["mean"] == 11
    assert row(table, "ward_bed days per infused patient")["mean"] == 4
    assert "clinic days per infused patient" not in set(table["outcome"])
    assert row(table, "on the way to infusion at the end")["mean"] == 50


def test_the_busiest_year_is_the_fullest_whole_one(write):
    log = write("""
        0 1 0   arrive 0 -     arrival people
        0 1 0   enter  0 queue arrival -
        0 1 400 enter  0 on    bed     -
        0 1 800 censor 0 on    horizon -
    """, horizon=800.0, capacity="0 0 bed capacity 2 0")  # fmt: skip
    table = summary({"a": measure(log, MARKS)})
    busiest = row(table, "bed, occupancy in the busiest year")["mean"]
    assert busiest == pytest.approx(50 * (731 - 400) / 365, rel=0.01)
    assert row(table, "bed, occupancy")["mean"] == pytest.approx(25)
    assert row(table, "bed, no place free")["mean"] == 0


def test_of_the_infused_means_are_compared_for_they_are_not_the_same_patients(write):
    marks = Marking(
        (
            Mark("referred", "car", "work_up", "home", False, tags=["referred"]),
            Mark("given", "car", "infusion", "bed", True, tags=["infused", "line"]),
            Mark("dead", phase="dead", tags=["dead"], ends=True),
        )
    )

    def log(*infused: int):
        lines = []
        for patient in range(4):
            lines += [f"0 {patient} 0 arrive 0 - arrival people"]
            lines += [f"0 {patient} 0 enter 0 referred arrival -"]
            lines += [f"0 {patient} {9 + patient} enter 0 given made -"] * (patient in infused)
            lines += [f"0 {patient} 50 end 0 dead die -"]
        return measure(write("\n".join(lines)), marks)

    table = differences({"a": log(0, 1), "b": log(1, 2, 3)})
    found = row(table, "decision to infusion, mean")
    assert found["mean"] == 11 - 9.5
    assert found["note"] == "not the same patients under each"
    assert row(table, "infused")["mean"] == 25


def test_of_tables_that_were_not_made_nothing_is_told(write):
    lives = log_of([(1, 0, 5, 10, "dies"), (2, 0, 15, 30, "dies")])
    log = write(lives, horizon=100.0, capacity="0 0 bed capacity 4 0")
    whole = summary({"a": measure(log, MARKS)})
    for tables, group in (
        (("patients",), "patients"),
        (("waits",), "waits"),
        (("daily",), "resources"),
    ):
        found = summary({"a": Measuring(MARKS, tables=tables).add(log).finish()})
        told = whole[whole["group"] == group].reset_index(drop=True)
        mine = found[found["group"] == group].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, told, check_exact=True)
        assert set(found["group"]) <= {group, "survival"}
