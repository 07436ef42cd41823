"""The search for capacities on services that are formulas: what it finds, checks and admits."""

from __future__ import annotations

import numpy as np
import pytest

from pathsim.study.sizing import tables, words
from pathsim.study.sizing.judging import Promise, Rule, Verdict, judged
from pathsim.study.sizing.lattice import Axis, Lattice
from pathsim.study.sizing.printed import printed
from pathsim.study.sizing.search import Found, search
from pathsim.study.sizing.seen import HELPS, HURTS, MIXED
from tests.theory.toy_capacity import Mean, Toy

BEDS = Lattice([Axis("beds", tuple(range(1, 33)), 2.0, "bed", "beds")])
BOTH = Lattice([Axis("beds", tuple(range(2, 11)), 3.0), Axis("slots", tuple(range(1, 7)))])
RULE = Rule(0.95, 8, 64)


def sought(
    lattice: Lattice, mean: Mean, *promises: Promise, noise: float = 0.1, rule: Rule = RULE
) -> tuple[Found, Toy]:
    toy = Toy(lattice, mean, noise)
    return search(lattice, promises, toy, rule=rule), toy


def frontier(found: Found) -> list[tuple[float, ...]]:
    return [found.lattice.values(point) for point in found.frontier]


def test_one_capacity_is_found_by_bisection() -> None:
    found, toy = sought(BEDS, lambda v: [100 / v[0]], Promise("wait", 100 / 11.5))
    assert frontier(found) == [(12.0,)]
    assert len(toy.asked) <= 2 + 5 + 1


def test_a_promise_of_at_least_is_kept_from_above() -> None:
    found, _ = sought(BEDS, lambda v: [3 * v[0]], Promise("infused", 31.5, at_most=False))
    assert frontier(found) == [(11.0,)]


def test_slots_that_fill_the_beds_are_seen_to_and_the_frontier_is_right_all_the_same() -> None:
    found, _ = sought(
        BOTH, lambda v: [60 / v[1], 10 + v[1] - v[0]], Promise("wait", 21.0), Promise("full", 4.5)
    )
    assert [found.seen.way(p) for p in (0, 1)] == [(HELPS, HELPS), (HELPS, HURTS)]
    assert frontier(found) == [(9.0, 3.0)]
    assert "More slots work against full." in [*words.assumption(found)]


def test_a_capacity_that_works_both_ways_is_told_and_every_value_looked_at() -> None:
    """Best at 10: neither fewer nor more keep the promise, and both ends fail."""
    found, toy = sought(BEDS, lambda v: [abs(v[0] - 10)], Promise("wait", 0.5))
    assert found.seen.way(0) == (MIXED,)
    assert len(toy.asked) == BEDS.size
    assert frontier(found) == [(10.0,)]
    assert any("It does not hold: beds move wait both ways." in w for w in words.assumption(found))


def test_neighbours_of_the_answer_are_looked_at() -> None:
    found, toy = sought(BOTH, lambda v: [100 / (v[0] * v[1])], Promise("wait", 100 / 19))
    for point in found.frontier:
        near = [other for step in (-1, 1) for _, other in BOTH.beside(point, step)]
        assert set(near) <= set(toy.asked)


def test_what_is_near_its_limit_gets_more_replications_and_what_is_far_does_not() -> None:
    _, toy = sought(BEDS, lambda v: [100 / v[0]], Promise("wait", 8.25), noise=0.2)
    assert toy.asked[(11,)] > 8  # 8.33 with 12 beds
    assert toy.asked[(0,)] == toy.asked[(31,)] == 8


def test_a_promise_on_its_limit_is_undecided_not_kept_and_said_to_be() -> None:
    found, toy = sought(BEDS, lambda v: [max(20 - v[0], 8)], Promise("wait", 10.0), noise=1.0)
    assert found.facts[0][9] == Verdict.UNDECIDED
    assert toy.asked[(9,)] == 64
    assert frontier(found) == [(11.0,)]
    assert [*words.undecided(found)] == [
        "Undecided after 64 replications, and counted as not kept: 10 beds."
    ]


