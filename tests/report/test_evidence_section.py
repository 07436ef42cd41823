"""Where the numbers come from: what is used, what is left out, what is weakest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pathsim.inputs.evidence import numbers
from pathsim.inputs.vary import varied
from pathsim.pathway.build import build
from pathsim.report import evidence, limits
from pathsim.report.page import Section
from pathsim.report.weakest import Weakest, reaches, weakest
from pathsim.study.evidence import unverified
from pathsim.study.kept import Result, Study
from pathsim.study.spoken import spoken
from pathsim.study.used import used
from tests.report.a_result import small_result, with_study


@pytest.fixture
def result() -> Result:
    return small_result()


def shown_of(section: Section, result: Result) -> Mapping[str, Any]:
    """What a section shows, which it does."""
    shown = section.content(result)
    assert shown is not None
    return shown


def weakest_of(result: Result) -> Weakest:
    """The weakest numbers, which there are."""
    found = weakest(result)
    assert found is not None
    return found


def _scenarios(result: Result):
    return {name: each.built.scenario for name, each in result.strategies.items()}


def test_a_therapy_that_no_rule_gives_is_left_out_and_named(result):
    found = used(_scenarios(result))
    names = {part.name for part in found}
    assert "ide-cel" not in names
    assert found.left_out == ("ide-cel",)
    assert {"cilta-cel", "teclistamab", "dpd-pvd"} <= names
    assert "ide-cel" in shown_of(evidence, result)["left_out"]


def test_each_number_stands_once_however_many_strategies_use_it(result):
    found = used(_scenarios(result))
    paths = [(part.name, n.path) for part in found for n in part.numbers]
    assert len(paths) == len(set(paths)) == found.count


def test_of_a_part_that_two_strategies_have_otherwise_only_what_differs_stands_twice(result):
    scenarios = _scenarios(result)
    path = "therapies.late-line-salvage.response.assessed"
    scenarios["standard_only"] = varied(scenarios["standard_only"], {path: 30})
    found = used(scenarios)
    twice = [part for part in found if part.name == "late-line-salvage"]
    assert [len(part.strategies) for part in twice] == [1, 1]
    assert [n.path for n in twice[1].numbers] == ["response.assessed"]
    assert "standard_only differs" in twice[1].title


def test_the_share_of_assumptions_is_that_of_the_numbers_counted_one_by_one(result):
    scenario = _scenarios(result)["standard_only"]
    given = {"late-line-salvage", "dpd-pvd"}
    every = [n for name in given for _, n in numbers(scenario.therapies[name])]
    for part in (scenario.population, scenario.supportive, scenario.best_supportive_care,
                 scenario.centre, scenario.background.about):  # fmt: skip
        every += [n for _, n in numbers(part)]
    found = used({"standard_only": scenario})
    assert (found.count, found.open) == (len(every), sum(map(unverified, every)))


def test_every_line_with_a_published_source_is_numbered_in_the_list(result):
    shown = shown_of(evidence, result)
    listed = [each.number for each in shown["references"]]
    assert listed == list(range(1, len(listed) + 1))
    cited = [each for part in shown["parts"] for _, lines in part.groups for each in lines]
    assert all(set(each.sources) <= set(listed) for each in cited)
    assert {n for each in cited for n in each.sources} | {
        n for part in shown["parts"] for n in part.fitted_to
    } == set(listed)
    assert all(each.sources for each in cited if each.line.evidence.startswith("trial ("))
    assert sum("doi.org" in each.address for each in shown["references"]) > 20


def test_numbers_are_said_in_units_of_speech_and_mean_the_same(result):
    written = _scenarios(result)["cart_first"].population
    for (_, before), (_, after) in zip(numbers(written), numbers(spoken(written)), strict=True):
        assert after.base == pytest.approx(before.base, rel=1e-12)
        assert (after.base_spread is None) == (before.base_spread is None)
    waiting = spoken(written).waiting.death
    assert (waiting.unit, round(waiting.value, 6)) == ("per year", 0.24)


def test_without_a_study_the_weakest_is_the_widest_and_no_effect_is_claimed(result):
    found = weakest_of(result)
    assert not found.simulated
    assert "not known" in found.says
    assert "pathsim sweep" in found.how
    assert 1 < len(found.numbers) <= 5
    assert all(not n.moves and n.why and " to " in n.range for n in found.numbers)
    scenarios = _scenarios(result)
    for each in found.numbers:
        number = next(n for s in scenarios.values() for p, n in numbers(s) if p == each.path)
        assert unverified(number)
        assert number.spread is not None
        assert number.spread.of in ("assumed", "95ci")


def test_a_number_behind_a_switch_that_is_off_does_not_reach_the_model(result):
    built = result.strategies["cart_first"].built
    part = next(p for p in used({"cart_first": built.scenario}) if p.name == "supportive-care")
    test = next(n for n in part.numbers if n.path == "antigen_test.sensitivity")
    assert not reaches({"cart_first": built}, part, test)
    scenario = varied(built.scenario, {"support.antigen_test": True})
    on = build(scenario)
    part = next(p for p in used({"cart_first": scenario}) if p.name == "supportive-care")
    assert reaches({"cart_first": on}, part, test)


def _tornado(folder: Path, rows: list[tuple[str, str, float]]) -> Study:
    table = pd.DataFrame(
        [
            {"scenario": "cart_first", "structure": "as_written", "factor": path.split(".")[-1],
             "path": path, "factor_unit": "%", "low_value": "1", "high_value": "2",
             "outcome": outcome, "unit": "days", "swing": swing, "low": swing - 1,
             "high": swing + 1}
            for path, outcome, swing in rows
        ]
    )  # fmt: skip
    table.to_parquet(folder / "tornado.parquet", index=False)
    return Study("sweep", "what-matters", folder, {})


def test_with_a_tornado_the_weakest_is_the_assumption_that_surely_moves_a_headline_most(
    result, tmp_path
):
    assumed, small = "population.waiting.death", "therapies.cilta-cel.early_death.probability"
    read_in_source = "population.features.emd.levels.yes"
    study = _tornado(tmp_path, [
        (small, "time off treatment", 2.0), (assumed, "time off treatment", -9.0),
        (read_in_source, "time off treatment", 30.0), (small, "some other outcome", 99.0),
        ("therapies.cilta-cel.before_infusion.postponed", "time off treatment", 0.9),
    ])  # fmt: skip
    found = weakest_of(with_study(result, study))
    assert found.simulated
    assert [n.path for n in found.numbers] == [assumed, small]
    assert "what-matters" in found.says
    assert "moves by -9.0 days" in found.says
    assert "Of the 4 that" in found.says


def test_with_whole_parts_moved_the_weakest_is_the_widest_of_the_part_that_moves_most(
    result, tmp_path
):
    rows = [{"outcome": "days in hospital", "unit": "days", "scenario": "cart_first", "minus": "",
             "structure": "as_written", "factor": factor, "mu_star": moved}
            for factor, moved in (("therapies.teclistamab", 2.0), ("population", 9.0))]  # fmt: skip
    pd.DataFrame(rows).to_parquet(tmp_path / "indices.parquet", index=False)
    found = weakest_of(with_study(result, Study("sweep", "parts", tmp_path, {})))
    assert not found.simulated
    assert "rests most on those of the population" in found.says
    assert all(n.path.startswith("population.") for n in found.numbers)


def test_a_study_that_varied_no_assumption_leaves_the_ranking_by_range(result, tmp_path):
    study = _tornado(tmp_path, [("population.features.emd.levels.yes", "time off treatment", 3.0)])
    assert not weakest_of(with_study(result, study)).simulated


def test_shares_by_kind_add_up_and_the_figure_tells_them_to_who_cannot_see_it(result):
    shown = shown_of(evidence, result)
    for row in shown["shares"].rows:
        assert abs(sum(map(int, row.cells[2:8])) - 100) <= 3
    assert "assumption" in shown["figure"].alt
    assert b"<svg" in shown["figure"].svg


def test_what_is_stated_without_a_source_is_told_with_its_reason(result):
    rows = [row.cells for row in shown_of(evidence, result)["stated"].rows]
    bed = next(cells for cells in rows if cells[0] == "cell therapy bed")
    assert "10" in bed[1]
    assert bed[2].startswith("Assumption")
    assert any(cells[0].startswith("Others who use the ward bed") for cells in rows)


# --- limits --------------------------------------------------------------------------------------


def _said(result: Result) -> str:
    return " ".join(c for row in shown_of(limits, result)["limits"].rows for c in row.cells)


def test_limits_of_the_run_are_counted_from_it(result):
    said = _said(result)
    patients = result.strategies["cart_first"].measured.patients
    assert f"{100 * (1 - patients['dead'].mean()):.0f} % of patients are alive" in said
    assert "2 replications" in said
    assert "no medical device" in said
    assert "no warm-up" in said


def test_one_replication_has_no_interval_and_the_limit_says_so(result):
    assert "1 replication: no interval" in _said(replace(result, replications=1))
    assert "replication: no" not in _said(replace(result, replications=50))


def test_misses_are_read_from_a_validation_and_from_nowhere_else(result, tmp_path):
    assert "No validation is among the results" in _said(result)
    assert shown_of(limits, result)["misses"] is None
    common = {"unit": "%", "interval": "95ci", "simulated_low": 1.0, "simulated_high": 2.0,
              "low": 10.0, "high": 20.0, "dependence": "independent", "arm": "a"}  # fmt: skip
    table = pd.DataFrame([
        {"trial": "t", "target": "orr", "role": "check", "inside": False, "published": 15.0,
         "simulated": 1.5, "distance": -2.7, **common},
        {"trial": "t", "target": "pfs", "role": "calibration", "inside": True, "published": 15.0,
         "simulated": 14.0, "distance": -0.2, **common},
        {"trial": "t", "target": "os", "role": "reported", "inside": False, "published": 15.0,
         "simulated": 1.0, "distance": -9.0, **common},
    ])  # fmt: skip
    table.to_parquet(tmp_path / "targets.parquet", index=False)
    found = with_study(result, Study("validate", "validation", tmp_path, {}))
    assert "Of 2 published figures" in _said(found)
    assert "1 lies outside" in _said(found)
    assert [row.cells[0] for row in shown_of(limits, found)["misses"].rows] == ["t: orr"]


def test_off_label_use_is_a_limit_only_where_there_is_any(result):
    assert "OFF LABEL" not in _said(result)
    strategy = result.strategies["cart_first"]
    record = {**strategy.record, "off_label_entries": 7, "off_label_rules": ["car_t"]}
    changed = {**result.strategies, "cart_first": replace(strategy, record=record)}
    assert "OFF LABEL: under cart_first 7 therapies" in _said(replace(result, strategies=changed))


def test_a_result_without_strategies_still_has_limits_and_no_evidence():
    assert evidence.content(Result()) is None
    assert weakest(Result()) is None
    assert "no medical device" in _said(Result())
