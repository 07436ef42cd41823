"""What sequence does: earlier therapy turns the course of later ones as it should.

Two runs that differ in one thing. Every draw is a patient's own, so the same patient is found in
both; counts are held against their binomial law with an error of one in a million.
"""

from functools import cache
from typing import Any

import pandas as pd
import pytest
from scipy.stats import binom

from pathsim.engine.simulate import simulate
from pathsim.inputs.evidence import Number
from pathsim.inputs.population import LEFT_OUT
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.therapy_car_t import CarT
from pathsim.pathway.build import build
from pathsim.pathway.course import ended_sets
from pathsim.pathway.reading import By
from pathsim.study.verify import first_difference
from tests.pathway.one_therapy import PATIENTS, TEXT, centre
from tests.unit.scenario_files import problems, rules, scenario

ERROR = 1e-6


def number(value: float, unit: str = "probability") -> Number:
    return Number(
        value=value, unit=unit, source="sample", where="sample", kind="trial", verified="no"
    )


def asked(give: str, when: str = "", options: str = "", name: str = "only") -> str:
    once = f"lines_here: {{below: 1}}, given: {{therapy: {give}, below: 1}}"
    both = f"{once}, {when}" if when else once
    return (
        f"{{name: {name}, give: {give}, off_label: true, with: {{{options}}}, because: sample, "
        f"when: {{{both}}}}}"
    )


@cache
def written(strategy: str, support: str = "") -> Scenario:
    return scenario(f"{TEXT}{support}{centre()}", strategy=strategy)


def with_features(base: Scenario, **features: Any) -> Scenario:
    """The scenario with other features, or ones that its population left out."""
    population = base.population
    changed = population.model_copy(update={"features": {**population.features, **features}})
    return base.model_copy(update={"population": changed})


def silent(base: Scenario) -> Scenario:
    """The scenario with a population that leaves out what it may."""
    features = {n: f for n, f in base.population.features.items() if n not in LEFT_OUT}
    features["distance"] = features["distance"].model_copy(update={"effects": {}})
    population = base.population.model_copy(update={"features": features})
    return base.model_copy(update={"population": population})


def exposed(base: Scenario, *, progressed: float, lost: float = 0.0, **more: Any) -> Scenario:
    """The scenario with all patients exposed to BCMA: so many progressed on it, and lost it."""
    feature = base.population.features["bcma_exposure"].model_copy(
        update={
            "levels": {"recent": number(0.0), "past": number(1.0)},
            "progressed_on_it": number(progressed),
            "antigen_lost": number(lost),
            **more,
        }
    )
    return with_features(base, bcma_exposure=feature)


class Ran:
    """A scenario's rows, and its patients as they arrived."""

    def __init__(self, of: Scenario, engine: str = "compiled") -> None:
        self.built = build(of)
        self.log = simulate(
            self.built.service, horizon=self.built.horizon, seed=7, engine=engine, replications=1
        )
        words = dict.fromkeys(("kind", "state", "cause", "option"), str)
        self.rows = self.log.log.astype(words)

    def when(self, **row: str) -> "pd.Series[float]":
        """When each patient first had a row of this kind, state, cause or option."""
        rows = self.rows
        for column, word in row.items():
            rows = rows[rows[column].eq(word)]
        return rows.groupby("patient")["time"].min()

    def found(self, variable: str) -> "pd.Series[int]":
        return self.log.patients[variable].astype(str).value_counts()


def likely(count: int, of: int, share: float) -> bool:
    """Whether so many of so many are no surprise where each has this chance."""
    low, high = (binom.ppf(p, of, share) for p in (ERROR / 2, 1 - ERROR / 2))
    return bool(low <= count <= high)


TEC = rules(asked("teclistamab"))
CILTA = rules(asked("cilta-cel"))


class TestHowItEnded:
    @pytest.mark.parametrize("strategy", [TEC, CILTA])
    def test_therapy_stopped_in_response_leaves_more_to_gain_than_one_that_failed(
        self, strategy: str
    ) -> None:
        base = written(strategy)
        spared, failed = (Ran(exposed(base, progressed=p)) for p in (0.0, 1.0))
        assert set(spared.found("BCMA ended").index) == {"response"}
        assert set(failed.found("BCMA ended").index) == {"progression"}
        name = base.strategy.gives[0]
        gained = spared.when(cause=f"{name} progression") - failed.when(cause=f"{name} progression")
        assert gained.min() >= 0.0
        assert gained[gained > 1.0].size > 10

    def test_a_drug_stopped_in_response_ends_so_and_cells_never_do(self) -> None:
        therapies = written(TEC).therapies
        drug, cells = therapies["teclistamab"], therapies["cilta-cel"]
        stopped, soon = ended_sets(drug, on_treatment=False)
        assert (stopped.variable, soon.variable) == ("BCMA ended", "BCMA ended")
        assert isinstance(stopped.to, By)
        assert isinstance(soon.to, By)
        assert dict(stopped.to.levels) == {"yes": "response", "no": "progression"}
        assert [entry for _, entry in soon.to.bands] == ["progression", None]
        assert [s.to for s in ended_sets(cells, on_treatment=False)] == ["progression"]
        assert [s.to for s in ended_sets(drug, on_treatment=True)] == ["progression"]


