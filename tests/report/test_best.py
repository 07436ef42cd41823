"""What may be said of the best strategy: never more than the intervals of its differences hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from pathsim.outcomes.intervals import Interval
from pathsim.outcomes.outcome import Outcome
from pathsim.report import best as module
from pathsim.report.best import best, means, verdict
from pathsim.report.sentences import Claim, _settled, _unknown, _unsettled, by, first_of, told
from pathsim.study.kept import Result

OFF, HOSPITAL = "time off treatment", "days in hospital"
CLAIM = Claim("keeps patients off treatment longest", "time off treatment", "days", " a patient")
Values = Mapping[str, Sequence[float]]
Best = Callable[..., module.Best | None]
NAN = math.nan


@pytest.fixture
def best_of(monkeypatch: pytest.MonkeyPatch) -> Best:
    """`best` of strategies that have these values in each replication."""

    def picked(values: Values, outcome: str = OFF, **more: object) -> module.Best | None:
        def differing(ours: Mapping[str, Sequence[float]], _: object) -> dict[str, list[Outcome]]:
            (base, first), *others = ours.items()
            return {
                f"{name} minus {base}": [] if np.isnan(each).all() else [
                    Outcome("patients", outcome, "days", pd.Series(each) - pd.Series(first), 100)
                ]
                for name, each in others
            }  # fmt: skip

        monkeypatch.setattr(module, "differing", differing)
        return best(values, table(values, outcome), outcome, **more)  # type: ignore[arg-type]

    return picked


def table(values: Values, outcome: str) -> pd.DataFrame:
    """The means as a summary has them."""
    rows = [(outcome, "days", name, np.mean(each), NAN, NAN, len(each), "replications")
            for name, each in values.items()]  # fmt: skip
    names = ["outcome", "unit", "strategy", "mean", "low", "high", "n_replications", "interval"]
    return pd.DataFrame(rows, columns=names)


def around(mean: float, spread: float, n: int = 20) -> list[float]:
    return [mean + spread * (-1) ** k for k in range(n)]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1.0, 3.0, "apart"),
        (-3.0, -1.0, "apart"),
        (-1.0, 1.0, "alike"),
        (0.0, 0.0, "alike"),
        (-1.0, 2.1, "open"),
        (-50.0, 80.0, "open"),
        (NAN, NAN, "unknown"),
        (-math.inf, math.inf, "open"),
    ],
)
def test_an_interval_says_no_more_than_it_holds(low: float, high: float, said: str) -> None:
    assert verdict(Interval(0.5, low, high, 20), 100.0) == said


def test_more_is_better_of_time_off_treatment_and_less_of_days_in_hospital(best_of: Best) -> None:
    values = {"a": around(10, 1), "b": around(30, 1), "c": around(20, 1)}
    most, least = best_of(values), best_of(values, HOSPITAL)
    assert most is not None
    assert (most.name, [rival.name for rival in most.others]) == ("b", ["c", "a"])
    assert least is not None
    assert (least.name, [rival.name for rival in least.others]) == ("a", ["c", "b"])
    assert least.others[0].by.mean == pytest.approx(-10)


def test_the_best_is_settled_only_where_it_is_apart_from_every_other(best_of: Best) -> None:
    noise = [5.0 * (k % 3 - 1) for k in range(20)]
    near = [10 + x + 2 * (-1) ** k for k, x in enumerate(noise)]
    found = best_of({"a": [10.1 + x for x in noise], "b": near, "far": noise})
    assert found is not None
    assert not found.settled
    assert [rival.name for rival in found.beside] == ["b"]


def test_of_more_strategies_intervals_are_wider(best_of: Best) -> None:
    wobble = [1.0 * (k % 5 - 2) for k in range(20)]
    values = {"a": [0.0] * 20, "b": [x - 0.75 for x in wobble]}
    two = best_of(values)
    many = best_of(values | {f"far {k}": [x - 99.0 for x in wobble] for k in range(8)})
    assert two is not None
    assert many is not None
    assert [two.level, many.level] == pytest.approx([0.95, 1 - 0.05 / 9])
    assert two.settled
    assert not many.settled


def test_a_best_that_is_not_the_best_is_seldom_named(best_of: Best) -> None:
    """Of ten strategies that are alike in truth, one is called the best in 2.5 % at most."""
    rng = np.random.default_rng(0)
    times = 400
    named = 0
    for _ in range(times):
        values = {f"s{k}": list(100 + rng.standard_normal(12)) for k in range(10)}
        found = best_of(values)
        assert found is not None
        named += found.settled
    assert named / times < 0.025 + 3 * math.sqrt(0.025 * 0.975 / times)


def test_one_replication_settles_nothing(best_of: Best) -> None:
    found = best_of({"a": [100.0], "b": [1.0]})
    assert found is not None
    assert [rival.verdict for rival in found.others] == ["unknown"]
    assert "not settled" in _unknown(found, CLAIM)


def test_a_strategy_that_lacks_the_outcome_is_not_compared(best_of: Best) -> None:
    assert best_of({"a": around(10, 1), "b": [NAN] * 20}) is None
    found = best_of({"a": around(10, 1), "b": [NAN] * 20, "c": around(5, 1)})
    assert found is not None
    assert [rival.name for rival in found.others] == ["c"]


def test_added_replications_widen_the_interval(best_of: Best) -> None:
    values = {"a": around(10, 1) + around(10, 0.1), "b": [0.0] * 40}
    at_once, later = best_of(values), best_of(values, first=20)
    assert at_once is not None
    assert later is not None
    assert later.others[0].by.high > at_once.others[0].by.high


def test_intervals_over_patients_of_one_replication_are_left_out() -> None:
    rows = table({"a": [1.0]}, OFF).assign(low=0.5, high=1.5, interval="patients")
    assert math.isnan(means(rows, OFF)["a"].low)


# --- sentences -----------------------------------------------------------------------------------


def words(found: module.Best) -> str:
    return _settled(found, CLAIM) if found.settled else _unsettled(found, CLAIM)


def test_longest_is_said_only_of_what_is_settled(best_of: Best) -> None:
    far = best_of({"a": around(30, 1), "b": around(20, 2)})
    near = best_of({"a": around(30, 10), "b": around(29.5, 2)})
    assert far is not None
    assert near is not None
    assert words(far).startswith("a keeps patients off treatment longest: 30.0")
    assert "10.0 days (9.5 to 10.5) longer than b" in words(far)
    assert words(near).startswith("In time off treatment a and b cannot be told apart: 30.0")
    assert "longest" not in words(near)


def test_about_equal_is_said_only_within_two_per_cent(best_of: Best) -> None:
    found = best_of({"a": around(100.0, 1), "b": around(99.9, 1.5)})
    assert found is not None
    assert "about equal" in words(found)


def test_the_last_of_several_is_named(best_of: Best) -> None:
    found = best_of({f"s{k}": around(100 - 10 * k, 1 + 0.1 * k) for k in range(10)})
    assert found is not None
    assert words(found).endswith("longer than the next, s1; s9 has the shortest, 10.0 days.")


def test_many_that_are_alike_are_not_all_listed(best_of: Best) -> None:
    found = best_of({f"s{k}": around(100 + k / 10, 20 + k) for k in range(10)})
    assert found is not None
    assert "s9 and 9 of the 9 others cannot be told apart" in words(found)
    assert len(words(found)) < 300


def test_numbers_show_that_an_interval_leaves_out_nought() -> None:
    assert told(Interval(0.5, 0.004, 0.9, 20), "%") == "0.500 % (0.004 to 0.900)"
    assert told(Interval(24.0, 23.6, 24.4, 20), "days") == "24.0 days (23.6 to 24.4)"
    assert told(Interval(24.0, NAN, NAN, 1), "days") == "24.0 days"


def test_a_difference_has_no_sign_where_a_word_says_the_side(best_of: Best) -> None:
    found = best_of({"a": around(10, 1), "b": around(30, 2)}, HOSPITAL)
    assert found is not None
    assert by(found.others[0], found) == "20.0 days (19.5 to 20.5)"
    assert by(found.others[0], found, signed=True) == "-20.0 days (-20.5 to -19.5)"


def test_what_one_interval_alone_would_tell_apart_is_known(best_of: Best) -> None:
    wobble = [1.0 * (k % 5 - 2) for k in range(20)]
    values = {"a": [0.0] * 20, "b": [x - 0.75 for x in wobble]}
    two = best_of(values)
    many = best_of(values | {f"far {k}": [x - 99.0 for x in wobble] for k in range(8)})
    assert two is not None
    assert many is not None
    assert [rival.alone for rival in two.others] == [False]
    assert [rival.name for rival in many.others if rival.alone] == ["b"]


def test_the_first_stage_is_read_from_the_record() -> None:
    assert first_of(Result(precision={"first_replications": 10})) == 10
    assert first_of(Result()) is None