def test_no_capacity_is_told_with_the_nearest_and_that_more_would_not_help() -> None:
    found, _ = sought(BEDS, lambda v: [6.2 + 50 * 0.5 ** v[0]], Promise("losses", 1.0, unit="%"))
    assert found.frontier == ()
    said = words.answer(found)
    assert said.startswith("No capacity looked at (up to 32 beds) keeps 'losses, at most 1 %'.")
    assert "With everything at its most losses is 6.2 %" in said
    assert "not a matter of these capacities" in said
    assert tables.nowhere(found) == [0]


def test_no_capacity_is_told_where_more_might_do() -> None:
    found, _ = sought(BEDS, lambda v: [100 - v[0]], Promise("losses", 50.0))
    assert "more of them than was looked at may do" in words.answer(found)


def test_promises_that_can_be_kept_one_by_one_alone_are_told_apart() -> None:
    found, _ = sought(BEDS, lambda v: [100 / v[0], v[0]], Promise("wait", 5), Promise("idle", 5))
    assert words.answer(found).endswith(
        "keeps all promises together. Each is kept somewhere: where one is, another is not."
    )


def test_an_outcome_without_values_keeps_no_promise() -> None:
    found, _ = sought(BEDS, lambda v: [np.nan], Promise("wait", 5.0))
    assert found.frontier == ()
    assert "wait has no value in 8 of 8 replications." in words.answer(found)
    assert judged(np.array([1.0, np.nan, np.nan]), Promise("wait", 5.0), level=0.1).n == 1


def test_the_least_of_a_range_is_told_to_be_no_more_than_that() -> None:
    found, _ = sought(BEDS, lambda v: [1 / v[0]], Promise("wait", 5.0))
    assert frontier(found) == [(1.0,)]
    assert [*words.at_the_edge(found)] == ["1 bed is the least looked at: fewer may do."]
    assert words.answer(found).startswith("1 bed is enough: ")


def test_what_just_fails_is_told_with_the_promise_and_by_how_much() -> None:
    found, _ = sought(BEDS, lambda v: [100 / v[0]], Promise("wait", 100 / 11.5, unit="days"),
                      noise=0.0)  # fmt: skip
    assert [*words.just_fails(found)] == ["11 beds: wait is 9.1 days, 0.4 above its limit"]


def test_tables_have_every_capacity_and_all_that_was_looked_at() -> None:
    found, toy = sought(BOTH, lambda v: [100 / (v[0] * v[1])], Promise("wait", 100 / 19))
    every, looked = tables.capacities(found), tables.evaluated(found)
    assert len(every) == BOTH.size
    assert len(looked) == len(toy.asked)
    assert int(every["cheapest"].sum()) == 1
    assert int(every["frontier"].sum()) == len(found.frontier) == len(tables.frontier(found))
    assert (every.loc[every["verdict"] == "broken", "breaks"] == "wait").all()
    assert set(tables.effects(found)["more"]) == {"helps"}
    assert every.loc[every["cheapest"] == 1, "cost"].item() == 3 * 4 + 5


def test_the_frontier_is_printed_the_cheapest_first() -> None:
    found, _ = sought(BOTH, lambda v: [100 / (v[0] * v[1])], Promise("wait", 100 / 19), noise=0.0)
    rows = [line.split() for line in printed(found).splitlines()]
    assert rows[-len(found.frontier)][0] == "*"
    costs = [float(row[-2]) for row in rows[-len(found.frontier) :]]
    assert costs == sorted(costs)


def test_replications_are_doubled_up_to_the_most() -> None:
    assert Rule(0.95, 16, 100).looks == (16, 32, 64, 100)
    assert Rule(0.95, 16, 100).next(64) == 100
    assert Rule(0.95, 8, 8).looks == (8,)


def test_the_level_is_shared_among_all_verdicts() -> None:
    assert Rule(0.9, 8, 32).level(10, 2) == pytest.approx(0.1 / (10 * 2 * 3))


def test_skewed_values_at_an_answer_are_told_and_others_are_not() -> None:
    found, _ = sought(BEDS, lambda v: [100 / v[0]], Promise("wait", 100 / 11.5))
    assert [*words.skewed(found)] == []
    for point in found.frontier:
        found.seen.values[point] = np.array([[0.0]] * 9 + [[9.0]])
    (said,) = words.skewed(found)
    assert said.startswith("wait is skewed over replications")
