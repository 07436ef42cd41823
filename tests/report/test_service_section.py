"""The section of what the service needs: what breaks first in words, tables, figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from pathsim.outcomes.pressure import Pressure
from pathsim.report import service
from pathsim.report.page import TEMPLATES, _templates
from pathsim.report.service import breaks_first, content, words_of
from pathsim.report.service_tables import Found
from pathsim.study.kept import Result
from pathsim.study.plan import Model

NOTHING = Found({}, {}, {}, frozenset(), None, 2)


def pressure(result: Result, **changed: Any) -> Pressure:
    """How hard something is pressed, the same but for what is changed."""
    (first, *_) = breaks_first(result)["few_a"]
    return replace(first, **changed)


def with_queue(result: Result, resource: str) -> Result:
    """The same where somebody waits for a resource at every midnight, under the first strategy."""
    (name, one), *others = result.strategies.items()
    daily = one.measured.daily
    mine = daily["resource"] == resource
    waiting = daily.assign(queue=daily["queue"].where(~mine, 2.0))
    pressed = replace(one, measured=replace(one.measured, daily=waiting))
    return replace(result, strategies={name: pressed, **dict(others)})


def test_what_breaks_first_stands_at_the_front_of_each_strategy(result: Result) -> None:
    pressed = breaks_first(with_queue(result, "icu_bed"))
    assert set(pressed) == {"few_a", "few_b"}
    first = pressed["few_a"][0]
    assert (first.resource, first.breaks) == ("icu_bed", True)
    assert first.over.mean == first.months


def test_it_is_told_with_its_months_its_queue_and_what_comes_next(result: Result) -> None:
    months = pressure(result).months
    first = pressure(result, resource="slots/cilta-cel", p90=98.0, requests=1200)
    over = first.over._replace(mean=months - 1.0, low=months - 2.0, high=float(months))
    first = replace(first, over=over, in_year=over, first=0.0, first_in=1)
    second = replace(first, resource="icu_bed")
    said = words_of([first, second], NOTHING)
    assert said.startswith("the cilta-cel slots break first: over capacity in ")
    assert f"of {months} months" in said
    assert "in month 1, in 1 never" in said
    assert "90th centile of the wait 98.0 days" in said
    assert "of 1,200 requests withdrawn" in said
    assert f"Then the ICU beds ({months - 1}.0 months)." in said


def test_where_nothing_breaks_it_says_so(result: Result) -> None:
    calm = pressure(result, resource="icu_bed")
    none = calm.over._replace(mean=0.0, low=0.0, high=0.0)
    said = words_of([replace(calm, over=none, in_year=none)], NOTHING)
    assert said.startswith("nothing breaks; the most pressed are the ICU beds: over capacity in 0 ")
    assert words_of([], NOTHING) == "nothing is limited."


def test_what_is_pressed_on_has_a_figure_and_the_rest_a_folded_table(result: Result) -> None:
    found = content(with_queue(result, "icu_bed"))
    assert found is not None
    names = [figure.name for figure in found["figures"]]
    assert "occupancy_icu_bed" in names
    assert len(names) + len(found["lost_figures"]) <= 10
    quiet = found["quiet"]
    assert "ICU beds" not in quiet
    groups = [row.cells[0] for table in found["quiet_tables"] for row in table.rows if row.group]
    assert groups
    assert not any("ICU beds" in group for group in groups)
    assert any(words in quiet for words in ("ide-cel slots", "clinic"))


def test_a_resource_asked_for_several_places_at_once_has_no_number_of_places(
    result: Result,
) -> None:
    found = content(result)
    assert found is not None
    tables = [t for t in (*found["needs"], *found["quiet_tables"]) if "Places for 95 %" in t.head]
    cells: dict[str, set[str]] = {}
    for row in (row for table in tables for row in table.rows):
        if row.group:
            last = cells[row.cells[0].partition(":")[0]] = set()
        else:
            last.add(row.cells[-1])
    assert cells["Clinic"] == {"-"}
    assert "-" not in cells["ICU beds"]
    assert any("For the clinic there is none" in table.note for table in tables)


def test_what_is_without_limit_breaks_nowhere_and_is_named(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_free", lambda model: {"icu_bed"})
    pressed = breaks_first(with_queue(result, "icu_bed"))
    assert "icu_bed" not in {each.resource for each in pressed["few_a"]}
    found = content(result)
    assert found is not None
    assert found["unlimited"] == "ICU beds"


def test_losses_are_a_table_by_cause_that_adds_up(result: Result) -> None:
    found = content(result)
    assert found is not None
    (table,) = found["lost"]
    assert table.head == ("Cause", "few_a", "few_b")
    assert table.rows[0].cells[0] == "Referred, in all replications"
    assert [row.cells[0] for row in table.rows if row.group] == [
        "Lost a year", "Lost, % of the referred"]  # fmt: skip
    assert len(found["lost_figures"]) == 1


def test_a_result_in_which_nobody_came_or_nothing_was_run_is_shown_or_left_out(
    result: Result,
) -> None:
    assert content(Result()) is None
    empty = {
        name: replace(one, measured=replace(one.measured, **{
            table: getattr(one.measured, table).iloc[:0] for table in ("patients", "waits")}))
        for name, one in result.strategies.items()
    }  # fmt: skip
    found = content(replace(result, strategies=empty))
    assert found is not None
    assert (found["lost"], found["withdrawn"], found["lost_figures"]) == ([], [], [])
    without = {
        name: replace(one, measured=replace(one.measured, daily=pd.DataFrame()))
        for name, one in result.strategies.items()
    }
    assert content(replace(result, strategies=without)) is None


def test_the_section_is_laid_out_with_every_part(result: Result) -> None:
    found = content(with_queue(result, "icu_bed"))
    assert found is not None
    html = _templates().get_template(service.TEMPLATE).render(**found)
    assert (TEMPLATES / service.TEMPLATE).exists()
    for words in ("What breaks first", "Places held", "Who is lost before infusion",
                  "Resources that nobody presses on"):  # fmt: skip
        assert words in html
    assert html.count("<img ") == len(found["figures"]) + len(found["lost_figures"])


def test_models_of_different_dates_have_months_and_no_dates(result: Result) -> None:
    (name, one), *others = result.strategies.items()
    model: Model = replace(one.model, start=None)
    found = content(replace(result, strategies={name: replace(one, model=model), **dict(others)}))
    assert found is not None
    assert "202" not in " ".join(found["first"].values())
