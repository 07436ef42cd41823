"""Rules in words: every condition that a rule may have is told, and none leaks a field's name."""

from __future__ import annotations

import pytest

from pathsim.inputs.conditions import When
from pathsim.inputs.resolve import resolve
from pathsim.study.how_given import lasting
from pathsim.study.rule_words import _TELLERS, LEVELS, conditions_told, rules_told

TOLD: list[tuple[dict[str, object], str]] = [
    ({"fitness": ["fit", "intermediate"]}, "fit or of intermediate fitness"),
    ({"caregiver": "yes"}, "a caregiver at home"),
    ({"share": "30 %"}, "30 % of patients, by chance"),
    ({"age": {"below": 70}}, "younger than 70"),
    ({"age": {"at_least": 65, "below": 75}}, "aged 65 or more but below 75"),
    ({"line": {"at_least": 3}}, "line 3 or later"),
    ({"line": {"below": 5}}, "before line 5"),
    ({"line": {"at_least": 2, "below": 3}}, "line 2"),
    ({"lines_here": {"below": 5}}, "fewer than 5 lines given here"),
    ({"exposed": {"to": "BCMA", "ever": False}}, "never had therapy against BCMA"),
    ({"exposed": {"to": "cilta-cel", "ever": True}}, "had cilta-cel"),
    ({"refractory_to": {"what": "CD38", "is": False}}, "not refractory to therapy against CD38"),
    ({"antigen": {"target": "BCMA", "found": ["lost", "not_tested"]}}, "BCMA lost or not tested"),
    ({"since": {"what": "BCMA", "at_least": "6 months"}},
     "6 months or more since the last therapy against BCMA"),
    ({"since": {"what": "arrival", "below": "45 days"}}, "less than 45 days since referral"),
    ({"last_response": ["cr", "vgpr"]}, "last response CR or VGPR"),
    ({"last_therapy": ["teclistamab"]}, "last therapy teclistamab"),
    ({"last_lasted": {"at_least": "1 years"}}, "last line lasted 1 year or more"),
    ({"stopped_in_response": False}, "last therapy not stopped in response"),
    ({"given": {"therapy": "teclistamab", "below": 2}}, "teclistamab given here once at most"),
    ({"given": {"therapy": "teclistamab", "below": 1}}, "teclistamab not given here yet"),
    ({"given": {"therapy": "dpd-pvd", "at_least": 1}}, "dpd-pvd given here 1 or more times"),
    ({"expected_wait": {"resource": "slots/cilta-cel", "below": "60 days"}},
     "expected wait for cilta-cel slots less than 60 days"),
    ({"queue": {"resource": "step_up_bed", "at_least": 4}}, "4 or more waiting for step-up beds"),
    ({"free": {"resource": "icu_bed", "at_least": 1}}, "1 or more ICU beds free"),
    ({"calendar": {"from": "2028-01-03"}}, "from 2028-01-03 on"),
    ({"any_of": [{"line": {"below": 3}}, {"risk": "high", "emd": "yes"}]},
     "(before line 3 or high risk and extramedullary disease)"),
    ({"not": {"renal": "impaired"}}, "not (impaired kidneys)"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "told"), TOLD)
def test_each_condition_is_told(written: dict[str, object], told: str) -> None:
    assert conditions_told(When.model_validate(written)) == (told,)


def test_every_field_of_a_rule_has_words() -> None:
    assert set(When.model_fields) == {*_TELLERS, *LEVELS}


def test_several_conditions_under_one_field_are_told_apart() -> None:
    written = {"exposed": [{"to": "BCMA", "ever": False}, {"to": "GPRC5D", "ever": True}]}
    assert conditions_told(When.model_validate(written)) == (
        "never had therapy against BCMA", "had therapy against GPRC5D",
    )  # fmt: skip


def test_the_rules_of_a_strategy_are_told_in_their_order() -> None:
    first, *_, last = rules_told(resolve("cart_first"))
    assert (first.name, first.gives, first.title) == (
        "car_t", "cilta-cel", "Ciltacabtagene autoleucel",
    )  # fmt: skip
    assert (last.condition, last.gives) == ("everybody else", "supportive care")


def test_a_therapy_that_is_not_to_be_had_yet_says_from_when() -> None:
    first = rules_told(resolve("cart_from_2028"))[0]
    assert "from 2028-01-03 on" in first.when


@pytest.mark.parametrize(
    ("days", "told"),
    [(365.25, "1 year"), (182.625, "6 months"), (28.0, "28 days"), (1.0, "1 day"), (0.0, "0 days")],
)
def test_a_time_is_told_in_the_largest_whole_unit(days: float, told: str) -> None:
    assert lasting(days) == told
