"""The sections on the answer, the strategies and their outcomes: what stands in them, and when."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pathsim.outcomes.dictionary import OUTCOMES
from pathsim.outcomes.summary import headlines
from pathsim.report import answer, outcomes, strategies
from pathsim.report.drawn_anew import drawn_anew
from pathsim.report.outcomes import BESIDE, _tables
from pathsim.report.sharing import differing, same_patients, served
from pathsim.study.kept import Result, Study
from pathsim.study.pictures import pictures_of
from tests.report.a_result import small_result, with_study


@pytest.fixture(scope="module")
def pair() -> Result:
    return small_result("cart_first", "standard_only")


@pytest.fixture(scope="module")
def alone() -> Result:
    return small_result("cart_first", replications=1)


# --- the answer ----------------------------------------------------------------------------------


def test_the_answer_has_three_sentences_and_a_row_a_strategy(pair: Result) -> None:
    found = answer.content(pair)
    assert found is not None
    assert [heading for heading, _ in found["sentences"]] == [
        "What patients get", "What it costs the service", "How sure this is",
    ]  # fmt: skip
    assert all(sentence.endswith(".") for _, sentence in found["sentences"])
    assert [row.cells[0] for row in found["glance"].rows] == ["cart_first", "standard_only"]
    assert "What if every patient" in found["questions"]["cart_first"]


def test_it_is_said_where_the_service_breaks_and_how_much_is_assumed(pair: Result) -> None:
    found = answer.content(pair)
    assert found is not None
    _, cost, sure = (sentence for _, sentence in found["sentences"])
    assert "bed days for 12 patients" in cost
    assert re.search(r"breaks first|nothing is over capacity", cost)
    assert re.search(r"\d+ % of the \d+ numbers used are assumed or unverified", sure)


def test_what_has_a_star_in_the_tables_and_is_not_told_apart_is_named(
    pair: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    three = replace(pair, strategies={**pair.strategies, "third": pair.strategies["cart_first"]})
    assert not any("star" in note for note in answer._multiplicity(pair))
    monkeypatch.setattr(answer, "_starred_alone", lambda _: {"time alive": ["third"]})
    wider, starred = answer._multiplicity(three)
    assert "97.5 %" in wider
    assert "may have a star in the tables: time alive (third)" in starred


def test_one_strategy_of_one_replication_has_levels_and_no_interval(alone: Result) -> None:
    found = answer.content(alone)
    assert found is not None
    gets, _, sure = (sentence for _, sentence in found["sentences"])
    assert gets.startswith("Under cart_first a patient is off treatment for")
    assert "longest" not in gets
    assert " to " not in gets
    assert "one replication has no interval" in sure
    assert "numbers of one replication of 12 patients" in sure
    assert found["base"] == ""


def test_without_strategies_there_is_nothing_to_say() -> None:
    assert answer.content(Result()) is None
    assert strategies.content(Result()) is None
    assert outcomes.content(Result()) is None


def test_where_nobody_came_that_is_said(pair: Result) -> None:
    nobody = replace(pair, outcomes=pair.outcomes.iloc[:0], differences=pair.differences.iloc[:0])
    found = answer.content(nobody)
    assert found is not None
    assert found["sentences"][0][1].startswith("Nobody came")
    assert outcomes.content(nobody) is None


# --- the strategies ------------------------------------------------------------------------------


def test_each_strategy_has_its_rules_in_words_and_drawn(pair: Result) -> None:
    found = strategies.content(pair)
    assert found is not None
    first, last = found["strategies"]
    assert first.rules.rows[0].cells[0] == "Rule 1: car t"
    assert "never had therapy against BCMA" in first.rules.rows[0].cells[1]
    assert "Ciltacabtagene autoleucel" in first.figure.alt
    assert b"<svg" in last.figure.svg


def test_therapies_that_no_rule_gives_are_left_out(pair: Result) -> None:
    found = strategies.content(pair)
    assert found is not None
    rows = {row.cells[0]: row.cells for row in found["therapies"].rows}
    assert "ide-cel" not in rows
    assert rows["cilta-cel"][2:] == ("CAR T cells", "BCMA", "cart_first")
    assert rows["late-line-salvage"][-1] == "all"


def test_only_what_differs_is_told_as_different(pair: Result) -> None:
    alike, table = differing(pair.strategies)
    assert table is not None
    assert table.head == ("Strategy", "Rules")
    assert alike["How they come"].startswith("12 patients")
    assert len(served(pair.strategies)) == 1


def test_a_strategy_alone_differs_from_nothing(alone: Result) -> None:
    assert differing(alone.strategies)[1] is None


def test_other_paces_and_services_are_told_apart() -> None:
    two = small_result("backlog_on_day_0", "backlog_more_slots")
    alike, table = differing(two.strategies)
    assert table is not None
    assert table.head == ("Strategy", "Service")
    assert all("cilta-cel slots: " in row.cells[1] for row in table.rows)
    assert "Centre" not in alike
    assert len(served(two.strategies)) == 2


# --- outcomes ------------------------------------------------------------------------------------


def test_headlines_come_first_and_all_outcomes_below(pair: Result) -> None:
    found = outcomes.content(pair)
    assert found is not None
    rows = [row for table in found["means"] for row in table.rows if not row.group]
    assert len(rows) == len(headlines(pair.outcomes))
    every = [row for table in found["all_means"] for row in table.rows if not row.group]
    assert len(every) == pair.outcomes["outcome"].nunique()
    assert [figure.name for figure in found["figures"]] == ["differences"]


def test_differences_are_named_by_the_strategy_alone(pair: Result) -> None:
    found = outcomes.content(pair)
    assert found is not None
    (table,) = found["differences"]
    assert (table.caption, table.head) == (
        "Paired differences to cart_first", ("Outcome", "Unit", "standard_only"),
    )  # fmt: skip


def test_one_strategy_has_no_differences(alone: Result) -> None:
    found = outcomes.content(alone)
    assert found is not None
    assert found["differences"] == found["all_differences"] == []
    assert found["figures"] == ()


def test_more_strategies_than_fit_beside_each_other_stand_below(pair: Result) -> None:
    one = pair.outcomes[pair.outcomes["strategy"] == "cart_first"]
    many = [one.assign(strategy=f"s{k}") for k in range(2 * BESIDE + 1)]
    tables = _tables("Outcomes", pd.concat(many), "a note")
    assert [len(table.head) - 2 for table in tables] == [BESIDE, BESIDE, 1]
    assert [table.note for table in tables] == ["", "", "a note"]
    assert tables[-1].caption == "Outcomes, 3 of 3"


def test_what_none_of_these_strategies_has_is_left_out(pair: Result) -> None:
    """No CAR T cells are given by standard regimens: of its own table they are no part."""
    one = pair.outcomes[pair.outcomes["strategy"] == "standard_only"]
    gone = one[one["outcome"] == "days in hospital"].assign(group="access", mean=float("nan"))
    (table,) = _tables("Outcomes", pd.concat([one, gone.assign(outcome="infused")]), "")
    said = [row.cells[0] for row in table.rows]
    assert "days in hospital" in said
    assert "infused" not in said
    assert not any(word.startswith("Access") for word in said)


def test_each_outcome_shown_is_told(pair: Result) -> None:
    found = outcomes.content(pair)
    assert found is not None
    told = set(found["meanings"].values())
    assert told <= set(OUTCOMES.values())
    for name in ("time off treatment", "days in hospital"):
        assert OUTCOMES[name] in told


def test_strategies_for_other_patients_are_shown_but_not_ranked() -> None:
    """A scenario of an earlier line treats other people: they live longer whatever is given."""
    result = small_result("cart_first", "standard_only", "cart_in_line_2")
    assert same_patients(result.strategies) == ["cart_first", "standard_only"]
    found = answer.content(result)
    assert found is not None
    assert found["others"].startswith("cart_in_line_2 is for other patients than cart_first")
    gets, cost, sure = (sentence for _, sentence in found["sentences"])
    assert "cart_in_line_2" not in gets + cost
    assert "the same patients" not in sure
    assert "cart_in_line_2" in [row.cells[0] for row in found["glance"].rows]
    given = outcomes.content(result)
    assert given is not None
    assert "cart_in_line_2: other patients, or another time" in given["differences"][-1].note
    assert all("the same patients" not in figure.says for figure in given["figures"])


def test_a_star_stands_beside_an_interval_that_is_seen_to_leave_out_nought(pair: Result) -> None:
    one = pair.differences[pair.differences["outcome"] == "days in hospital"]
    (table,) = _tables("By", one.assign(mean=3.0, low=0.004, high=6.0), "", starred=True)
    assert table.rows[-1].cells[-1] == "3.000* (0.004 to 6.000)"


def test_the_figure_of_differences_has_the_intervals_of_the_table_where_precision_was_asked(
    pair: Result,
) -> None:
    def drawn_from(by: object) -> object:
        each = pictures_of(pair.models, pair.measured, by)  # type: ignore[arg-type]
        return next(picture.of[1] for picture in each if picture.name == "differences")

    assert drawn_from(pair.differences) is pair.differences
    assert drawn_from(None) is None


def test_the_answer_says_how_often_the_best_stays_so_where_all_is_drawn_anew(
    tmp_path: Path,
) -> None:
    alive = "overall survival from arrival, mean within 60 months"
    rows = [
        {"scenario": name, "minus": None, "structure": "as_written", "sets": 40, "p_best": p,
         "outcome": outcome}
        for outcome in ("time off treatment", alive)
        for name, p in (("cart_first", 0.25), ("standard_only", 0.75))
    ]  # fmt: skip
    pd.DataFrame(rows).to_parquet(tmp_path / "uncertainty.parquet", index=False)
    study = Study("sweep", "what-if", tmp_path, {})
    said = drawn_anew(with_study(small_result(), study))
    assert "drawn anew, 40 times (study what-if, of cart_first and standard_only)" in said
    assert "off treatment longest under standard_only in 75 % of the draws" in said
    assert said.endswith("and they live longest under standard_only in 75 % of the draws.")
    assert drawn_anew(small_result()) == ""
