"""Rows and estimates of a simulated trial, worked by hand on one patient of each kind."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize_scalar

from pathsim.engine.simulate import simulate
from pathsim.inputs.evidence import Number
from pathsim.inputs.resolve import resolve
from pathsim.inputs.targets import Target, exact
from pathsim.outcomes.catalogue import Mark, Marking, marking
from pathsim.outcomes.endpoints import at_risk, measure, times
from pathsim.outcomes.folds import measure as measure_all
from pathsim.outcomes.followed import followed, unmodelled
from pathsim.pathway.build import build

MARKS = Marking(
    (
        Mark("car: authorisation", "car", "work_up", tags=["referred"]),
        Mark("car: apheresis", "car", "apheresis"),
        Mark("car: bridging", "car", "bridging"),
        Mark("car: waiting", "car", "waiting"),
        Mark("car: infusion", "car", "infusion", tags=["infused", "first dose", "line"]),
        Mark("car: remission", "car", "remission"),
        Mark("car: replaced", "car", "remission", per_day={"ivig_dose": 0.04}),
        Mark("car: CRS", None, "toxicity", tags=["crs"]),
        Mark("car: infection", None, "infection", tags=["infection"]),
        Mark("car: given up", "car", "between_lines", tags=["lost"]),
        Mark("progressed", None, "between_lines", tags=["progression"]),
        Mark("pills: on treatment", "pills", "on_regimen", tags=["first_dose", "line"]),
        Mark("of myeloma", phase="dead", tags=["dead", "relapse_death"], ends=True),
        Mark("of treatment", phase="dead", tags=["dead", "excess_death"], ends=True),
    )
)

LIVES = """
0 0   0 arrive 0 - arrival patients
0 0   0 enter  0 car:_authorisation arrival -
0 0  20 enter  0 car:_apheresis     chair -
0 0  21 enter  0 car:_bridging      clinic -
0 0  42 choice 0 car:_response_to_bridging car_bridging vgpr
0 0  42 enter  0 car:_waiting       car:_response_to_bridging -
0 0  60 enter  0 car:_infusion      bed -
0 0  63 choice 0 car_CRS_grade      car_CRS_onset severe
0 0  63 detour 1 car:_CRS           car_CRS_grade car:_CRS
0 0  68 return 0 car:_infusion      car_CRS_end -
0 0  75 enter  0 car:_remission     car_stay -
0 0  90 choice 0 car_best_response  car_assessment cr
0 0  90 here   0 car:_remission     car_best_response -
0 0 110 detour 1 car:_infection     car_infection car:_infection
0 0 120 return 0 car:_remission     car_infection_outcome -
0 0 120 choice 0 car:_replaced?     car_low_IgG_found replace
0 0 120 enter  0 car:_replaced      car:_replaced? -
0 0 460 enter  0 progressed         car_progression -
0 0 480 enter  0 pills:_on_treatment gap -
0 0 600 enter  0 progressed         pills_progression -
0 0 700 end    0 of_myeloma         death -
0 1   0 arrive 0 - arrival patients
0 1   0 enter  0 car:_authorisation arrival -
0 1  20 enter  0 car:_apheresis     chair -
0 1  50 choice 0 car:_after_progression_while_waiting progression_while_waiting plan_given_up
0 1  50 enter  0 car:_given_up      car:_after_progression_while_waiting -
0 1  80 enter  0 pills:_on_treatment gap -
0 1 300 end    0 of_myeloma         death -
0 2  10 arrive 0 - arrival patients
0 2  10 enter  0 car:_authorisation arrival -
0 2  40 enter  0 car:_infusion      bed -
0 2 100 end    0 of_treatment       car_early_death -
0 3   0 arrive 0 - arrival patients
0 3   0 enter  0 car:_authorisation arrival -
0 3  30 enter  0 car:_infusion      bed -
0 3  60 choice 0 car_best_response  car_assessment none
0 3  60 here   0 car:_infusion      car_best_response -
0 3  80 choice 0 car:_replaced?     car_low_IgG_found leave
0 3  80 here   0 car:_infusion      car:_replaced? -
0 3 1000 censor 0 car:_infusion     horizon -
0 4   0 arrive 0 - arrival other_users
0 4   0 enter  0 car:_infusion      arrival -
0 4 1000 censor 0 car:_infusion     horizon -
"""


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    from tests.conftest import written

    log = written(LIVES, horizon=1000.0)
    table = log.log
    for name in ("state", "cause", "option"):
        column = table[name].cat
        table[name] = column.rename_categories([c.replace("_", " ") for c in column.categories])
    patients = log.patients.assign(emd=["yes", "no", "yes", "yes", "no"])
    patients["prior lines"] = [1.0, 2, 3, 3, 1]
    patients["stream"] = patients["stream"].astype(str)
    return followed(type(log)(table, patients, log.capacity, log.horizon), MARKS, "car")


def column(rows: pd.DataFrame, name: str) -> list[object]:
    return rows[name].tolist()


NEVER = math.inf


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("start", [60, NEVER, 30, 30]),
        ("decision", [0, 0, 0, 0]),
        ("apheresis", [20, 20, NEVER, NEVER]),
        ("bridged", [21, NEVER, NEVER, NEVER]),
        ("response_at", [90, NEVER, NEVER, NEVER]),
        ("progression", [460, 50, NEVER, NEVER]),
        ("relapse", [460, NEVER, NEVER, NEVER]),
        ("relapse_2", [600, NEVER, NEVER, NEVER]),
        ("progressed_waiting", [NEVER, 50, NEVER, NEVER]),
        ("death", [700, 300, 90, NEVER]),
        ("followed", [700, 300, 90, 1000]),
        ("next_line", [480, 80, NEVER, NEVER]),
        ("other_line", [480, 80, NEVER, NEVER]),
        ("first.pills", [480, 80, NEVER, NEVER]),
        ("crs", [63, NEVER, NEVER, NEVER]),
        ("crs_grade3", [63, NEVER, NEVER, NEVER]),
        ("serious_infection", [110, NEVER, NEVER, NEVER]),
        ("ivig", [120, NEVER, NEVER, NEVER]),
        ("prior_lines", [1, 2, 3, 3]),
    ],
)
def test_a_row_tells_when_each_thing_first_befell_a_patient(
    rows: pd.DataFrame, name: str, expected: list[float]
) -> None:
    assert column(rows, name) == expected


def test_low_igg_that_an_infection_asked_for_is_no_finding(rows: pd.DataFrame) -> None:
    assert column(rows, "low_igg") == [NEVER, NEVER, NEVER, 80]


def test_words_of_a_row_are_those_of_the_log(rows: pd.DataFrame) -> None:
    assert rows["response"].astype(object).where(rows["response"].notna(), "").tolist() == [
        "cr", "", "", "none",
    ]  # fmt: skip
    assert rows["bridging_response"].tolist()[0] == "vgpr"
    assert rows["death_cause"].tolist()[:3] == ["relapse_death", "relapse_death", "excess_death"]


def test_what_no_clock_or_choice_stands_for_is_named() -> None:
    missing = unmodelled("car", {"car CRS onset", "car CRS grade"})
    assert "cranial_nerve_palsy" in missing
    assert "crs" not in missing
    assert "crs_grade3" not in missing


# --- estimates -----------------------------------------------------------------------------------


def target(
    outcome: str, unit: str = "%", value: float = 50.0, since: str = "origin", **more: object
) -> Target:
    published = Number(value=value, unit=unit, source="s", where="w", kind="trial",
                       verified="full text")  # fmt: skip
    said = {"name": "t", "arm": "a", "outcome": outcome, "published": published, "n": 100,
            "role": "check", "from": since, **more}  # fmt: skip
    return Target.model_validate(said)


DAYS = {d: f"{d} days" for d in (70, 100, 200, 500, 650, 900)}


@pytest.mark.parametrize(
    ("asked", "value", "n"),
    [
        (target("progression_free_survival", at=DAYS[100]), 0.5, 4),
        (target("progression_free_survival", at=DAYS[100], since="start"), 2 / 3, 3),
        (target("overall_survival", at=DAYS[650]), 0.5, 4),
        (target("overall_survival", at=DAYS[200], since="relapse"), 1.0, 1),
        (target("progression_free_survival", at=DAYS[200], since="relapse"), 0.0, 1),
        (target("duration_of_response", at=DAYS[200], since="response"), 1.0, 1),
        (target("time_to_next_treatment", at=DAYS[100]), 0.5, 4),
        (target("free_of_relapse", at=DAYS[500], since="start"), 0.5, 3),
        (target("started"), 0.75, 4),
        (target("died", at=DAYS[100]), 0.25, 4),
        (target("died_before_start"), 0.0, 4),
        (target("progressed_or_died_before_start"), 0.25, 4),
        (target("non_relapse_death", of={"started": True}), 1 / 3, 3),
        (target("overall_response"), 0.25, 4),
        (target("complete_response", of={"started": True}), 1 / 3, 3),
        (target("bridged"), 0.25, 4),
        (target("bridging_response"), 1.0, 1),
        (target("crs", at=DAYS[70], since="start"), 1 / 3, 3),
        (target("crossover", therapy="pills"), 0.5, 4),
        (target("died", of={"emd": "yes"}), 2 / 3, 3),
        (target("died", of={"prior_lines": {"at_least": 2, "below": 3}}), 1.0, 1),
        (target("died", of={"response": ["cr", "none"]}), 0.5, 2),
        (target("apheresis_to_infusion", "days"), 40.0, 1),
        (target("decision_to_start", "days"), 30.0, 3),
        (target("overall_survival", "days"), 300.0, 4),
        (target("progression_free_survival", "days"), 90.0, 4),
    ],
    ids=lambda given: given.outcome if isinstance(given, Target) else "",
)
def test_an_estimate_is_what_was_counted_by_hand(
    rows: pd.DataFrame, asked: Target, value: float, n: int
) -> None:
    found = measure(asked, rows)
    assert found.value == pytest.approx(value)
    assert found.n == n
    assert found.low <= found.value <= found.high


def test_a_median_that_half_do_not_reach_is_infinite(rows: pd.DataFrame) -> None:
    alive = target("overall_survival", "days", of={"response": "none"})
    assert measure(alive, rows).value == math.inf


def test_a_share_of_nobody_is_no_number(rows: pd.DataFrame) -> None:
    assert math.isnan(measure(target("crs", of={"response": "pr"}), rows).value)


def test_what_the_model_does_not_know_has_no_estimate(rows: pd.DataFrame) -> None:
    found = measure(target("icans"), rows.assign(icans=np.nan))
    assert math.isnan(found.value)
    assert found.n == 0


def test_a_comparison_asks_for_both_arms(rows: pd.DataFrame) -> None:
    asked = target("hazard_ratio", "ratio", 0.5, against="b", curve="overall_survival")
    with pytest.raises(ValueError, match="give the rows of both"):
        measure(asked, rows)
    assert measure(asked, rows, rows).value == pytest.approx(1.0)


def test_the_hazard_ratio_makes_the_partial_likelihood_greatest() -> None:
    days = np.array([1.0, 2, 3, 4, 5, 6, 7, 8])
    event = np.array([1, 1, 0, 1, 1, 1, 1, 0], dtype=bool)
    ours = np.array([0, 1, 1, 0, 0, 1, 0, 1], dtype=bool)

    def loss(b: float) -> float:
        weight = np.exp(b * ours)
        return -sum(b * ours[i] - np.log(weight[i:].sum()) for i in np.flatnonzero(event))

    lives = pd.DataFrame({"death": np.where(event, days, np.inf), "followed": days})
    asked = target("hazard_ratio", "ratio", 0.5, against="b", curve="overall_survival")
    found = measure(asked, lives[ours], lives[~ours])
    assert math.log(found.value) == pytest.approx(minimize_scalar(loss).x, abs=1e-5)
    assert found.low < found.value < found.high


def test_intervals_of_simulated_figures_cover_the_truth() -> None:
    rng, covered, many = np.random.default_rng(7), 0, 300
    asked = target("overall_survival", "days")
    for _ in range(many):
        death = rng.exponential(100.0, 200)
        table = pd.DataFrame({"death": death, "followed": death})
        found = measure(asked, table)
        covered += found.low <= 100 * math.log(2) <= found.high
    assert 0.91 < covered / many < 0.99


def test_an_exact_interval_is_that_of_clopper_and_pearson() -> None:
    assert exact(0.5, 10)[0] == pytest.approx(0.1871, abs=1e-4)
    assert exact(0.5, 10)[1] == pytest.approx(0.8129, abs=1e-4)
    assert exact(0.0, 20)[0] == 0.0
    assert exact(0.0, 20)[1] == pytest.approx(0.1684, abs=1e-4)
    assert exact(1.0, 20)[1] == 1.0


def test_rows_of_a_shipped_scenario_agree_with_the_patients_table() -> None:
    built = build(resolve("cart_first"), patients=60)
    log, marks = simulate(built.service, horizon=built.horizon, seed=4), marking(built.service)
    rows = followed(log, marks, "cilta-cel")
    table = measure_all(log, marks).patients
    arrival = table["arrival"].to_numpy()
    death = np.where(table["dead"], table["exit"] - arrival, np.inf)
    start = (table["first_dose.cilta-cel"] - arrival).fillna(np.inf)
    np.testing.assert_allclose(rows["death"], death)
    np.testing.assert_allclose(rows["start"], start)
    np.testing.assert_allclose(rows["followed"], table["days"])
    assert rows["death_cause"].astype(object).fillna("").tolist() == [
        "" if pd.isna(cause) else cause for cause in table["death_cause"].astype(object)
    ]
    assert np.isfinite(rows["start"]).sum() > 5
    assert (rows["response_at"] >= rows["start"]).all()


def test_who_is_at_risk_has_begun(rows: pd.DataFrame) -> None:
    asked = target("overall_survival", at=DAYS[100], since="start")
    assert at_risk(asked, rows).tolist() == [True, False, True, True]
    assert times(asked, rows).days.tolist() == [640, 60, 970]
