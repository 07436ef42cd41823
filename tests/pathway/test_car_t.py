"""CAR T: each branch of its pathway comes when it is asked for, and only then."""

import pandas as pd

from pathsim.pathway.setting import PLUS_ONE, Set
from tests.pathway.one_therapy import TEXT, given

CILTA = "cilta-cel"


class TestSite:
    def test_nobody_is_infused_as_an_outpatient_unless_asked(self) -> None:
        assert given(CILTA).entered("infusion, outpatient").empty
        assert len(given(CILTA).entered("infusion stay")) > 150

    def test_outpatients_have_a_caregiver_and_the_others_a_bed(self) -> None:
        run = given(CILTA, "site: outpatient")
        caregiver = run.log.patients.set_index("patient")["caregiver"].astype(str)
        outside, inside = (
            run.entered(state)["patient"] for state in ("infusion, outpatient", "infusion stay")
        )
        assert len(outside) > 100
        assert len(inside) > 10
        assert caregiver.loc[outside].eq("yes").all()
        assert caregiver.loc[inside].eq("no").all()

    def test_outpatients_are_admitted_to_the_ward_on_crs(self) -> None:
        run = given(CILTA, "site: outpatient")
        admitted = run.entered("admitted on CRS")
        outside = set(run.entered("infusion, outpatient")["patient"])
        assert len(outside & set(admitted["patient"])) > 0.5 * len(outside)

    def test_an_inpatient_without_a_caregiver_is_treated_in_the_bed_for_crs(self) -> None:
        run = given(CILTA, "site: outpatient")
        stays = run.first("infusion stay")
        left = run.first("near the centre").reindex(stays.index)
        admitted = run.first("waiting for a ward bed on CRS").reindex(stays.index).dropna()
        assert (admitted >= left.loc[admitted.index]).all()


class TestFirstWeeks:
    def test_what_comes_late_comes_after_discharge_too(self) -> None:
        run = given(CILTA)
        since = run.first("IEC-HS") - run.first("infusion stay")
        discharged = run.first("near the centre") - run.first("infusion stay")
        assert len(since.dropna()) >= 8
        assert (since > discharged.reindex(since.index)).any()

    def test_icans_during_crs_does_not_come_again(self) -> None:
        run = given(CILTA)
        icans = run.rows[run.rows["option"].eq("cilta-cel: ICANS")]
        assert icans["depth"].eq(2).any()
        assert icans.groupby("patient").size().max() == 1

    def test_the_bed_is_held_for_the_stay_and_not_for_lymphodepletion(self) -> None:
        run = given(CILTA)
        states = {s.name: s for s in run.built.pathway.states}
        assert not states["cilta-cel: lymphodepletion"].holds
        assert dict(states["cilta-cel: infusion stay"].holds) == {"cell_therapy_bed": 1}


class TestBridging:
    def test_by_burden_most_are_bridged_by_the_usual_regimen(self) -> None:
        run = given(CILTA)
        assert len(run.entered("bridging (standard)")) > 100
        assert run.entered("bridging (talquetamab)").empty

    def test_none_bridges_nobody(self) -> None:
        run = given(CILTA, "bridging: none")
        assert len(run.first("cilta-cel: manufacture")) > 200
        assert run.entered("bridging (", "waiting to bridge").empty
        assert run.used("bridging_cycle") == 0

    def test_talquetamab_bridges_everybody_who_is_collected(self) -> None:
        run = given(CILTA, "bridging: talquetamab")
        assert run.entered("bridging (standard)").empty
        assert len(run.entered("bridging (talquetamab)")) == len(run.first("cilta-cel: apheresis"))

    def test_talquetamab_is_noted_as_exposure_to_its_target(self) -> None:
        states = {s.name: s for s in given(CILTA, "bridging: talquetamab").built.pathway.states}
        noted = states["cilta-cel: manufacture, bridging (talquetamab)"].sets
        assert {s.variable for s in noted} == {"last GPRC5D", "last bispecific"}
        assert not states["cilta-cel: manufacture, bridging (standard)"].sets


class TestManufacture:
    def test_a_failure_leads_to_a_second_collection_without_a_second_slot(self) -> None:
        run = given(CILTA)
        again = run.passed("cilta-cel: second attempt")["collected again"]
        assert 0 < len(run.entered("second apheresis")) <= 2 * again
        assert len(run.entered("waiting for slot")) <= run.rows["patient"].nunique()
        assert len(run.entered("cilta-cel: second manufacture")) <= again

    def test_products_are_made_as_when_cells_were_collected(self) -> None:
        run = given(
            CILTA, text="start_date: 2024-01-01\n" + TEXT.replace("100 per day", "1 per day")
        )
        collected = run.first("cilta-cel: apheresis")
        rows = run.rows[run.rows["state"].eq("cilta-cel: product")]
        made = rows.groupby("patient")["time"].min() - collected
        changed = (pd.Timestamp("2024-07-01") - pd.Timestamp("2024-01-01")).days
        early, late = (made[collected.lt(changed) == before].dropna() for before in (True, False))
        assert min(len(early), len(late)) > 50
        assert 50 < early.median() < 66
        assert 30 < late.median() < 38

    def test_where_nothing_changes_after_day_0_no_date_is_noted(self) -> None:
        names = {v.name for v in given(CILTA).built.pathway.variables}
        assert "cilta-cel product" in names
        assert "cilta-cel manufactured in period" not in names


def test_prior_lines_rise_with_each_line() -> None:
    clocks = [c for s in given(CILTA).built.pathway.states for c in s.clocks]
    relapses = [c for c in clocks if c.name == "cilta-cel progression"]
    assert relapses
    assert all(Set("prior lines", PLUS_ONE) in c.sets for c in relapses)


class TestImmunoglobulin:
    def test_primary_begins_39_days_after_infusion(self) -> None:
        run = given(CILTA, "ivig: primary")
        begun = run.rows[run.rows["cause"].eq("cilta-cel primary immunoglobulin")]
        since = begun.groupby("patient")["time"].min() - run.first("infusion stay")
        assert len(since.dropna()) > 150
        assert since.median() == 39
        assert run.used("ivig_dose") > 0

    def test_none_gives_no_dose(self) -> None:
        run = given(CILTA, "ivig: none")
        assert run.entered("on immunoglobulin").empty
        assert run.used("ivig_dose") == 0

    def test_an_infection_during_a_course_does_not_call_for_another(self) -> None:
        run = given(CILTA)
        ended = run.rows[run.rows["cause"].eq("cilta-cel IVIG end")]
        begun = run.entered("remission on immunoglobulin")
        at_once = begun.merge(ended, on=["patient", "time"])
        assert len(ended) > 20
        assert at_once.empty
