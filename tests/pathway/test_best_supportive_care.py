"""Best supportive care: one file for every population, and a scenario's own in its place."""

from pathsim.laws import Exponential
from pathsim.pathway import words
from pathsim.pathway.build import build
from pathsim.pathway.pathway import Clock
from tests.unit.scenario_files import scenario

MONTH = 365.25 / 12
THREE_MONTHS = """\
best_supportive_care:
  extends: best-supportive-care
  survival: {median: {value: 3}}
"""


def deaths(text: str) -> list[Clock]:
    """The clocks of death in both states of supportive care."""
    states = {state.name: state for state in build(scenario(text)).pathway.states}
    return [states[name].clocks[0] for name in (words.SUPPORTIVE, words.SUPPORTIVE_AFTER)]


def test_without_a_word_the_file_of_the_catalogue_holds() -> None:
    assert [clock.law for clock in deaths("")] == [Exponential.of_median(2 * MONTH)] * 2


def test_a_scenario_may_lay_its_own_over_it() -> None:
    assert [clock.law for clock in deaths(THREE_MONTHS)] == [Exponential.of_median(3 * MONTH)] * 2


def test_its_source_stands_with_the_clock() -> None:
    assert {clock.note for clock in deaths("")} == {"assumption (assumption)"}
