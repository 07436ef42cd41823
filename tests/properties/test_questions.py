"""The shipped questions ask what they say: where one is of a queue, there is one, and it is longer
where less is to be had; what differs between two answers has the direction that it must have.

Each is run once with 400 patients by 2 replications. Effects on survival are not judged here: they
rest on the catalogue, and targets judge that.
"""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from pathsim.engine.simulate import simulate
from pathsim.inputs.resolve import resolve
from pathsim.outcomes.catalogue import marking
from pathsim.outcomes.folds import Measured, measure
from pathsim.pathway.build import build

SCENARIOS = Path(__file__).parents[2] / "scenarios"
PATIENTS, REPLICATIONS, SEED = 400, 2, 20280103
SLOT = "slots/cilta-cel"


@cache
def ran(name: str) -> tuple[pd.DataFrame, Measured]:
    """The patients as they came, by replication and number, and what was measured."""
    built = build(resolve(SCENARIOS / f"{name}.yaml"), patients=PATIENTS)
    log = simulate(built.service, horizon=built.horizon, seed=SEED, replications=REPLICATIONS)
    marks = marking(built.service, off_label=built.off_label)
    return log.patients.set_index(["replication", "patient"]), measure(log, marks)


def mean(name: str, column: str) -> float:
    return float(ran(name)[1].patients[column].mean())


def used(name: str, item: str) -> float:
    use = ran(name)[1].use
    return float(use.loc[use["item"].eq(item), "amount"].sum())


def wait(name: str, resource: str) -> float:
    """The mean wait of those who were served, in days."""
    waits = ran(name)[1].waits
    mine = waits["resource"].eq(resource) & waits["outcome"].eq("granted")
    return float(waits.loc[mine, "days"].mean())


def began(name: str, therapy: str = "cilta-cel") -> float:
    return float(ran(name)[1].patients[f"first_dose.{therapy}"].notna().mean())


def share_of_infused(name: str, variable: str, level: str) -> float:
    drawn, measured = ran(name)
    infused = measured.patients.set_index(["replication", "patient"])["first_dose.cilta-cel"]
    return float(drawn.loc[infused[infused.notna()].index, variable].eq(level).mean())


def test_two_slots_a_month_make_a_queue_of_months() -> None:
    assert wait("slots_first_come", SLOT) > 60


def test_the_order_of_the_queue_decides_who_is_infused() -> None:
    by_order = ["slots_most_benefit", "slots_first_come", "slots_sickest_first"]
    emd = [share_of_infused(name, "emd", "yes") for name in by_order]
    burden = [share_of_infused(name, "burden", "high") for name in by_order]
    assert emd[0] < emd[1] < emd[2]
    assert burden[0] < burden[2]


def test_a_stop_of_supply_makes_patients_wait() -> None:
    assert wait("supply_stops", SLOT) > wait("cart_first", SLOT) + 5
    assert began("supply_stops") < began("cart_first")


def test_fewer_beds_in_winter_make_patients_wait_for_them() -> None:
    for bed in ("ward_bed", "cell_therapy_bed"):
        assert wait("winter_fewer_beds", bed) > 1.3 * wait("winter_all_beds", bed)


def test_who_is_referred_out_waits_longer_and_some_are_infused() -> None:
    assert began("referring_out") > 0.15
    assert began("referring_nobody") == 0
    elsewhere, here = (mean(n, "decision_to_infusion") for n in ("referring_out", "cart_first"))
    assert elsewhere > here + 14


def test_every_condition_of_access_leaves_some_out() -> None:
    reached = ["access_near_and_academic", "cilta_cel_only", "access_nobody_left_out"]
    shares = [began(name) for name in reached]
    assert shares == sorted(shares)
    assert shares[0] < 0.6 * shares[2]
    assert began("europe_access_as_found") < 0.85 * began("europe_cart_first")


def test_most_have_had_car_t_if_it_comes_in_line_2_and_few_if_in_line_5() -> None:
    assert began("cart_in_line_2") > 0.6
    assert 0.1 < began("cart_in_line_5") < 0.6
    assert began("teclistamab_daratumumab_in_line_2", "teclistamab-daratumumab") > 0.7


def test_outpatients_spend_fewer_days_in_hospital_and_fewest_with_tocilizumab_before() -> None:
    bed, out, before = (
        mean(name, "inpatient_days")
        for name in ("without_cart", "step_up_outpatient", "step_up_outpatient_tocilizumab")
    )
    assert before < out < bed - 5


def test_a_fixed_duration_and_fewer_doses_save_visits() -> None:
    for name in ("fixed_duration", "fewer_doses"):
        assert used(name, "clinic_visit") < 0.9 * used("without_cart", "clinic_visit")


def test_immunoglobulin_is_given_in_the_order_of_its_policies() -> None:
    policies = ["ivig_primary", "ivig_low_igg", "ivig_after_infection", "ivig_none"]
    doses = [used(name, "ivig_dose") for name in policies]
    assert doses[0] > doses[2] > doses[3] == 0
    assert doses[1] > 0
    assert used("bispecific_first", "ivig_dose") >= max(doses[1], doses[2])


def test_dexamethasone_by_lymphocytes_is_given() -> None:
    name = "dexamethasone_by_lymphocytes"
    assert used(name, "steroids") > 1.2 * used("cart_first", "steroids")


@pytest.mark.parametrize("therapy", ["ide-cel", "cilta-cel"])
def test_where_one_product_is_given_the_other_is_not(therapy: str) -> None:
    other = {"ide-cel": "cilta_cel_only", "cilta-cel": "ide_cel_only"}[therapy]
    assert began(other, therapy) == 0
    assert began(f"{therapy.replace('-', '_')}_only", therapy) > 0.25


def test_referrals_that_grow_come_sooner_and_the_last_wait_longer() -> None:
    even, grown = (ran(name)[1] for name in ("referrals_go_on", "referrals_grow"))
    last = [found.patients["arrival"].max() for found in (even, grown)]
    assert last[1] < last[0] - 90
    assert wait("referrals_grow_with_capacity", SLOT) <= wait("referrals_grow", SLOT)


def test_nobody_is_given_what_is_not_launched() -> None:
    first = [
        ran(name)[1].patients["first_dose.cilta-cel"].min()
        for name in ("cart_first", "cart_from_2028")
    ]
    assert first[0] < 365 < 728 < first[1]
    assert 0 < began("cart_from_2028") < began("cart_first")


def test_a_waiting_list_is_in_the_way_of_the_cohort_and_more_slots_clear_it() -> None:
    first, behind, cleared = (
        wait(name, SLOT) for name in ("cart_first", "backlog_on_day_0", "backlog_more_slots")
    )
    assert behind > first + 5
    assert cleared < behind - 5
