"""The audit finds what is broken and nothing else."""

from __future__ import annotations

import pytest

from pathsim.outcomes.audit import audit
from pathsim.outcomes.catalogue import Mark, Marking, Pool

MARKS = Marking(
    (
        Mark("queue", requests={"bed": 1}),
        Mark("bed", holds={"bed": 1}),
        Mark("wants", requests={"slot": 1}),
        Mark("home"),
        Mark("dead", ends=True),
    ),
    (Pool("bed"), Pool("slot", places=False)),
)
GOOD = """
0 1 0 arrive 0 -     arrival people
0 1 0 enter  0 queue arrival -
0 1 0 enter  0 bed   bed     -
0 1 5 end    0 dead  die     -
0 2 1 arrive 0 -     arrival people
0 2 1 enter  0 queue arrival -
0 2 5 enter  0 bed   bed     -
0 2 9 censor 0 bed   horizon -
"""
ONE_BED = "0 0 bed capacity 1 0"


def said(write, text, capacity=ONE_BED):
    return audit(write(text, horizon=9.0, capacity=capacity), MARKS)


def test_a_good_log_gives_no_sentence(write):
    assert said(write, GOOD) == []


def test_holdings_above_a_capacity_that_fell_are_no_fault(write):
    assert said(write, GOOD, "0 0 bed capacity 1 0\n0 6 bed capacity 0 0") == []


def test_a_grant_without_room_is_found(write):
    (sentence,) = said(write, GOOD.replace("0 2 5", "0 2 4"))
    assert sentence == "bed: 2 held of 1 on day 4, after a grant (replication 0)"


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("0 1 5 end    0 dead  die     -", "0 1 5 end 0 dead die -\n0 1 6 enter 0 home wake -",
         "something happens after the end of patient 1"),
        ("0 2 9 censor 0 bed   horizon -", "0 2 9 enter 0 home go -", "2 arrivals are not 1 exits"),
        ("0 2 5 enter  0 bed   bed     -\n0 2 9", "0 2 9 enter  0 bed   bed     -\n0 2 8",
         "time runs back for patient 2"),
    ],
)  # fmt: skip
def test_a_broken_life_is_found(write, old, new, meant):
    assert old in GOOD
    assert any(meant in sentence for sentence in said(write, GOOD.replace(old, new)))


def test_an_allotment_that_was_not_there_is_found(write):
    log = """
        0 1 2 arrive 0 -     arrival people
        0 1 2 enter  0 wants arrival -
        0 1 3 enter  0 home  slot    -
        0 1 9 censor 0 home  horizon -
    """
    assert said(write, log, "0 0 slot allotment 1 1") == []
    assert said(write, log, "0 0 slot allotment 0 0") == [
        "slot: 1 taken of 0 after day 0 (replication 0)"
    ]