class TestLostTargets:
    def test_a_lost_target_brings_progression_forward(self) -> None:
        base = written(TEC)
        kept, lost = (Ran(exposed(base, progressed=1.0, lost=p)) for p in (0.0, 1.0))
        assert set(lost.found("BCMA antigen").index) == {"lost"}
        name = "teclistamab progression"
        gained = kept.when(cause=name) - lost.when(cause=name)
        assert gained.min() >= 0.0
        assert gained[gained > 30.0].size > 20

    def test_a_target_is_lost_at_the_share_of_progressions_that_the_therapy_says(self) -> None:
        twice = rules(
            asked("teclistamab"),
            "{name: lost, give: talquetamab, off_label: true, because: sample, "
            "when: {antigen: {target: BCMA, found: lost}, lines_here: {below: 2}}}",
        )
        base = written(twice, "support: {antigen_test: true}\n")
        assert base.supportive.antigen_test is not None
        perfect = base.supportive.antigen_test.model_copy(
            update={"sensitivity": number(1.0), "specificity": number(1.0)}
        )
        supportive = base.supportive.model_copy(update={"antigen_test": perfect})
        therapy = base.therapies["teclistamab"]
        for share in (0.0, 0.3, 1.0):
            loses = therapy.model_copy(update={"antigen_loss": {"BCMA": number(share)}})
            therapies = {**base.therapies, "teclistamab": loses}
            changed = base.model_copy(update={"therapies": therapies, "supportive": supportive})
            rows = Ran(exposed(changed, progressed=0.0)).rows
            asked_again = rows[rows["state"].eq("strategy") & rows["cause"].eq("gap")]
            second = asked_again.drop_duplicates("patient")
            assert likely(second["option"].eq("lost").sum(), len(second), share)
            assert len(second) > 50

    def test_rules_can_ask_what_was_found_and_never_what_is_there(self) -> None:
        (only,) = problems("", strategy=rules(asked("teclistamab", "bcma_antigen: lost")))
        assert "bcma_antigen  unknown field" in only
        hidden = {v.name for v in build(written(TEC)).pathway.variables if not v.known}
        assert {"BCMA antigen", "GPRC5D antigen"} <= hidden
        assert "BCMA antigen found" not in hidden

    @pytest.mark.parametrize(("lost", "share"), [(1.0, 0.8), (0.0, 0.05)])
    def test_the_test_finds_as_its_sensitivity_and_specificity_say(
        self, lost: float, share: float
    ) -> None:
        base = written(TEC, "support: {antigen_test: true}\n")
        found = Ran(exposed(base, progressed=1.0, lost=lost)).found("BCMA antigen found")
        assert found.sum() == PATIENTS
        assert "not_tested" not in found
        assert likely(found.get("lost", 0), PATIENTS, share)

    def test_nobody_is_tested_unless_asked_nor_without_exposure(self) -> None:
        assert set(Ran(written(TEC)).found("BCMA antigen found").index) == {"not_tested"}
        ran = Ran(written(TEC, "support: {antigen_test: true}\n"))
        patients = ran.log.patients.astype({"bcma exposure": str, "BCMA antigen found": str})
        never = patients[patients["bcma exposure"].eq("never")]
        assert set(never["BCMA antigen found"]) == {"not_tested"}

    def test_a_rule_that_asks_of_a_test_not_done_is_told(self) -> None:
        lost = "antigen: {target: BCMA, found: lost}"
        (only,) = problems("", strategy=rules(asked("teclistamab", lost)))
        assert "nobody is tested in this scenario: write antigen_test: true" in only


