"""The lives of the first patients are their stays, whoever they are and however many come."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from pathsim.engine.simulate import simulate
from pathsim.events import Log
from pathsim.outcomes.block import Block, other_users
from pathsim.outcomes.catalogue import Mark, Marking, marking
from pathsim.outcomes.folds import Measuring, measure
from pathsim.outcomes.lives import EVENTS, MANY, FirstLives, lives_of
from pathsim.outcomes.stays import stays, stretches
from tests.outcomes.test_folds import ward

MARKS = Marking(
    (
        Mark("queue", "cilta", "waiting", "home", False, tags=["referred"]),
        Mark("infusion", "cilta", "infusion", "bed", True, tags=["infused", "line"]),
        Mark("fever", None, "infection", "ward", None),
        Mark("relapsed", None, "between_lines", "home", False, tags=["progression"]),
        Mark("dead", phase="dead", tags=["dead"], ends=True),
    )
)

LIVES = """
0 0 30 arrive 0 -        arrival  people
0 0 30 enter  0 queue    arrival  -
0 0 90 censor 0 queue    horizon  -
0 1 5  arrive 0 -        arrival  people
0 1 5  enter  0 queue    arrival  -
0 1 12 enter  0 infusion slot     -
0 1 20 detour 1 fever    infect   -
0 1 25 return 0 infusion better   -
0 1 40 enter  0 relapsed progress -
0 1 60 end    0 dead     die      -
1 0 1  arrive 0 -        arrival  people
1 0 1  enter  0 queue    arrival  -
1 0 90 censor 0 queue    horizon  -
"""


@pytest.fixture
def log(write: Callable[..., Log]) -> Log:
    return write(LIVES, horizon=90.0)


def test_a_life_is_a_row_a_stay_with_what_is_in_force_and_what_began_there(log: Log) -> None:
    lives = measure(log, MARKS).lives
    assert set(lives["replication"]) == {0}
    mine = lives[lives["patient"] == 1]
    told = mine[["from", "to", "state", "therapy", "phase", "setting", "kind", "event", "cause"]]
    assert [tuple(row) for row in told.astype(str).itertuples(index=False)] == [
        ("5.0", "12.0", "queue", "cilta", "waiting", "home", "waiting", "", "slot"),
        ("12.0", "20.0", "infusion", "cilta", "infusion", "bed", "treated", "infusion", "infect"),
        ("20.0", "25.0", "fever", "cilta", "infection", "ward", "treated", "", "better"),
        ("25.0", "40.0", "infusion", "cilta", "infusion", "bed", "treated", "", "progress"),
        ("40.0", "60.0", "relapsed", "nan", "between_lines", "home", "off", "progression", "die"),
        ("60.0", "60.0", "dead", "nan", "dead", "nan", "off", "death", ""),
    ]
    treated = lives[lives["kind"] == "treated"].groupby("patient")["days"].sum()
    people = measure(log, MARKS).patients
    assert treated[1] == people.set_index(["replication", "patient"]).loc[(0, 1), "treated_days"]
    assert lives.groupby("patient")["censored"].any().to_dict() == {0: True, 1: False}


def test_they_are_those_who_arrive_first_whatever_their_numbers(log: Log) -> None:
    first = FirstLives(MARKS, many=1)
    for number in (0, 1):
        mine = log.log[(log.log["replication"] == 0) & (log.log["patient"] == number)]
        first.add(Block(stretches(mine.reset_index(drop=True), MARKS), MARKS))
    assert set(first.finish()["patient"]) == {1}


def test_after_a_warm_up_they_are_the_first_who_count(log: Log) -> None:
    marks = Marking(MARKS.states, warm_up=10.0)
    assert set(measure(log, marks).lives["patient"]) == {0}


def test_of_other_replications_there_is_none(log: Log) -> None:
    rows = log.log[log.log["replication"] == 1].reset_index(drop=True)
    found = measure(Log(rows, log.patients, log.capacity, log.horizon), MARKS).lives
    assert len(found) == 0
    assert list(found.columns) == list(measure(log, MARKS).lives.columns)


def test_they_are_the_stays_of_the_first_twenty_of_ours() -> None:
    service = ward()
    log, marks = simulate(service, horizon=300.5, seed=3, replications=2), marking(service)
    lives, whole = measure(log, marks).lives, stays(log.log, marks)
    ours = whole[(whole["replication"] == 0) & ~other_users(whole["stream"])]
    first = ours.drop_duplicates("patient").nsmallest(MANY, "from")["patient"]
    mine = ours[ours["patient"].isin(first)].reset_index(drop=True)
    assert lives["patient"].nunique() == MANY
    shared = ["patient", "from", "to", "days", "censored"]
    pd.testing.assert_frame_equal(lives[shared], mine[shared], check_exact=True)
    for name in ("state", "therapy", "phase", "setting"):
        assert lives[name].astype("object").equals(mine[name].astype("object"))
    assert set(lives["event"]) <= {"", *EVENTS.values()}
    everybody = lives_of(log.log, marks)
    assert everybody.groupby("replication")["patient"].nunique().sum() > 2 * MANY


def test_they_are_not_made_where_nobody_wants_them(log: Log) -> None:
    assert Measuring(MARKS, tables=("patients",)).add(log).finish().lives.shape == (0, 0)
