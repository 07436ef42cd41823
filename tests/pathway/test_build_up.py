"""How a service fills: referrals that grow or change by date, and therapies that are launched."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pathsim.engine.simulate import simulate
from pathsim.inputs.quantity import Growth
from pathsim.pathway.arriving import from_day_0, grown, mean_growth
from pathsim.pathway.build import Built, build
from pathsim.pathway.service import Poisson
from tests.unit.scenario_files import problems, rules, scenario

YEAR = 365.25
LAUNCHED = "launches: {dpd-pvd: {from: 2028-01-03, because: sample}}"
FIRST = "{name: first, give: dpd-pvd, when: {lines_here: {below: 2}}, because: sample}"
THEN = "{name: then, give: late-line-salvage, when: {lines_here: {below: 4}}, because: sample}"


def built(text: str, **more: str) -> Built:
    return build(scenario(text, **more))


def rows(text: str, engine: str = "simpy", **more: str) -> pd.DataFrame:
    ready = built(text, **more)
    return simulate(ready.service, horizon=ready.horizon, seed=1, engine=engine).log


class TestGrowth:
    def test_expected_referrals_are_those_of_a_rate_that_grows_all_the_time(self) -> None:
        law = Poisson(grown(((0.0, 0.25),), Growth(10.0), horizon=8 * YEAR)).law()
        for years in (1, 2, 5, 8):
            whole = 0.25 * YEAR * (1.1**years - 1) / np.log(1.1)
            assert law.cumulative_hazard(years * YEAR) == pytest.approx(whole, rel=2e-4)

    def test_growth_of_nothing_leaves_the_rate_and_shrinking_lowers_it(self) -> None:
        assert {rate for _, rate in grown(((0.0, 0.25),), Growth(0.0), horizon=YEAR)} == {0.25}
        rates = [rate for _, rate in grown(((0.0, 0.25),), Growth(-20.0), horizon=3 * YEAR)]
        assert rates == sorted(rates, reverse=True)
        assert rates[-1] > 0.25 * 0.8**3

    def test_the_mean_of_a_year_lies_between_its_first_and_last_day(self) -> None:
        assert mean_growth(1.1, 0.0, YEAR) == pytest.approx(0.1 / np.log(1.1))

    def test_rates_from_days_on_grow_each_from_day_0(self) -> None:
        rates = dict(grown(((0.0, 1.0), (100.0, 2.0)), Growth(10.0), horizon=YEAR))
        assert rates[100.0] / rates[0.0] == pytest.approx(2.0, rel=0.05)
        assert 100.0 in rates

    def test_a_rate_that_began_before_day_0_is_in_force_then(self) -> None:
        assert from_day_0(((-70.0, 1.0), (-7.0, 2.0), (30.0, 3.0))) == ((0.0, 2.0), (30.0, 3.0))

    def test_nobody_comes_before_the_first_rate_begins(self) -> None:
        assert from_day_0(((30.0, 3.0),)) == ((0.0, 0.0), (30.0, 3.0))

    @pytest.mark.parametrize("engine", ["simpy", "compiled"])
    def test_the_number_of_patients_is_the_limit_of_those_who_come(self, engine: str) -> None:
        come = rows("accrual: {patients: 30, growth: 50 % per year}", engine)
        ours = come[come["kind"].eq("arrive") & come["option"].eq("patients")]
        assert len(ours) == 30

    def test_both_engines_give_the_same_log(self) -> None:
        text = "accrual: {patients: 60, rate: [{from: 0 days, rate: 2 per month}, {from: 1 year, rate: 8 per month}], growth: 30 % per year}"  # noqa: E501
        pd.testing.assert_frame_equal(rows(text, "simpy"), rows(text, "compiled"))

    def test_another_number_of_patients_comes_at_the_same_pace(self) -> None:
        made = scenario("accrual: {growth: 10 % per year}")
        few, many = (build(made, patients=n).service.streams[0].arrivals for n in (10, 500))
        assert few == many


class TestProcesses:
    @pytest.mark.parametrize("engine", ["simpy", "compiled"])
    def test_even_referrals_come_one_after_another_at_the_same_distance(self, engine: str) -> None:
        log = rows("accrual: {patients: 20, process: steady, rate: 1 per week}", engine)
        days = log[log["kind"].eq("arrive") & log["option"].eq("patients")]["time"]
        assert days.tolist() == pytest.approx([7.0 * k for k in range(20)])

    @pytest.mark.parametrize("engine", ["simpy", "compiled"])
    def test_a_cohort_starts_together_on_day_0(self, engine: str) -> None:
        log = rows("accrual: {patients: 20, process: at_once, rate: null}", engine)
        days = log[log["kind"].eq("arrive") & log["option"].eq("patients")]["time"]
        assert days.tolist() == [0.0] * 20


class TestLaunches:
    strategy = rules(FIRST, THEN)

    def test_before_its_launch_nobody_gets_the_therapy_and_afterwards_they_do(self) -> None:
        log = rows(LAUNCHED, strategy=self.strategy)
        given = log[log["state"].eq("dpd-pvd: authorisation")]
        day = (date(2028, 1, 3) - date(2026, 1, 5)).days
        assert day <= given["time"].min() < day + 30

    def test_before_it_the_next_rule_that_holds_is_taken(self) -> None:
        log = rows(LAUNCHED, strategy=self.strategy)
        early = log[log["kind"].eq("choice") & log["state"].eq("strategy") & log["time"].lt(700)]
        first = early.groupby("patient").head(1)
        assert first["option"].astype(str).eq("then").mean() > 0.9

    def test_a_launch_before_the_start_changes_nothing(self) -> None:
        early = LAUNCHED.replace("2028-01-03", "2020-01-06")
        one, other = (rows(text, strategy=self.strategy) for text in ("", early))
        pd.testing.assert_frame_equal(one, other)

    def test_the_label_is_judged_from_the_launch_on(self) -> None:
        text = "region: EU\nstart_date: 2020-01-06"
        rule = rules("{name: first, give: cilta-cel, off_label: false, because: sample}")
        told = [
            line for line in problems(text, strategy=rule) if "no label in the EU before" in line
        ]
        assert len(told) == 1
        launch = "\nlaunches: {cilta-cel: {from: 2026-01-05, because: sample}}"
        assert scenario(text + launch, strategy=rule).launch_day("cilta-cel") > 2000
