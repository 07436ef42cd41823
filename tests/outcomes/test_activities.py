"""An exported event log tells every state, detour, request and return, in order."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from pathsim.engine.simulate import simulate
from pathsim.events import Log
from pathsim.outcomes.activities import ALIVE, activities, of_ours
from pathsim.outcomes.catalogue import Mark, Marking, Pool, marking
from pathsim.outcomes.resources import waits
from pathsim.outcomes.stays import stays
from tests.outcomes.test_folds import ward

MARKS = Marking(
    (
        Mark("queue", "cilta", "waiting", "home", False, requests={"bed": 1}),
        Mark("infusion", "cilta", "infusion", "bed", True, tags=["infused"], holds={"bed": 1}),
        Mark("remission", "cilta", "remission", "home", False),
        Mark("fever", None, "infection", "ward", None),
        Mark("dead", phase="dead", tags=["dead"], ends=True),
    ),
    (Pool("bed"),),
)

WORDS = ("cause", "option", "event", "end", "activity")

LIVES = """
0 1 5  arrive 0 -         arrival  people
0 1 5  choice 0 strategy  arrival  first_rule
0 1 5  enter  0 queue     strategy -
0 1 12 enter  0 infusion  bed      -
0 1 20 detour 1 fever     infect   -
0 1 22 move   0 remission leave    -
0 1 25 return 0 remission better   -
0 1 30 here   0 remission assessed -
0 1 60 choice 0 outcome   cancer   fatal
0 1 60 end    0 dead      outcome  -
0 2 50 arrive 0 -         arrival  people
0 2 50 enter  0 queue     arrival  -
0 2 90 censor 0 queue     horizon  -
"""


def told(write: Callable[..., Log]) -> pd.DataFrame:
    return activities(write(LIVES, horizon=90.0).log, MARKS)


def test_states_start_complete_are_suspended_and_gone_back_to(write: Callable[..., Log]) -> None:
    table = told(write)
    mine = table[(table["patient"] == 1) & (table["kind"] != "resource")]
    rows = mine[["day", "activity", "transition", "instance"]].astype({"activity": str})
    assert [tuple(row) for row in rows.itertuples(index=False)] == [
        (5.0, "arrival", "complete", 0),
        (5.0, "queue", "start", 1),
        (12.0, "queue", "complete", 1),
        (12.0, "infusion", "start", 2),
        (20.0, "infusion", "suspend", 2),
        (20.0, "fever", "start", 3),
        (22.0, "infusion", "complete", 2),
        (22.0, "remission", "start", 4),
        (22.0, "remission", "suspend", 4),
        (25.0, "fever", "complete", 3),
        (25.0, "remission", "resume", 4),
        (60.0, "remission", "complete", 4),
        (60.0, "dead", "complete", 5),
    ]


def test_resources_are_asked_for_granted_and_given_back(write: Callable[..., Log]) -> None:
    table = told(write)
    beds = table[table["kind"] == "resource"][["patient", "day", "transition", "amount"]]
    assert [tuple(row) for row in beds.itertuples(index=False)] == [
        (1, 5.0, "schedule", 1.0),
        (1, 12.0, "assign", 1.0),
        (1, 22.0, "complete", 1.0),
        (2, 50.0, "schedule", 1.0),
    ]
    at_moment = table[(table["patient"] == 1) & (table["day"] == 12.0)]
    assert at_moment["transition"].tolist() == ["assign", "complete", "start"]
    assert at_moment["resource"].astype(str).tolist()[::2] == ["bed", "bed"]


def test_causes_options_events_and_ends_are_told(write: Callable[..., Log]) -> None:
    table = told(write).astype(dict.fromkeys(WORDS, object))
    row = {
        (r["activity"], r["transition"]): r for r in table.to_dict("records") if r["patient"] == 1
    }
    assert row["queue", "start"]["option"] == "first_rule"
    assert row["queue", "start"]["cause"] == "arrival"
    assert row["infusion", "start"]["event"] == "infusion"
    assert row["infusion", "start"]["cause"] == "bed"
    assert row["dead", "complete"]["cause"] == "cancer"
    assert row["dead", "complete"]["option"] == "fatal"
    assert row["dead", "complete"]["event"] == "death"
    assert table.groupby("patient")["end"].unique().map(list).to_dict() == {1: ["dead"], 2: [ALIVE]}


def test_every_stay_and_every_request_of_ours_is_in_it_once() -> None:
    service = ward()
    log, marks = simulate(service, horizon=300.5, seed=4, replications=2), marking(service)
    table = activities(of_ours(log.log), marks)
    mine = stays(of_ours(log.log), marks)
    entered = mine[mine["entry"]]
    begun = table[(table["kind"] == "state") & (table["transition"] == "start")]
    ended = table[(table["activity"].astype(str).str.startswith("dead"))]
    assert len(begun) + len(ended) == len(entered)
    asked = waits(mine, marks)["outcome"].value_counts()
    by = table[table["kind"] == "resource"]["transition"].value_counts()
    assert by["schedule"] == len(waits(mine, marks))
    assert by["assign"] == asked["granted"]
    assert by["withdraw"] == asked["withdrawn"]
    order = table.groupby(["replication", "patient"])["day"].is_monotonic_increasing
    assert order.all()
    running = table[table["kind"] == "state"].groupby(["replication", "patient", "instance"])
    assert (running["activity"].nunique() == 1).all()
    assert (running["transition"].agg(lambda t: (t == "complete").sum()) <= 1).all()
