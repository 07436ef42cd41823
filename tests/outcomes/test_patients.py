"""The patients table, worked by hand on one of each kind of life."""

from __future__ import annotations

import dataclasses
import math

import pytest

from pathsim.outcomes.catalogue import Mark, Marking
from pathsim.outcomes.patients import patients
from pathsim.outcomes.stays import stays

CAR, BSA = "cilta_cel", "teclistamab"
MARKS = Marking(
    (
        Mark("referred", CAR, "work_up", "home", False, tags=["referred", "line", "off_label"]),
        Mark("bridging", CAR, "bridging", "home", True, uses={"clinic_visit": 2}),
        Mark("infusion", CAR, "infusion", "bed", False, tags=["infused"]),
        Mark("remission", CAR, "remission", "home", False, per_day={"clinic_visit": 0.1}),
        Mark("infection", None, "infection", "ward"),
        Mark("lost", CAR, "between_lines", "home", False, tags=["lost"]),
        Mark("relapsed", None, "between_lines", "home", False, tags=["progression"]),
        Mark("step_up", BSA, "step_up", "bed", True, tags=["line", "first_dose"]),
        Mark("weekly", BSA, "weekly", "clinic", True, per_day={"clinic_visit": 1 / 7}),
        Mark("died", phase="dead", tags=["dead", "excess_death"], ends=True),
        Mark("died of myeloma", phase="dead", tags=["dead", "relapse_death"], ends=True),
    )
)

LIVES = """
0 1  1 arrive 0 -         arrival  people
0 1  1 enter  0 referred  arrival  -
0 1 11 enter  0 bridging  slot     -
0 1 31 enter  0 infusion  made     -
0 1 45 enter  0 remission leave    -
0 1 55 detour 1 infection infect   infection
0 1 61 return 0 remission better   -
0 1 71 enter  0 relapsed  progress -
0 1 75 enter  0 step_up   next     -
0 1 80 enter  0 weekly    stepped  -
0 1 94 end    0 died      die      -
0 2  2 arrive 0 -         arrival  people
0 2  2 enter  0 referred  arrival  -
0 2 20 choice 0 result    made     failed
0 2 20 enter  0 lost      result   -
0 2 90 censor 0 lost      horizon  -
0 3  3 arrive 0 -         arrival  people
0 3  3 enter  0 step_up   arrival  -
0 3  9 move   0 relapsed  progress -
0 3 15 end    0 died      die      -
0 4  0 arrive 0 -         arrival  other_users
0 4  0 enter  0 infusion  arrival  -
0 4 90 censor 0 infusion  horizon  -
0 5 80 arrive 0 -         arrival  people
0 5 80 enter  0 referred  arrival  -
0 5 90 censor 0 referred  horizon  -
"""


@pytest.fixture
def table(write):
    return patients(stays(write(LIVES, horizon=100.0).log, MARKS), MARKS).set_index("patient")


def test_other_users_are_no_patients(table):
    assert list(table.index) == [1, 2, 3, 5]


def test_dates_and_ways_out(table):
    assert list(table["arrival"]) == [1, 2, 3, 80]
    assert list(table["exit"].fillna(-1)) == [94, -1, 15, -1]
    assert list(table["last_seen"]) == [94, 90, 15, 90]
    assert list(table["dead"]) == [True, False, True, False]
    assert (table.loc[1, "exit_cause"], table.loc[1, "death_cause"]) == ("die", "excess_death")


def test_lines_therapies_and_first_doses(table):
    assert list(table["lines"]) == [2, 1, 1, 1]
    assert list(table["therapies"]) == ["cilta_cel > teclistamab", "", "teclistamab", ""]
    assert list(table["off_label"]) == [1, 1, 0, 1]
    assert table.loc[1, "first_dose.cilta_cel"] == 31
    assert table.loc[1, "first_dose.teclistamab"] == 75
    assert math.isnan(table.loc[2, "first_dose.cilta_cel"])


def test_days_are_treated_waiting_or_neither_and_add_up(table):
    one = table.loc[1]
    assert (one["treated_days"], one["waiting_days"], one["off_days"]) == (53, 10, 30)
    assert (one["on.cilta_cel"], one["free.cilta_cel"], one["on.teclistamab"]) == (34, 26, 19)
    parts = table["treated_days"] + table["waiting_days"] + table["off_days"]
    assert list(parts) == list(table["days"]) == [93, 88, 12, 10]


def test_contact_is_whole_inpatient_days_and_visits_and_the_rest_is_home(table):
    one = table.loc[1]
    assert one["inpatient_days"] == 14 + 6 + 5
    assert one["visits"] == pytest.approx(2 + 2.0 + 2.0)
    assert one["contact_days"] + one["home_days"] == one["days"]
    assert one["home_days"] == pytest.approx(93 - 31)


def test_the_referred_are_infused_lost_with_a_cause_or_still_on_the_way(table):
    assert list(table["referred"].fillna(-1)) == [1, 2, -1, 80]
    assert list(table["infused"].fillna(-1)) == [31, -1, -1, -1]
    assert list(table["lost"].fillna(-1)) == [-1, 20, -1, -1]
    assert list(table["lost_cause"]) == ["", "made: failed", "", ""]
    assert table.loc[1, "decision_to_infusion"] == 30


def test_progression_and_the_next_line_count_from_the_first_treatment(table):
    assert list(table["treatment"].fillna(-1)) == [31, -1, 3, -1]
    assert list(table["progression_after"].fillna(-1)) == [71, -1, 9, -1]
    assert list(table["next_line"].fillna(-1)) == [75, -1, -1, -1]


def test_a_death_without_progression_since_the_last_start_is_not_of_relapse(table):
    assert list(table["non_relapse_death"]) == [True, False, False, False]


def test_a_death_of_myeloma_is_of_relapse_even_where_no_progression_was_seen(write):
    log = write("""
        0 1 0 arrive 0 -               arrival people
        0 1 0 enter  0 step_up         arrival -
        0 1 9 end    0 died            die     -
    """)
    seen = log.log.assign(state=log.log["state"].astype(str).replace("died", "died of myeloma"))
    assert patients(stays(log.log, MARKS), MARKS)["non_relapse_death"].item()
    assert not patients(stays(seen, MARKS), MARKS)["non_relapse_death"].item()


def test_a_rule_beyond_the_label_is_counted_where_it_is_taken(write):
    log = write("""
        0 1 0 arrive 0 -         arrival  people
        0 1 0 choice 0 strategy  arrival  tec_early
        0 1 0 choice 0 site      strategy outpatient
        0 1 0 enter  0 step_up   site     -
        0 1 9 choice 0 strategy  next     tec_late
        0 1 9 enter  0 weekly    strategy -
        0 1 9 censor 0 weekly    horizon  -
    """)
    marks = dataclasses.replace(MARKS, off_label={"tec_early"})
    table = stays(log.log, marks)
    assert list(table["off_label"]) == [1, 0]
    assert patients(table, marks)["off_label"].item() == 1
