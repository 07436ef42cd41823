"""Waits, occupancy, use and allotments, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from pathsim.outcomes.catalogue import Mark, Marking, Pool
from pathsim.outcomes.resources import daily, monthly, use, wait_summary, waits
from pathsim.outcomes.stays import stays
from pathsim.outcomes.stock import stock

MARKS = Marking(
    (
        Mark("queue", requests={"bed": 1}),
        Mark("ill", setting="ward", requests={"bed": 1}),
        Mark("stay", setting="bed", holds={"bed": 1}, uses={"infusion": 1}, per_day={"visit": 0.5}),
        Mark("big", setting="bed", holds={"bed": 2}, requests={"chair": 1}),
        Mark("home", setting="home"),
        Mark("dead", ends=True),
    ),
    (Pool("bed"), Pool("chair")),
)

PEOPLE = """
0 1 0    arrive 0 -     arrival people
0 1 0    enter  0 queue arrival -
0 1 2    detour 1 ill   infect  infection
0 1 3.5  return 0 queue better  -
0 1 4    choice 0 fit   bed     yes
0 1 4    enter  0 stay  fit     -
0 1 6.5  enter  0 home  leave   -
0 1 10   censor 0 home  horizon -
0 2 1    arrive 0 -     arrival people
0 2 1    enter  0 queue arrival -
0 2 7    end    0 dead  die     -
0 3 6.5  arrive 0 -     arrival other_users
0 3 6.5  enter  0 queue arrival -
0 3 6.5  enter  0 stay  bed     -
0 3 10   censor 0 stay  horizon -
0 4 9    arrive 0 -     arrival people
0 4 9    enter  0 queue arrival -
0 4 10   censor 0 queue horizon -
"""
BED = "0 0 bed capacity 1 0\n0 8 bed capacity 0 0"


@pytest.fixture
def people(write):
    return write(PEOPLE, horizon=10.0, capacity=BED)


def test_a_request_runs_through_a_detour_that_lists_it_too_until_its_grant(people):
    first = waits(stays(people.log, MARKS), MARKS).iloc[0]
    assert (first["from"], first["to"], first["days"]) == (0, 4, 4)
    assert (first["outcome"], first["cause"], first["state"]) == ("granted", "bed", "queue")


def test_a_request_is_withdrawn_by_a_clock_or_waits_still_at_the_horizon(people):
    table = waits(stays(people.log, MARKS), MARKS)
    assert list(table["outcome"]) == ["granted", "withdrawn", "granted", "waiting"]
    assert list(table["cause"]) == ["bed", "die", "bed", "horizon"]
    assert list(table["days"]) == [4, 6, 0, 1]


def test_a_request_listed_again_after_its_grant_is_a_new_one(write):
    marks = Marking((Mark("one", requests={"bed": 1}), Mark("two", requests={"bed": 1})),
                    (Pool("bed"),))  # fmt: skip
    log = write("""
        0 1 0 arrive 0 -   arrival people
        0 1 0 enter  0 one arrival -
        0 1 3 enter  0 two bed     -
        0 1 5 enter  0 one bed     -
        0 1 9 censor 0 one horizon -
    """)
    table = waits(stays(log.log, marks), marks)
    assert list(table["from"]) == [0, 3, 5]
    assert list(table["to"]) == [3, 5, 9]
    assert list(table["outcome"]) == ["granted", "granted", "waiting"]


def test_waits_are_summed_up_over_the_granted_and_withdrawals_over_all(people):
    table = waits(stays(people.log, MARKS), MARKS)
    (row,) = wait_summary(table).to_dict("records")
    assert (row["requests"], row["granted"], row["withdrawn"], row["waiting"]) == (4, 2, 1, 1)
    assert (row["mean"], row["median"], row["p90"]) == (2, 2, pytest.approx(3.6))
    assert row["share_withdrawn"] == 0.25


def test_midnight_is_read_after_the_instant_and_a_day_is_weighted_by_time(people):
    table = daily(stays(people.log, MARKS), MARKS, capacity=people.capacity, horizon=10.0)
    bed = table[table["resource"] == "bed"]
    assert list(bed["queue"]) == [1, 2, 2, 2, 1, 1, 1, 0, 0, 1]
    assert list(bed["held"]) == [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]
    np.testing.assert_allclose(bed["queue_mean"], [1, 2, 2, 2, 1, 1, 1, 0, 0, 1])
    np.testing.assert_allclose(bed["held_mean"], [0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    assert list(bed["capacity"]) == 8 * [1] + 2 * [0]
    assert bed["held_mean"].sum() == 2.5 + 3.5


def test_a_change_within_a_day_counts_for_what_is_left_of_it(write):
    log = write("""
        0 1 0.25 arrive 0 -    arrival people
        0 1 0.25 enter  0 stay arrival -
        0 1 1.5  enter  0 big  more    -
        0 1 2.5  censor 0 big  horizon -
    """)
    table = daily(stays(log.log, MARKS), MARKS, capacity=log.capacity, horizon=2.5)
    bed = table[table["resource"] == "bed"]
    assert list(bed["held"]) == [0, 1, 2]
    assert list(bed["held_mean"]) == [0.75, 1.5, 2.0]


def test_a_month_is_the_mean_of_its_days(people):
    table = daily(stays(people.log, MARKS), MARKS, capacity=people.capacity, horizon=10.0)
    bed = monthly(table).set_index("resource").loc["bed"]
    assert bed["held_mean"] == pytest.approx(0.6)
    assert bed["queue_mean"] == pytest.approx(1.1)
    assert (bed["held_max"], bed["capacity_mean"]) == (1, pytest.approx(0.8))


def test_use_counts_entries_and_days_of_our_patients_alone(people):
    table = use(stays(people.log, MARKS), MARKS).set_index(["kind", "item"])["amount"]
    assert table["place days", "bed"] == 2.5
    assert table["setting days", "ward"] == 1.5
    assert table["setting days", "home"] == 3.5
    assert table["used", "infusion"] == 1
    assert table["used", "visit"] == 1.25


def test_a_return_uses_nothing_anew(write):
    log = write("""
        0 1 0 arrive 0 -    arrival people
        0 1 0 enter  0 stay arrival -
        0 1 1 detour 1 ill  infect  infection
        0 1 3 return 0 stay better  -
        0 1 4 here   0 stay tick    -
        0 1 5 censor 0 stay horizon -
    """)
    table = use(stays(log.log, MARKS), MARKS).set_index(["kind", "item"])["amount"]
    assert table["used", "infusion"] == 1
    assert table["used", "visit"] == 1.5
    assert table["place days", "bed"] == 5


SLOTS = Marking(
    (
        Mark("queue", requests={"slot": 1}),
        Mark("apheresis", holds={"slot": 1}),
        Mark("made"),
        Mark("home"),
    ),
    (Pool("slot", places=False, until="made"),),
)


def test_allotments_are_taken_given_back_left_and_expired(write):
    log = write(
        """
        0 1 0  arrive 0 -         arrival people
        0 1 0  enter  0 queue     arrival -
        0 1 0  enter  0 apheresis slot    -
        0 1 5  enter  0 made      make    -
        0 1 90 censor 0 made      horizon -
        0 2 3  arrive 0 -         arrival people
        0 2 3  enter  0 queue     arrival -
        0 2 3  enter  0 apheresis slot    -
        0 2 30 enter  0 home      give_up -
        0 2 90 censor 0 home      horizon -
        """,
        capacity="0 0 slot allotment 3 3\n0 30 slot allotment 3 4\n0 60 slot allotment 3 4",
    )
    table = stock(stays(log.log, SLOTS), SLOTS, capacity=log.capacity)
    assert list(table["taken"]) == [2, 0, 0]
    assert list(table["given_back"]) == [0, 1, 0]
    assert list(table["left"]) == [1, 5, 4]
    assert list(table["expired"]) == [0, 0, 4]
