"""A cohort by the time since each arrival, worked by hand on a few lives."""

from __future__ import annotations

import pandas as pd
import pytest

from pathsim.outcomes.catalogue import Mark, Marking
from pathsim.outcomes.folds import measure

MARKS = Marking(
    (
        Mark("queue", "tec", "waiting", "home", False, tags=["line"]),
        Mark("weekly", "tec", "weekly", "home", True, tags=["first_dose"]),
        Mark("remission", "tec", "remission", "home", False),
        Mark("infection", None, "infection", "ward"),
        Mark("relapsed", None, "between_lines", "home", False, tags=["progression"]),
        Mark("gone", phase="left", ends=True),
        Mark("dead", phase="dead", tags=["dead"], ends=True),
    )
)
LIVES = """
0 1  1 arrive 0 -          arrival people
0 1  1 enter  0 queue      arrival -
0 1 15 enter  0 weekly     chair   -
0 1 30 detour 1 infection  infect  infection
0 1 44 return 0 weekly     better  -
0 1 57 enter  0 remission  ready   -
0 1 80 end    0 dead       die     -
0 2 40 arrive 0 -          arrival people
0 2 40 enter  0 relapsed   arrival -
0 2 60 end    0 gone go      -
0 3 75 arrive 0 -          arrival people
0 3 75 enter  0 queue      arrival -
0 3 89 enter  0 weekly     chair   -
0 3 99 censor 0 weekly     horizon -
1 1 10 arrive 0 -          arrival people
1 1 10 enter  0 queue      arrival -
1 1 99 censor 0 queue      horizon -
"""


@pytest.fixture
def log(write):
    return write(LIVES, horizon=99.0)


def shares(table: pd.DataFrame, replication: int) -> dict[int, dict[str, float]]:
    """Day -> kind (and therapy) -> number, of those there are."""
    mine = table[(table["replication"] == replication) & (table["number"] > 0)]
    found: dict[int, dict[str, float]] = {}
    for row in mine.to_dict("records"):
        name = str(row["kind"]) if pd.isna(row["therapy"]) else f"{row['kind']} {row['therapy']}"
        found.setdefault(int(row["day"]), {})[name] = row["number"]
    return found


def test_each_patient_is_in_one_kind_so_long_after_arrival_and_the_dead_stay(log):
    table = measure(log, MARKS).cohort
    assert shares(table, 0) == {
        0: {"waiting": 2, "off": 1},
        14: {"treated tec": 2, "off": 1},
        28: {"treated tec": 1, "left": 1},
        42: {"treated tec": 1, "left": 1},
        56: {"free tec": 1, "left": 1},
        70: {"free tec": 1},
        84: {"dead": 1},
        98: {"dead": 1},
    }
    assert shares(table, 1) == {day: {"waiting": 1} for day in range(0, 85, 14)}


def test_followed_are_those_who_came_so_long_before_the_end(log):
    table = measure(log, MARKS).cohort
    followed = table[table["replication"] == 0].groupby("day")["followed"].unique()
    assert [each.tolist() for each in followed] == [[3], [3], [2], [2], [2], [1], [1], [1]]
    sums = table.groupby(["replication", "day"])["number"].sum()
    assert (sums == table.groupby(["replication", "day"])["followed"].first()).all()


def test_it_is_the_same_however_the_log_is_cut(log, monkeypatch):
    whole = measure(log, MARKS).cohort
    monkeypatch.setattr("pathsim.outcomes.folds.AT_ONCE", 1)
    pd.testing.assert_frame_equal(whole, measure(log, MARKS).cohort)


def test_after_a_warm_up_it_is_of_those_who_come_later(log):
    later = Marking(MARKS.states, warm_up=30.0)
    table = measure(log, later).cohort
    assert table.loc[table["day"] == 0, "followed"].unique().tolist() == [2]


def test_no_patients_give_an_empty_table(write):
    none = measure(write("", horizon=99.0), MARKS)
    assert not len(none.cohort)
