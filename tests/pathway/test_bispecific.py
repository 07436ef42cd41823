"""Bispecifics: each branch of their pathway comes when it is asked for, and only then."""

import pandas as pd

from tests.pathway.one_therapy import Given, given

TEC, TAL = "teclistamab", "talquetamab"


def share_with_crs(run: Given) -> float:
    began = run.entered(": step-up")["patient"].nunique()
    return run.rows[run.rows["option"].eq("teclistamab: CRS")]["patient"].nunique() / began


class TestStepUp:
    def test_the_bed_is_kept_for_the_whole_stay(self) -> None:
        run = given(TEC)
        begun, left = run.first("teclistamab: step-up"), run.first("step-up at home")
        stay = (left - begun).dropna()
        assert 6.5 < stay.median() < 7.5
        assert (stay > 7).sum() > 50

    def test_full_doses_begin_when_step_up_and_stay_are_over(self) -> None:
        run = given(TEC)
        weekly = run.first("teclistamab: weekly") - run.first("teclistamab: step-up")
        assert weekly.min() >= 6 - 1e-9
        assert (weekly > 7).sum() > 50

    def test_outpatients_begin_without_a_bed_and_are_admitted_on_crs(self) -> None:
        run = given(TEC, "site: outpatient")
        assert not run.rows["state"].eq("teclistamab: waiting for bed").any()
        assert len(run.entered("step-up, outpatient")) > 200
        assert len(run.entered("admitted on CRS")) > 50

    def test_nobody_steps_up_as_an_outpatient_unless_asked(self) -> None:
        assert given(TEC).entered("step-up, outpatient").empty


class TestProphylaxis:
    def test_tocilizumab_before_the_first_dose_lowers_crs(self) -> None:
        usual, prevented = (
            share_with_crs(given(TEC, options)) for options in ("", "tocilizumab_prophylaxis: true")
        )
        assert usual > 0.6
        assert prevented < 0.2

    def test_the_doses_given_before_are_counted(self) -> None:
        run = given(TEC, "tocilizumab_prophylaxis: true")
        began = run.entered(": step-up")["patient"].nunique()
        assert began <= run.used("tocilizumab") < 1.2 * began
        assert given(TEC).used("tocilizumab") < 0.6 * began


class TestDoses:
    def test_rarer_doses_need_a_response_that_held_for_six_months(self) -> None:
        run = given(TEC)
        rarer = run.first("teclistamab: every two weeks")
        known = run.rows[run.rows["cause"].eq("teclistamab assessment")]
        since = (rarer - known.groupby("patient")["time"].max()).dropna()
        assert len(since) > 30
        assert since.min() >= 6 * 30.4375 - 1e-6

    def test_a_gap_beyond_the_label_begins_the_step_up_again(self) -> None:
        run = given(TEC)
        rows = run.rows
        back = rows[rows["state"].eq("teclistamab: after the delay")]
        held = rows[rows["option"].eq("teclistamab: dose delayed")]
        both = pd.merge_asof(
            back.sort_values("time"), held.sort_values("time"),
            on="time", by="patient", direction="backward", suffixes=("", "_held"),
        )  # fmt: skip
        times = held.sort_values("time")[["patient", "time"]].assign(began=lambda t: t["time"])
        both = pd.merge_asof(both, times, on="time", by="patient")
        gap = both["time"] - both["began"]
        again = both["option"].eq("step up again")
        assert again.any()
        assert gap[again].min() >= 56
        assert gap[~again].max() < 56

    def test_fewer_doses_for_toxicity_keep_immunoglobulin(self) -> None:
        run = given(TAL, "ivig: primary")
        rows = run.rows
        fewer = rows["option"].eq("fewer doses") & rows["state"].str.contains("on immunoglobulin")
        after = rows["state"].shift(-1)[fewer]
        assert len(after) > 10
        assert after.eq("talquetamab: every four weeks and immunoglobulin").all()


class TestFixedDuration:
    def test_continuous_treatment_is_never_watched_or_resumed(self) -> None:
        run = given(TEC)
        assert run.entered("teclistamab: watch", "to resume", "resumed").empty

    def test_a_fixed_duration_ends_in_responders_and_is_resumed_with_step_up(self) -> None:
        run = given(TEC, "fixed_duration: true")
        watched = run.first("teclistamab: watch") - run.first("teclistamab: step-up")
        resumed = run.entered("teclistamab: resumed")
        states = {s.name: s for s in run.built.pathway.states}
        assert len(watched.dropna()) > 50
        assert watched.min() >= 7.5 * 30.4375
        assert len(resumed) > 10
        assert states["teclistamab: resumed"].holds["step_up_bed"] == 1

    def test_doses_begin_again_after_resumption(self) -> None:
        run = given(TEC, "fixed_duration: true")
        resumed = run.first("teclistamab: resumed")
        weekly = run.entered("teclistamab: weekly").groupby("patient")["time"].max()
        assert (weekly.reindex(resumed.index) > resumed).mean() > 0.6


class TestImmunoglobulin:
    def test_primary_begins_39_days_after_the_first_dose(self) -> None:
        run = given(TEC, "ivig: primary")
        begun = run.rows[run.rows["cause"].eq("teclistamab primary immunoglobulin")]
        since = begun.groupby("patient")["time"].min() - run.first(": step-up")
        assert len(since.dropna()) > 150
        assert since.median() == 39

    def test_none_gives_no_dose(self) -> None:
        assert given(TEC, "ivig: none").used("ivig_dose") == 0

    def test_serious_infections_are_fewer_with_it(self) -> None:
        def rate(options: str) -> float:
            run = given(TEC, options)
            came = run.rows["option"].eq("teclistamab: infection").sum()
            return float(came / run.measured.patients["on.teclistamab"].sum())

        assert rate("ivig: primary") < 0.75 * rate("ivig: none")