class TestFitnessOfCells:
    def product(self, ran: Ran) -> "pd.Series[str]":
        rows = ran.rows[ran.rows["state"].eq("cilta-cel: product")]
        return rows.groupby("patient")["option"].first()

    def worse(self, usual: Scenario, recent: Scenario) -> None:
        """Whoever has a worse product without the drug has one with it, and others as well."""
        one, other = self.product(Ran(usual)), self.product(Ran(recent))
        assert list(one.index) == list(other.index)
        order = {"failed": 0, "out of specification": 1, "to specification": 2}
        lost = one.map(order) - other.map(order)
        assert lost.min() == 0
        assert (lost > 0).sum() > 5

    def test_an_alkylator_of_late_makes_worse_cells(self) -> None:
        base = written(CILTA)
        feature = base.population.features["caregiver"]
        levels = [
            feature.model_copy(update={"levels": {"yes": number(p)}, "rest": "no"})
            for p in (0.0, 1.0)
        ]
        self.worse(*(with_features(base, recent_alkylator=level) for level in levels))

    def test_a_bispecific_of_late_makes_worse_cells_by_the_products_own_window(self) -> None:
        base = exposed(
            written(CILTA, "support: {hold_before_apheresis: 0 days}\n"),
            progressed=1.0,
            therapies={"teclistamab": number(1.0)},
        )
        cells = base.therapies["cilta-cel"]
        assert isinstance(cells, CarT)
        made = cells.manufacture
        runs = []
        for days in (1.0, 10_000.0):
            window = {"recent_bispecific_within": number(days, "days")}
            product = base.therapies["cilta-cel"].model_copy(
                update={"manufacture": made.model_copy(update=window)}
            )
            therapies = {**base.therapies, "cilta-cel": product}
            runs.append(base.model_copy(update={"therapies": therapies}))
        self.worse(*runs)


class TestShares:
    def test_a_share_of_patients_takes_the_rule_and_keeps_to_it(self) -> None:
        ran = Ran(written(rules(asked("teclistamab", "share: 30 %"))))
        taken = ran.rows[ran.rows["option"].eq("only")]["patient"].nunique()
        assert likely(taken, PATIENTS, 0.3)
        assert ran.found("chance of only")["yes"] == taken

    def test_a_larger_share_takes_all_patients_of_a_smaller(self) -> None:
        few, many = (
            set(Ran(written(rules(asked("teclistamab", f"share: {p}")))).when(option="only").index)
            for p in (0.2, 0.6)
        )
        assert few < many

    def test_shares_inside_one_rule_are_drawn_apart(self) -> None:
        both = rules(asked("teclistamab", "share: 0.5, not: {share: 0.5}"))
        assert likely(len(Ran(written(both)).when(option="only")), PATIENTS, 0.25)

    def test_a_share_never_makes_a_later_rule_idle(self) -> None:
        again = asked("teclistamab", "share: 0.5", name="again")
        first = asked("teclistamab", "share: 0.5")
        taken = len(Ran(written(rules(first, again))).when(option="again"))
        assert likely(taken, PATIENTS, 0.25)

    @pytest.mark.parametrize(
        ("share", "said"),
        [
            ("56", "56 is out of range: did you mean '56 %'?"),
            ("120 %", "'120 %' is out of range: write '0 %' to '100 %'"),
            ("half", "'half' is not a share: write it like '56 %'"),
            ("true", "True is not a share: write it like '56 %'"),
        ],
    )
    def test_a_share_written_wrongly_is_told(self, share: str, said: str) -> None:
        (only,) = problems("", strategy=rules(asked("teclistamab", f"share: {share}")))
        assert only.endswith(f"strategy.rules#1.when.share  {said}")


class TestWashoutAndAccess:
    def test_a_washout_before_a_first_dose_lasts_as_long_as_asked(self) -> None:
        ran = Ran(written(rules(asked("teclistamab", options="washout: 14 days"))))
        state = "teclistamab: washout"
        over = ran.when(cause="teclistamab washout") - ran.when(kind="enter", state=state)
        assert over.dropna().between(14 - 1e-9, 14 + 1e-9).all()
        assert over.notna().sum() > 200

    def test_without_the_option_there_is_none(self) -> None:
        assert Ran(written(TEC)).when(state="teclistamab: washout").empty

    def test_a_population_that_says_nothing_comes_from_academic_centres(self) -> None:
        here, there = (
            Ran(silent(written(rules(asked("teclistamab", f"centre_type: {level}")))))
            for level in ("academic", "community")
        )
        assert len(here.when(option="only")) == PATIENTS
        assert there.when(option="only").empty


def test_engines_agree_on_all_of_it() -> None:
    strategy = rules(
        asked("teclistamab", "share: 40 %", "washout: 14 days, fixed_duration: true"),
        "{name: lost, give: talquetamab, off_label: true, because: sample, "
        "when: {antigen: [{target: BCMA, found: lost}], lines_here: {below: 3}}}",
        "{name: cells, give: cilta-cel, off_label: true, because: sample, "
        "with: {bridging: talquetamab}, "
        "when: {given: {therapy: cilta-cel, below: 1}, centre_type: academic}}",
        "{name: salvage, give: late-line-salvage, off_label: true, because: sample, "
        "when: {not: {share: 0.2}, lines_here: {below: 4}}}",
    )
    base = exposed(written(strategy, "support: {antigen_test: true}\n"), progressed=0.7, lost=0.3)
    accrual = base.accrual.model_copy(update={"patients": 60})
    of = base.model_copy(update={"accrual": accrual})
    one, other = (Ran(of, engine) for engine in ("simpy", "compiled"))
    assert first_difference(one.log, other.log) is None
    assert {"lost", "cells", "salvage"} <= set(one.rows["option"])
