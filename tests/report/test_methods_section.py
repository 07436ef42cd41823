"""The checklists: every item answered from the run, none empty, none the same for every run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pathsim.report import methods
from pathsim.report.basis import Asked, asked
from pathsim.report.checklists import good_practice
from pathsim.report.checklists.item import Item, words_of
from pathsim.report.checklists.stress_des import ITEMS
from pathsim.report.page import page
from pathsim.study.kept import Result, Study
from tests.report.a_result import small_result, with_study

EVERY = [item for items in ITEMS.values() for item in items]
NUMBERS = (
    *("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4"),
    *("2.5.5", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1"),
)
"""The items of STRESS-DES, by hand from the published checklist."""


def _found(result: Result) -> Asked:
    found = asked(result)
    assert found is not None
    return found


@pytest.fixture
def two() -> Asked:
    return _found(small_result())


@pytest.fixture
def other() -> Asked:
    """Another question: one strategy that chooses by the wait, in a service that is not empty."""
    return _found(small_result("supply_stops_choose_by_wait", patients=14, seed=2, replications=1))


def _changed(found: Asked, **record: object) -> Asked:
    """The same run with another record."""
    bases = tuple(replace(b, record={**b.record, **record}) for b in found.bases)
    return replace(found, bases=bases)


def test_the_items_are_those_of_the_checklist():
    assert tuple(item.number for item in EVERY) == NUMBERS


@pytest.mark.parametrize("item", EVERY, ids=lambda item: item.number)
def test_no_item_is_empty(item: Item, two: Asked, other: Asked):
    for found in (two, other):
        words = words_of(item.answer(found))
        assert len(words.split()) >= 12
        assert "None" not in words
        assert "nan" not in words.lower().split()
        assert "{" not in words


@pytest.mark.parametrize("item", [i for i in EVERY if i.number != "5.1"], ids=lambda i: i.number)
def test_another_run_is_answered_otherwise(item: Item, two: Asked, other: Asked):
    assert words_of(item.answer(two)) != words_of(item.answer(other))


def test_versions_and_machine_are_those_of_the_record(two):
    items = {item.number: item for item in EVERY}
    old = _changed(two, versions={"python": "9.9.9"}, system=None)
    assert "python 9.9.9. Operating system: not recorded" in words_of(items["5.1"].answer(old))
    system = two.base.record["system"]
    assert system in words_of(items["5.1"].answer(two))
    assert system in words_of(items["5.4"].answer(two))


def _say(number: str, found: Asked) -> str:
    return words_of(next(i for i in EVERY if i.number == number).answer(found))


def test_what_an_item_says_is_what_was_run(two, other):
    assert "standard_only" in _say("1.1", two)
    assert "2 strategies compared; cart_first is the base" in _say("1.3", two)
    assert "one strategy, supply_stops_choose_by_wait" in _say("1.3", other)
    assert "cell therapy bed places: 10 never" in _say("2.5.3", two)
    assert "Capacity that changes with time: none" in _say("3.3", two)
    assert "Capacity that changes with time: slots/" in _say("3.3", other)
    assert "2922 days" in _say("4.2", two)
    assert "Independent replications: 2, with 12 patients in each, seed 1" in _say("4.3", two)
    assert "SimPy walks the named pathway" in _say("5.3", two)
    assert two.base.model.digest[:16] in _say("6.1", two)


def test_a_rule_that_reads_a_wait_is_balking_and_has_its_algorithm(two, other):
    assert "none, as no rule here reads a queue" in _say("2.5.4", two)
    assert "rules that read a queue" in _say("2.5.4", other)
    assert "Expected wait: the median" in _say("2.4", other)
    assert "Expected wait: the median" not in _say("2.4", two)


def test_the_diagram_has_the_phases_of_the_therapies_that_can_be_given(two):
    said = _say("2.1", two)
    assert "apheresis, then manufacture" in said
    assert "dpd-pvd: work up" in said
    assert "ide-cel" not in said


def test_what_differs_between_scenarios_is_found_field_by_field(two):
    assert "standard_only: its rules" in _say("2.3", two)
    assert "and nothing else" in _say("2.3", two)
    built = two.bases[1].built
    run = built.scenario.run.model_copy(update={"seed": 99})
    scenario = built.scenario.model_copy(update={"run": run})
    changed = replace(two.bases[1], built=replace(built, scenario=scenario))
    said = _say("2.3", replace(two, bases=(two.base, changed)))
    assert "run.seed 1 99" in said
    assert "a_twin: the same rules, and nothing else" in _say(
        "2.3", replace(two, bases=(two.base, replace(two.base, name="a_twin")))
    )


# --- good practice -------------------------------------------------------------------------------


def _verdicts(found: Asked) -> dict[str, tuple[str, str]]:
    lists = good_practice.checked(found).values()
    return {each.number: (each.verdict, each.where) for items in lists for each in items}


def test_every_recommendation_has_a_verdict_and_a_reason(two):
    found = _verdicts(two)
    assert len(found) == 18 + 6 + 7 + 7
    assert {verdict for verdict, _ in found.values()} == {"answered", "partly", "not by a run"}
    assert all(len(where) > 5 for _, where in found.values())


def test_what_only_people_can_do_is_never_answered_by_a_run(two):
    found = _verdicts(two)
    assert {found[n][0] for n in ("Z11", "Z12", "Z14", "Z16", "Z17", "B7")} == {"not by a run"}


@pytest.mark.parametrize(
    ("kind", "items"),
    [("one_way", ("Z10", "B4")), ("morris", ("Z10", "B4")), ("uncertainty", ("Z9", "B5")),
     ("validate", ("Z13", "E6"))],
)  # fmt: skip
def test_a_study_answers_what_a_run_cannot(kind: str, items: tuple[str, ...], two, tmp_path: Path):
    study = Study("validate" if kind == "validate" else "sweep", "the-study", tmp_path,
                  {} if kind == "validate" else {"kind": kind})  # fmt: skip
    before = _verdicts(two)
    after = _verdicts(_found(with_study(two.result, study)))
    for item in items:
        assert before[item][0] != "answered"
        assert after[item][0] == "answered"
        assert "the-study" in after[item][1]
    assert [n for n in before if before[n] != after[n]] == [n for n in before if n in items]


# --- the section ---------------------------------------------------------------------------------


def test_the_section_holds_every_item_and_stays_small():
    html = page(small_result())
    for number in NUMBERS:
        assert f'id="stress-{number}"' in html
    shown = methods.content(small_result())
    assert shown is not None
    assert len(shown["stress"]) == 6


def test_without_any_model_there_is_nothing_to_answer():
    assert methods.content(Result()) is None


def test_of_a_study_alone_the_scenarios_in_its_folder_are_told(two, tmp_path):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "cart_first.yaml").write_text(two.base.model.document)
    study = Study("sweep", "s", tmp_path, {"seed": 7, "replications": 3, "kind": "one_way"})
    found = _found(Result(studies=(study,)))
    assert [b.name for b in found.bases] == ["cart_first"]
    assert "seed 7" in _say("4.3", found)
    for item in EVERY:
        assert words_of(item.answer(found))
