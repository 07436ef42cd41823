"""Losses before infusion and withdrawals, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathsim.outcomes.catalogue import Mark, Marking, Pool
from pathsim.outcomes.folds import measure
from pathsim.outcomes.losses import lost, withdrawn

MARKS = Marking(
    (
        Mark("wait", "car", "waiting", tags=["referred", "line"], requests={"slot": 1}),
        Mark("infused", "car", "infusion", tags=["infused"]),
        Mark("lost", "car", tags=["lost"]),
        Mark("dead", tags=["dead"], ends=True),
    ),
    (Pool("slot", places=False),),
)

LOG = """
0 1 0  arrive 0 -       arrival people
0 1 0  enter  0 wait    arrival -
0 1 9  enter  0 infused slot    -
0 1 80 censor 0 infused horizon -
0 2 0  arrive 0 -       arrival people
0 2 0  enter  0 wait    arrival -
0 2 7  choice 0 plan    worse   given_up
0 2 7  enter  0 lost    plan    -
0 2 80 censor 0 lost    horizon -
0 3 0  arrive 0 -       arrival people
0 3 0  enter  0 wait    arrival -
0 3 8  end    0 dead    die     -
0 4 0  arrive 0 -       arrival people
0 4 0  enter  0 wait    arrival -
0 4 80 censor 0 wait    horizon -
1 1 0  arrive 0 -       arrival people
1 1 0  enter  0 wait    arrival -
1 1 3  end    0 dead    die     -
1 2 0  arrive 0 -       arrival people
1 2 0  enter  0 infused arrival -
1 2 80 censor 0 infused horizon -
"""


@pytest.fixture
def measured(write):
    return measure(write(LOG, horizon=80.0), MARKS)


def test_losses_are_counted_by_cause_and_are_shares_of_the_referred(measured):
    found = lost(measured)
    assert found.referred == 5
    every, first, second = found.losses
    assert (every.cause, every.n) == ("all causes", 3)
    # 2 of 4 in replication 0, 1 of 1 in replication 1.
    assert every.share.mean == pytest.approx(75)
    assert every.a_year.mean == pytest.approx(1.5 * 365.25 / 80)
    assert (first.cause, first.n, second.n) == ("die", 2, 1)
    assert [each.share.mean for each in (first, second)] == pytest.approx([62.5, 12.5])


def test_causes_add_up_to_all(measured):
    every, *each = lost(measured).losses
    assert sum(loss.n for loss in each) == every.n
    assert sum(loss.a_year.mean for loss in each) == pytest.approx(every.a_year.mean)


def test_where_nobody_was_referred_nobody_is_lost(measured):
    patients = measured.patients.assign(referred=float("nan"))
    assert lost(replace(measured, patients=patients)).losses == ()
    assert lost(replace(measured, patients=patients.iloc[:0])).referred == 0


def test_withdrawals_are_told_by_queue_and_cause(measured):
    first, second = withdrawn(measured)
    assert (first.resource, first.cause, first.n) == ("slot", "die", 2)
    # 1 of 4 requests in replication 0, 1 of 1 in replication 1.
    assert first.share.mean == pytest.approx(62.5)
    assert (second.cause, second.n) == ("worse", 1)
    assert withdrawn(replace(measured, waits=measured.waits.iloc[:0])) == ()
