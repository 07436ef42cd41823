"""What is wrong is said with its place, its cause and its remedy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathsim.errors import InputError, PathwayError, Problem, did_you_mean


def problem(file: str = "a.yaml", line: int = 1, cause: str = "wrong") -> Problem:
    return Problem(file, line, "beds", cause, "mend it")


def test_a_problem_reads_as_place_field_cause_and_remedy() -> None:
    said = Problem(
        "params/therapies/cilta-cel.yaml",
        41,
        "manufacture.duration.unit",
        "missing; found 'units'",
        "did you mean 'unit'?",
    )
    assert str(said) == (
        "params/therapies/cilta-cel.yaml:41  manufacture.duration.unit  "
        "missing; found 'units': did you mean 'unit'?"
    )


def test_a_problem_of_a_whole_file_names_no_field() -> None:
    assert str(Problem("a.yaml", 1, "", "empty", "")) == "a.yaml:1  empty"


def test_an_input_error_tells_all_problems_by_file_and_line() -> None:
    later, sooner, other = problem(line=10), problem(line=9), problem(file="b.yaml")
    error = InputError([other, later, sooner])
    assert error.problems == (sooner, later, other)
    assert str(error).splitlines() == [str(sooner), str(later), str(other)]


def test_an_input_error_tells_the_same_problem_once() -> None:
    assert InputError([problem(), problem()]).problems == (problem(),)


def test_an_input_error_takes_a_single_problem_too() -> None:
    assert InputError(problem()).problems == (problem(),)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PathwayError("no way out"), "no way out"),
        (PathwayError("no way out", "state 'ward'"), "state 'ward'  no way out"),
        (PathwayError("no way out", remedy="add a clock"), "no way out: add a clock"),
    ],
)
def test_a_pathway_error_says_what_where_and_the_remedy(error: PathwayError, said: str) -> None:
    assert str(error) == said


@pytest.mark.parametrize(
    ("word", "meant"), [("units", "unit"), ("UNIT", "unit"), ("Sorce", "source"), ("xyzzy", None)]
)
def test_the_nearest_name_is_offered_if_it_is_near(word: str, meant: str | None) -> None:
    assert did_you_mean(word, ["unit", "source", "value"]) == meant


@given(st.text(), st.lists(st.text()))
def test_only_a_name_that_exists_is_ever_offered(word: str, names: list[str]) -> None:
    assert did_you_mean(word, names) in {None, *names}
