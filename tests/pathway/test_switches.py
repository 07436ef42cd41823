"""Each switch of a rule changes what it should: same patients, same luck, one switch apart."""

import pandas as pd
import pytest

from tests.pathway.one_therapy import TEXT, Given, given

CILTA, TEC, TAL = "cilta-cel", "teclistamab", "talquetamab"


def came(run: Given, detour: str) -> set[int]:
    """Who had it."""
    return set(run.rows.loc[run.rows["option"].eq(detour), "patient"])


def rate(run: Given, therapy: str) -> float:
    """Serious infections a day on the therapy."""
    infections = run.rows["option"].eq(f"{therapy}: infection").sum()
    return float(infections / run.measured.patients[f"on.{therapy}"].sum())


def caused(run: Given, clock: str) -> pd.DataFrame:
    return run.rows[run.rows["cause"].eq(clock)]


class TestInfectionProphylaxis:
    @pytest.mark.parametrize("therapy", [TEC, "late-line-salvage"])
    def test_without_it_serious_infections_are_more(self, therapy: str) -> None:
        with_it, without = (given(therapy, o) for o in ("", "infection_prophylaxis: false"))
        assert rate(without, therapy) > 1.2 * rate(with_it, therapy)


class TestImmunoglobulin:
    def test_low_igg_is_seen_in_the_log_whatever_the_policy(self) -> None:
        for policy in ("none", "low_igg", "after_infection"):
            assert len(caused(given(TEC, f"ivig: {policy}"), "teclistamab low IgG found")) > 100

    def test_low_igg_calls_for_it_in_a_share(self) -> None:
        run = given(TEC, "ivig: low_igg")
        asked = run.rows["state"].str.endswith(": given?")
        shares = run.rows.loc[asked, "option"].value_counts(normalize=True)
        assert 0.55 < shares["given"] < 0.75
        assert not run.passed("teclistamab: weekly and immunoglobulin: after infection").get(
            "replace", 0
        )

    def test_after_infection_it_is_given_to_the_infected_alone(self) -> None:
        run = given(TEC, "ivig: after_infection")
        replaced = set(run.entered("and immunoglobulin")["patient"])
        assert replaced
        assert replaced <= came(run, "teclistamab: infection")

    def test_triggered_is_either(self) -> None:
        doses = {p: given(TEC, f"ivig: {p}").used("ivig_dose") for p in
                 ("none", "low_igg", "after_infection", "triggered")}  # fmt: skip
        assert doses["none"] == 0
        assert doses["triggered"] > max(doses["low_igg"], doses["after_infection"])


class TestDexamethasone:
    text = TEXT.replace("patients: 300", "patients: 1500")

    def runs(self) -> tuple[Given, Given]:
        asked = ("", "dexamethasone_by_lymphocytes: true")
        usual, given_it = (given(CILTA, options, self.text) for options in asked)
        return usual, given_it

    def test_it_goes_to_a_high_peak_on_the_day_of_measurement(self) -> None:
        _, run = self.runs()
        passed = run.passed("cilta-cel: lymphocytes high?")
        assert 0.4 < passed["dexamethasone"] / passed.sum() < 0.6
        assert "dexamethasone" not in self.runs()[0].passed("cilta-cel: lymphocytes high?")

    def test_it_prevents_a_part_of_what_would_have_come_later(self) -> None:
        usual, run = self.runs()
        detours = ("cilta-cel: cranial nerve palsy", "cilta-cel: delayed neurotoxicity")
        before, after = ({p for d in detours for p in came(r, d)} for r in (usual, run))
        assert len(before) > 60
        assert after < before

    def test_neurotoxicity_is_of_the_high_peak(self) -> None:
        usual, _ = self.runs()
        rows = usual.rows[usual.rows["state"].eq("cilta-cel: lymphocytes high?")]
        high = rows.set_index("patient")["option"].str.startswith("high")
        palsy = high.index.isin(came(usual, "cilta-cel: cranial nerve palsy"))
        assert palsy[high].mean() > 4 * palsy[~high].mean()


class TestLateToxicity:
    def test_delayed_neurotoxicity_comes_after_relapse_too(self) -> None:
        run = given(CILTA, text=TestDexamethasone.text)
        rows = run.rows[run.rows["option"].eq("cilta-cel: delayed neurotoxicity")]
        relapsed = run.first("progressed", "supportive care").reindex(rows["patient"])
        assert (rows["time"].to_numpy() > relapsed.to_numpy()).any()
        assert rows.groupby("patient").size().max() == 1

    def test_low_counts_are_found_on_day_30_and_bring_infections(self) -> None:
        run = given("ide-cel")
        low = run.rows[run.rows["option"].eq("ide-cel: cytopenia")]
        since = low.set_index("patient")["time"] - run.first("ide-cel: infusion")
        assert len(low) > 60
        assert since.min() >= 30 - 1e-9
        assert run.used("transfusion") == 4 * len(low)
        clocks = [c for s in run.built.pathway.states for c in s.clocks]
        assert any("low counts" in str(c.ratio) for c in clocks if c.name == "ide-cel infection")


