"""A scenario that uses every switch gives the same log in both engines, and says so in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pathsim.engine.simulate import simulate
from pathsim.inputs.scenario import Scenario, Support
from pathsim.inputs.strategy import Options
from pathsim.pathway.build import build
from pathsim.study.how_given import how_given, usually_given
from tests.engines.differences import difference, tables
from tests.unit.scenario_files import read, rules, scenario

TEXT = """\
accrual: {patients: 300, process: poisson, rate: 30 per month, because: sample}
horizon: 5 years
support: {infection_prophylaxis: false, because: sample}
"""
RULES = (
    "{name: car-t, give: cilta-cel, off_label: true, when: {fitness: fit, given: {therapy: "
    "cilta-cel, below: 1}}, with: {site: outpatient, dexamethasone_by_lymphocytes: true, "
    "ivig: low_igg, bridging: talquetamab, washout: 7 days, hold_before_apheresis: 20 days}, "
    "because: sample}",
    "{name: talquetamab, give: talquetamab, off_label: true, when: {given: {therapy: talquetamab, "
    "below: 1}}, with: {on_toxicity: fewer_doses_then_stop, fewer_doses: {response: pr, after: 3 "
    "months}, fixed_duration: {response: vgpr, after: 9 months}, tocilizumab_prophylaxis: true, "
    "site: outpatient, hold_doses: false, ivig: primary}, because: sample}",
    "{name: teclistamab, give: teclistamab, off_label: true, when: {given: {therapy: teclistamab, "
    "below: 1}}, with: {step_up_again_after: 21 days, fewer_doses: never, fixed_duration: true, "
    "ivig: after_infection, infection_prophylaxis: true}, because: sample}",
)


@pytest.fixture(scope="module")
def switched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenario]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("switches"))
        patch.setattr("pathsim.inputs.load.read", read)
        yield scenario(TEXT, strategy=rules(*RULES), name=Path("all-switches").name)


def test_the_rules_use_every_option(switched: Scenario) -> None:
    used = {name for rule in switched.strategy.rules for name in rule.options.said}
    assert used == set(Options.model_fields)


def test_both_engines_give_the_same_log(switched: Scenario) -> None:
    built = build(switched)
    one, other = (
        tables(simulate(built.service, horizon=built.horizon, seed=3, engine=engine))
        for engine in ("simpy", "compiled")
    )
    assert len(one[0]) > 5000
    assert difference(one, other) == ""


def test_each_option_is_told_in_words(switched: Scenario) -> None:
    told = [how_given(rule.options) for rule in switched.strategy.rules]
    assert told[1].startswith("as an outpatient; tocilizumab beforehand; immunoglobulin from month")
    assert "stopped after 9 months with VGPR or better" in told[1]
    assert usually_given(switched.support) == "no prevention of infection"
    assert usually_given(Support()) == ""
