"""The search for capacities against known truth: its error rate, and Erlang's C through the engine.

The procedure is simulated hundreds of times on a formula. An answer is wrong where any verdict is:
a promise called kept that is broken, or broken that is kept, at any capacity, looked at or not.
"""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from scipy.stats import binom

from pathsim.study.sizing.judging import Promise, Rule, Verdict
from pathsim.study.sizing.lattice import Axis, Lattice
from pathsim.study.sizing.search import Found, search
from tests.theory.toy_capacity import Toy

pytestmark = pytest.mark.theory

LATTICE = Lattice([Axis("beds", tuple(range(5, 11))), Axis("slots", tuple(range(1, 5)))])
LARGER = Lattice([Axis("beds", tuple(range(4, 13))), Axis("slots", tuple(range(1, 7)))])
PROMISES = (Promise("wait", 60.0), Promise("losses", 12.0), Promise("full", 5.0))
ANSWERS = 200
"""How often the procedure is carried out in each case."""


def service(values: tuple[float, ...]) -> list[float]:
    """Slots shorten the wait, both lower losses; beds are fuller with more slots."""
    beds, slots = values
    return [150 / slots, 8 + 9 / slots + 6 / beds, 60 * exp(-(beds - slots) / 2)]


def on_the_edge(values: tuple[float, ...]) -> list[float]:
    """Every promise lies at its limit, or a hair beyond, at every capacity."""
    beds, slots = values
    hair = 1e-6 if (beds + slots) % 2 else 0.0
    return [60.0 + hair, 12.0 + hair, 5.0 + hair]


def is_wrong(found: Found, mean: object) -> bool:
    """Whether any verdict contradicts the truth."""
    for point in np.ndindex(*found.lattice.shape):
        for p, truth in enumerate(mean(found.lattice.values(point))):  # type: ignore[operator]
            promise = found.promises[p]
            kept = promise.sense * (truth - promise.limit) <= 0
            verdict = found.facts[(p, *point)]
            if (verdict == Verdict.KEPT and not kept) or (verdict == Verdict.BROKEN and kept):
                return True
    return False


def answers(mean: object, rule: Rule, *, skewed: bool = False) -> list[Found]:
    """Many answers, each with luck of its own."""
    toys = (Toy(LATTICE, mean, 6.0, seed, skewed) for seed in range(ANSWERS))  # type: ignore[arg-type]
    return [search(LATTICE, PROMISES, toy, rule=rule) for toy in toys]


CASES = {
    "a service": (service, False),
    "skewed luck": (service, True),
    "on the edge": (on_the_edge, False),
    "skewed luck on the edge": (on_the_edge, True),
}


@pytest.mark.parametrize("name", CASES)
def test_answers_are_wrong_no_more_often_than_the_confidence_says(name: str) -> None:
    """At 80 %; the test fails by chance in fewer than one of a thousand sound procedures."""
    mean, skewed = CASES[name]
    found = answers(mean, Rule(0.8, 8, 64), skewed=skewed)
    wrong = sum(is_wrong(each, mean) for each in found)
    assert wrong <= binom.ppf(0.999, ANSWERS, 0.2), f"{wrong} of {ANSWERS}"


def test_without_the_correction_for_many_verdicts_answers_are_wrong_too_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So the test above can fail."""
    monkeypatch.setattr(Rule, "level", lambda self, points, promises: 1 - self.confidence)
    wrong = sum(is_wrong(each, on_the_edge) for each in answers(on_the_edge, Rule(0.8, 8, 64)))
    assert wrong > binom.ppf(0.999, ANSWERS, 0.2)


def shared_work(values: tuple[float, ...]) -> list[float]:
    """Beds and slots can stand in for each other."""
    return [300 / (values[0] * values[1])]


def test_the_frontier_is_found_where_no_limit_is_near() -> None:
    """30 beds times slots suffice, 28 do not; limits are 6 and more standard errors away."""
    true = {(5, 6), (6, 5), (8, 4), (10, 3)}
    for seed in range(20):
        toy = Toy(LARGER, shared_work, 0.5, seed)
        promise = Promise("wait", 300 / 29.5)
        found = search(LARGER, [promise], toy, rule=Rule(0.95, 16, 1024))
        assert {found.lattice.values(point) for point in found.frontier} == true
        assert found.cheapest is not None
        assert found.lattice.values(found.cheapest) == (5, 6)
        assert len(toy.asked) < LARGER.size / 2


def test_every_answer_is_settled_by_its_own_replications_where_they_suffice() -> None:
    """Not by those of a smaller capacity alone, whose figures nobody is shown."""
    for found in answers(service, Rule(0.95, 8, 256)):
        for point in found.frontier:
            own = [judged.verdict for judged in found.seen.judged[point]]
            assert Verdict.UNSURE not in own