class TestFixedDuration:
    def test_one_written_out_stops_by_its_own_rule(self) -> None:
        own, later = (
            given(TEC, f"fixed_duration: {how}")
            for how in ("true", "{response: cr, after: 12 months}")
        )
        for run, months in ((own, 7.5), (later, 12)):
            watched = run.first("teclistamab: watch") - run.first("teclistamab: step-up")
            assert watched.min() >= months * 30.4375 - 1e-6
        assert len(later.first("teclistamab: watch")) < len(own.first("teclistamab: watch"))


class TestFewerDoses:
    def test_never_keeps_the_first_rhythm(self) -> None:
        assert given(TEC, "fewer_doses: never").entered("every two weeks").empty

    def test_a_rule_written_out_comes_earlier_than_the_label(self) -> None:
        plan = "fewer_doses: {response: pr, after: 3 months, sustained: 1 month}"
        label, early = given(TEC), given(TEC, plan)
        first = [run.first("teclistamab: every two weeks") for run in (label, early)]
        both = pd.concat(first, axis=1, join="inner")
        assert len(first[1]) > len(first[0]) > 30
        assert (both.iloc[:, 1] <= both.iloc[:, 0]).mean() > 0.9

    def test_a_drug_with_one_rhythm_may_have_a_rarer_one(self) -> None:
        plan = "fewer_doses: {response: vgpr, after: 6 months}"
        assert len(given(TAL, plan).entered("every four weeks")) > 50


class TestGaps:
    def test_a_shorter_gap_begins_the_step_up_again(self) -> None:
        usual, strict = given(TEC), given(TEC, "step_up_again_after: 14 days")
        again = [run.passed("teclistamab: after the delay") for run in (usual, strict)]
        assert again[1]["step up again"] > 3 * again[0]["step up again"]
        assert "step up in part" not in again[1]

    def test_a_middling_gap_is_followed_by_two_watched_doses_and_the_same_rhythm(self) -> None:
        run = given(TEC)
        part = run.entered("step-up in part")
        assert len(part) > 5
        assert part["depth"].eq(1).all()

    def test_doses_that_are_not_held_back_are_never_delayed(self) -> None:
        assert len(came(given(TEC), "teclistamab: dose delayed")) > 50
        assert not came(given(TEC, "hold_doses: false"), "teclistamab: dose delayed")


class TestOnToxicity:
    def stopped(self, how: str) -> int:
        return len(given(TAL, f"on_toxicity: {how}").entered("talquetamab: stopped"))

    def fewer(self, how: str) -> int:
        return len(given(TAL, f"on_toxicity: {how}").entered("talquetamab: every four weeks"))

    def test_going_on_changes_nothing(self) -> None:
        assert self.fewer("go_on") == 0

    def test_fewer_doses_are_for_all_who_have_it(self) -> None:
        assert self.fewer("fewer_doses") > 2 * self.fewer("as_practised") > 0

    def test_stopping_comes_at_the_first_or_the_second(self) -> None:
        assert self.stopped("stop") > self.stopped("fewer_doses_then_stop")
        assert self.stopped("fewer_doses_then_stop") > 2 * self.stopped("fewer_doses")

    def test_a_toxicity_is_over_once(self) -> None:
        run = given(TAL, "on_toxicity: go_on")
        over = caused(run, "talquetamab Weight loss is over")
        onset = caused(run, "talquetamab Weight loss onset")
        assert 0 < len(over) <= onset["patient"].nunique()


class TestMisfits:
    @pytest.mark.parametrize(
        ("therapy", "options", "said"),
        [
            ("ide-cel", "dexamethasone_by_lymphocytes: true", "no figures for lymphocytes"),
            (TEC, "on_toxicity: stop", "no toxicity of its own"),
            (CILTA, "hold_doses: false", "this is for bispecific"),
            (TEC, "ivig: sometimes", "not one of the choices"),
            (TEC, "fewer_doses: {response: pr}", "missing"),
        ],
    )
    def test_an_option_that_does_not_fit_is_refused(
        self, therapy: str, options: str, said: str
    ) -> None:
        with pytest.raises(Exception, match=said):
            given(therapy, options)
