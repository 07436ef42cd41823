"""Single lives are shown with what they do not show: how often the same patients fare otherwise."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from pathsim.report import lives
from tests.report.a_result import small_result


def test_lives_of_the_same_patients_are_counted_as_longer_shorter_or_as_long():
    measured = small_result().measured["cart_first"]
    table = pd.DataFrame({"replication": 0, "patient": range(4), "days": [10.0, 20.0, 30.0, 40.0]})
    first = replace(measured, patients=table)
    other = replace(measured, patients=table.assign(days=[5.0, 25.0, 30.0, 39.0])[:3])
    longer, shorter, n = lives.lived(first, other)
    assert n == 3
    assert longer == pytest.approx(100 / 3)
    assert shorter == pytest.approx(100 / 3)


def test_one_life_is_told_to_be_luck_where_there_are_several_strategies():
    shown = lives.content(small_result())
    assert shown is not None
    assert "much of it is luck" in shown["luck"][0]
    assert "under standard_only" in shown["luck"][1]


def test_of_one_strategy_nothing_is_compared():
    shown = lives.content(small_result("cart_first"))
    assert shown is not None
    assert shown["luck"] == []
