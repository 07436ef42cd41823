"""Everybody is in one place at a time, and no place is held by two."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pandas as pd

from pathsim.engine.simulate import simulate
from pathsim.events import Log
from pathsim.outcomes.catalogue import Mark, Marking, Pool, marking
from pathsim.outcomes.whereabouts import OTHERS, whereabouts
from tests.outcomes.test_folds import ward

MARKS = Marking(
    (
        Mark("queue", "cilta", "waiting", "home", False, requests={"bed": 1}),
        Mark("infusion", "cilta", "infusion", "bed", True, tags=["infused"], holds={"bed": 1}),
        Mark("remission", "cilta", "remission", "home", False),
        Mark("lying", holds={"bed": 1}),
        Mark("gone", ends=True),
    ),
    (Pool("bed"),),
)

LIVES = """
0 1 5  arrive 0 -         arrival people
0 1 5  enter  0 queue     arrival -
0 1 12 enter  0 infusion  bed     -
0 1 30 enter  0 remission leave   -
0 1 90 censor 0 remission horizon -
0 2 6  arrive 0 -         arrival people
0 2 6  enter  0 queue     arrival -
0 2 12 enter  0 infusion  bed     -
0 2 40 end    0 gone      die     -
0 3 30 arrive 0 -         arrival other_users
0 3 30 enter  0 lying     arrival -
0 3 35 end    0 gone      leave   -
0 4 50 arrive 0 -         arrival other_users
0 4 50 enter  0 lying     arrival -
0 4 55 enter  0 remission leave   -
0 4 70 enter  0 lying     again   -
0 4 80 end    0 gone      leave   -
"""


def test_a_patient_goes_from_queue_to_place_to_home(write: Callable[..., Log]) -> None:
    table = whereabouts(write(LIVES, horizon=90.0).log, MARKS, places=["bed"], horizon=90.0)
    rows = table[["entity_id", "event_type", "event", "time", "resource_id"]].astype(object)
    rows = rows.where(rows.notna(), None)
    by = {who: [tuple(row[1:]) for row in mine.itertuples(index=False)]
          for who, mine in rows.groupby("entity_id")}  # fmt: skip
    assert by[1] == [
        ("arrival_departure", "arrival", 5.0, None),
        ("queue", "waiting for: bed", 5.0, None),
        ("resource_use", "in: bed", 12.0, 1),
        ("resource_use_end", "leaves: bed", 30.0, 1),
        ("queue", "in remission", 30.0, None),
    ]
    assert by[2][-2:] == [
        ("resource_use_end", "leaves: bed", 40.0, 2),
        ("arrival_departure", "depart", 40.0, None),
    ]
    assert by[3][1] == ("resource_use", "in: bed", 30.0, 1)
    assert [row[1:3] for row in by[4][1:-1]] == [
        ("in: bed", 50.0), ("leaves: bed", 55.0), ("elsewhere", 55.0),
        ("in: bed", 70.0), ("leaves: bed", 80.0),
    ]  # fmt: skip
    assert set(table.loc[table["entity_id"] == 3, "therapy"]) == {OTHERS}


def test_no_place_is_held_by_two_and_no_number_goes_beyond_what_was_ever_there() -> None:
    service = ward()
    log, marks = simulate(service, horizon=300.5, seed=6, replications=1), marking(service)
    table = whereabouts(log.log, marks, places=["bed"], horizon=300.5)
    used = table[table["event_type"].isin(["resource_use", "resource_use_end"])]
    assert used["resource_id"].max() == 4
    for _, place in used.groupby("resource_id"):
        order = place.sort_values(["time", "event_type"], ascending=[True, False])
        kinds = order["event_type"].tolist()
        assert all(one != other for one, other in pairwise(kinds))
    first = table.drop_duplicates("entity_id")
    assert set(first["event"]) == {"arrival"}
    assert table["time"].is_monotonic_increasing
    pd.testing.assert_frame_equal(
        table, whereabouts(log.log, marks, places=["bed"], horizon=300.5), check_exact=True
    )
