"""The centre in the pathway: unlimited places, other users, and those whom it holds on day 0."""

import pytest

from pathsim.pathway.centre import FIRST_OTHER, OTHER_USERS
from tests.pathway.one_therapy import ENDLESS, PATIENTS, TEXT, centre, given

ONE_WARD_BED = ENDLESS.replace(
    "ward_bed: {unlimited: true", "ward_bed: {places: 1, typical_stay: 7 days"
)
SLOW = TEXT.replace("100 per day", "1 per day")
OTHERS = """\
    - name: other-haematology
      resource: ward_bed
      arrivals: 1 per week
      on_day_0: 1
      because: sample
      stay:
        law: constant
        delay: {value: 6, unit: days, source: assumption, where: sample, kind: assumption, verified: "no", spread: {low: 5, high: 7, of: assumed}, note: sample}
"""  # noqa: E501


def test_where_everything_is_unlimited_nobody_waits() -> None:
    waits = given("cilta-cel").measured.waits
    assert len(waits) > 500
    assert waits["days"].eq(0).all()


def test_places_that_are_few_are_waited_for() -> None:
    waits = given("teclistamab", text=SLOW, where=centre(ONE_WARD_BED)).measured.waits
    ward = waits[waits["resource"].eq("ward_bed")]
    assert ward["days"].max() > 1


def test_other_users_take_beds_from_the_day_the_run_starts() -> None:
    run = given("teclistamab", text=SLOW, where=centre(ONE_WARD_BED, others=OTHERS))
    theirs = run.rows[run.rows["patient"].ge(FIRST_OTHER)]
    inside = theirs[theirs["state"].eq("other-haematology: in ward_bed")]
    alone = given("teclistamab", text=SLOW, where=centre(ONE_WARD_BED)).measured.waits
    shared = run.measured.waits
    ours = shared[~shared["stream"].astype(str).str.startswith(OTHER_USERS)]
    assert inside["time"].min() == 0
    assert len(inside) > 50
    ward = [w[w["resource"].eq("ward_bed")]["days"].mean() for w in (alone, ours)]
    assert ward[1] > ward[0]


class TestDayZero:
    run_on = "{on: {teclistamab: 12, cilta-cel: 5}, waiting: 4}"

    def test_those_on_treatment_are_there_at_time_0_with_their_places(self) -> None:
        run = given("teclistamab", where=centre(day_0=self.run_on))
        first = run.entered("teclistamab: weekly", "cilta-cel: remission")
        at_start = first[first["time"].eq(0) & first["patient"].ge(FIRST_OTHER // 2)]
        assert at_start["state"].value_counts().to_dict() == {
            "teclistamab: weekly": 12,
            "cilta-cel: remission": 5,
        }

    def test_those_waiting_begin_the_strategy_at_time_0(self) -> None:
        run = given("teclistamab", where=centre(day_0=self.run_on))
        rows = run.rows[run.rows["patient"].ge(FIRST_OTHER // 2) & run.rows["time"].eq(0)]
        assert rows["state"].eq("teclistamab: authorisation").sum() == 4

    @pytest.mark.parametrize("therapy", ["teclistamab", "cilta-cel"])
    def test_those_who_began_over_some_time_are_the_better_responders(self, therapy: str) -> None:
        drawn = {}
        for over in ("0 days", "3 years"):
            on = f"{{on: {{{therapy}: 300}}, begun_over: {over}}}"
            run = given(therapy, where=centre(day_0=on))
            first = run.rows[run.rows["patient"].ge(FIRST_OTHER // 2) & run.rows["time"].le(200)]
            drawn[over] = first[first["state"].eq(f"{therapy} best response")]
        told = {over: rows["option"].eq("none").mean() for over, rows in drawn.items()}
        assert told["3 years"] < 0.7 * told["0 days"]
        assert (drawn["3 years"]["time"] == 0).mean() > 0.8  # the response is known by then

    def test_when_they_began_lies_before_day_0_within_that_time(self) -> None:
        on = "{on: {teclistamab: 300}, begun_over: 2 years}"
        patients = given("teclistamab", where=centre(day_0=on)).log.patients
        there = patients[patients["patient"].ge(FIRST_OTHER // 2)]
        days = there["teclistamab begun before day 0"]
        assert days.between(-730.5, 0).all()
        assert days.mean() > -365  # more of those who began late are left

    def test_outcomes_are_of_the_cohort_alone(self) -> None:
        run = given("teclistamab", where=centre(day_0=self.run_on))
        assert len(run.measured.patients) == PATIENTS

    def test_an_empty_service_holds_nobody(self) -> None:
        assert (given("teclistamab").rows["patient"] < FIRST_OTHER // 2).all()
