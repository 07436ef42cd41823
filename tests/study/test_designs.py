"""Designs: which sets of values a study file asks for."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from pathsim.inputs.resolve import resolve
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.study import Study
from pathsim.inputs.study_designs import LONGEST, column
from pathsim.inputs.vary import field_of, paths, varied
from pathsim.study.design import LEFT, Design
from pathsim.study.designs.grid import Combinations
from pathsim.study.designs.kinds import design_of
from pathsim.study.designs.one_way import spreads

BEDS = "centre.resources.cell_therapy_bed.places"
ASSESSED = "therapies.cilta-cel.response.assessed"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return resolve("cart_first")


def design(scenario: Scenario, kind: str, *vary: dict[str, Any], **more: Any) -> Design:
    asked = {"kind": kind, "vary": list(vary), **more}
    whole = {"study": "x", "title": "A test?", "scenarios": ["cart_first"], "design": asked}
    return design_of(Study.model_validate(whole), [scenario])


def values(made: Design, place: int = 0) -> list[Any]:
    return [row[place] for row in made.sets]


def test_a_grid_is_every_combination_and_the_last_field_changes_fastest(
    scenario: Scenario,
) -> None:
    made = design(scenario, "grid", {"path": BEDS, "values": [8, 10]},
                  {"path": "dependence", "values": ["as_assumed", "none"]})  # fmt: skip
    assert list(made.sets) == [(8, "as_assumed"), (8, "none"), (10, "as_assumed"), (10, "none")]
    assert made.changes(3) == {BEDS: 10, "dependence": "none"}


def test_a_grid_is_worked_out_as_it_is_asked_for() -> None:
    many = Combinations((tuple(range(1000)),) * 6)
    assert len(many) == 10**18
    assert many[123456] == (0, 0, 0, 0, 123, 456)
    assert many[10**18 - 1] == (999,) * 6
    with pytest.raises(IndexError):
        many[10**18]


def test_steps_of_a_range_reach_both_ends(scenario: Scenario) -> None:
    line = design(scenario, "grid", {"path": ASSESSED, "low": 1, "high": 4, "steps": 4})
    assert values(line) == [1, 2, 3, 4]
    log = {"path": ASSESSED, "low": 0.5, "high": 8, "steps": 3, "scale": "log"}
    assert values(design(scenario, "grid", log)) == [0.5, pytest.approx(2), 8]


def test_steps_of_a_count_are_whole_and_none_stands_twice(scenario: Scenario) -> None:
    made = design(scenario, "grid", {"path": BEDS, "low": 8, "high": 10, "steps": 5})
    assert values(made) == [8, 9, 10]
    assert all(type(value) is int for value in values(made))


def test_a_quantity_is_a_number_in_its_column_and_text_in_the_scenario(
    scenario: Scenario,
) -> None:
    ends = {"low": "6 per month", "high": "10 per month"}
    made = design(scenario, "latin_hypercube", {"path": "accrual.rate", **ends}, sets=8)
    (factor,) = made.factors
    assert (factor.unit, factor.base, factor.kind) == ("per month", pytest.approx(8), "number")
    for number, (value,) in enumerate(made.sets):
        assert 6 <= value <= 10
        changed = varied(scenario, made.changes(number))
        assert field_of(changed, "accrual.rate").value * 30.4375 == pytest.approx(value)


def test_one_way_changes_nothing_and_then_one_field_at_a_time(scenario: Scenario) -> None:
    made = design(scenario, "one_way", {"path": BEDS, "low": 8, "high": 12},
                  {"path": "support.hold_doses", "values": [False]})  # fmt: skip
    assert list(made.sets) == [(LEFT, LEFT), (8, LEFT), (12, LEFT), (LEFT, False)]
    assert made.changes(0) == {}
    assert made.changes(3) == {"support.hold_doses": False}


def test_without_ends_a_number_goes_over_its_own_spread(scenario: Scenario) -> None:
    field = field_of(scenario, ASSESSED)
    made = design(scenario, "one_way", {"path": ASSESSED})
    assert values(made)[1:] == [field.low, field.high]


def test_numbers_that_cannot_bear_their_spread_alone_are_left_out_and_named(
    scenario: Scenario,
) -> None:
    whole = {"study": "x", "title": "A test?", "scenarios": ["cart_first"]}
    asked = {"kind": "one_way", "vary": "spreads", "of": ["population.features.prior_lines"]}
    made = design_of(Study.model_validate({**whole, "design": asked}), [scenario])
    assert len(made) == 1 + 2 * len(made.factors)
    for number in range(1, len(made)):
        varied(scenario, made.changes(number))
    (note,) = made.left_out
    assert "Left out" in note
    assert "population.features.prior_lines.counts" in note


def test_spreads_are_those_of_all_numbers_below_the_paths_named(scenario: Scenario) -> None:
    every = spreads(scenario, ())
    wide = [p for p in paths(scenario) if (f := field_of(scenario, p)).low != f.high]
    assert [each.path for each in every] == wide
    some = [each.path for each in spreads(scenario, ("therapies.ide-cel", "supportive.ivi"))]
    assert some == [path for path in wide if path.startswith("therapies.ide-cel.")]


def test_every_field_has_a_column_that_stata_reads(scenario: Scenario) -> None:
    for path in paths(scenario):
        name = column(path)
        assert name.isascii()
        assert name.isidentifier()
        assert len(name) <= LONGEST
    names = [each.column for each in spreads(scenario, ())]
    assert len(set(names)) == len(names) > 100


def test_a_latin_hypercube_takes_every_part_of_every_range_once(scenario: Scenario) -> None:
    ranges = ({"path": ASSESSED, "low": 1, "high": 3}, {"path": "horizon", "low": "1 years",
              "high": "9 years", "scale": "log"})  # fmt: skip
    made = design(scenario, "latin_hypercube", *ranges, sets=50)
    line = (np.array(values(made)) - 1) / 2
    log = np.log(np.array(values(made, 1))) / np.log(9)
    for found in (line, log):
        assert sorted(np.floor(found * 50)) == list(range(50))


def test_a_sobol_sequence_is_balanced_in_every_half_and_quarter(scenario: Scenario) -> None:
    ranges = ({"path": ASSESSED, "low": 0, "high": 1}, {"path": "horizon", "low": "2 years",
              "high": "4 years"})  # fmt: skip
    made = design(scenario, "sobol_sequence", *ranges, sets=64)
    both = np.array(made.sets) - [0, 2]
    cells = np.floor(both * [4, 2])
    assert {tuple(cell): n for cell, n in zip(*np.unique(cells, axis=0, return_counts=True),
            strict=True)} == {(a, b): 4 for a in range(4) for b in range(4)}  # fmt: skip


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol_sequence"])
def test_the_same_seed_draws_the_same_sets(scenario: Scenario, kind: str) -> None:
    def drawn() -> Sequence[Any]:
        return design(scenario, kind, {"path": ASSESSED, "low": 1, "high": 3}, sets=16).sets

    assert drawn() == drawn()


def test_whole_numbers_and_values_are_drawn_alike_often(scenario: Scenario) -> None:
    made = design(scenario, "latin_hypercube", {"path": BEDS, "low": 8, "high": 11},
                  {"path": "support.ivig", "values": ["none", "primary"]}, sets=40)  # fmt: skip
    assert {v: values(made).count(v) for v in values(made)} == dict.fromkeys((8, 9, 10, 11), 10)
    assert sorted(values(made, 1)) == ["none"] * 20 + ["primary"] * 20


def test_whole_numbers_are_drawn_by_ratios_where_that_is_asked(scenario: Scenario) -> None:
    """From 1 to 15: as often below 4 as from 4 on, where evenly it would be 3 in 15."""
    ratios = {"path": BEDS, "low": 1, "high": 15, "scale": "log"}
    found = values(design(scenario, "latin_hypercube", ratios, sets=100))
    assert sum(value < 4 for value in found) == 50
    assert {1, 15} <= {*found} <= {*range(1, 16)}


def test_counts_with_a_source_are_drawn_whole(scenario: Scenario) -> None:
    path = next(p for p in paths(scenario) if field_of(scenario, p).unit == "count"
                and p.endswith("step_up.doses"))  # fmt: skip
    made = design(scenario, "latin_hypercube", {"path": path, "low": 2, "high": 4}, sets=9)
    assert sorted(values(made)) == [2] * 3 + [3] * 3 + [4] * 3
