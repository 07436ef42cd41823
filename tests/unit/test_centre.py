"""Centres: what is shared, over time and in which order, and what is said of mistakes."""

import datetime
from pathlib import Path

import pytest

from pathsim.inputs.centre import Centre, ResourceSpec
from pathsim.pathway.centre import their_pathway
from tests.unit.scenario_files import problems, read, scenario

START = datetime.date(2026, 1, 5)

BEDS = "places: 4, because: sample"
SLOTS = "allotments: {every: 1 month, amount: 2}, because: sample"
STAY = (
    "{law: constant, delay: {value: 3, unit: days, source: assumption, where: sample, "
    'kind: assumption, verified: "no", spread: {low: 1, high: 9, of: assumed}, note: sample}}'
)


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pathsim.inputs.load.read", read)


def written(resources: str, rest: str = "") -> str:
    """A centre with these resources in flow style, the first on line 7 of its scenario."""
    return f"centre:\n  centre: sample\n  title: A sample\n  resources:\n    {resources}\n{rest}"


def users(rest: str = "") -> str:
    return (
        "  other_users:\n    - {name: others, resource: ward_bed, arrivals: 1 per day, "
        f"stay: {STAY}, because: sample{rest}}}"
    )


def scored(term: str) -> str:
    return f"discipline: score, score: {{terms: {{{term}}}}}"


def centre(resources: str, rest: str = "") -> Centre:
    return scenario(written(resources, rest)).centre


def said_of(resources: str, rest: str = "") -> str:
    (only,) = problems(written(resources, rest))
    return only


def spec(**fields: object) -> ResourceSpec:
    return ResourceSpec.model_validate({"because": "sample", **fields})


class TestSupply:
    def test_places_may_change_on_a_date_or_after_a_time(self) -> None:
        beds = spec(places=[{"from": "0 days", "places": 2}, {"from": "2026-02-05", "places": 3}])
        assert beds.steps(START) == ((0.0, 2), (31.0, 3))
        assert beds.places_on_day_0(START) == 2

    def test_a_release_may_grow_with_time(self) -> None:
        changes = [{"from": "0 days", "amount": 4}, {"from": "1 year", "amount": 6}]
        slots = spec(allotments={"every": "4 weeks", "amount": changes, "carry": 1}).allotments
        assert slots is not None
        assert (slots.every.days, slots.carry) == (28.0, 1)
        assert slots.amounts(START) == ((0.0, 4), (365.25, 6))

    def test_weekdays_are_numbered_from_monday(self) -> None:
        assert spec(places=1, closed=["sunday", "saturday"]).closed_days == (5, 6)

    def test_what_is_closed_on_mondays_has_no_place_on_day_0(self) -> None:
        assert spec(places=5, closed=["monday"]).places_on_day_0(START) == 0

    def test_a_reason_without_a_rank_goes_first(self) -> None:
        beds = spec(places=1, ranks={"infusion": 2})
        assert (beds.rank("infusion"), beds.rank("crs")) == (2, 1)

    def test_what_is_left_out_or_unlimited_is_not_limited(self) -> None:
        found = centre(f"{{ward_bed: {{{BEDS}}}, clinic: {{unlimited: true, because: sample}}}}")
        assert list(found.limited) == ["ward_bed"]

    def test_other_users_have_the_rank_that_the_resource_gives_them_or_their_own(self) -> None:
        beds = f"{{ward_bed: {{{BEDS}, ranks: {{other_users: 3}}}}}}"
        for rest, rank in (("", 3), (", rank: 2", 2)):
            found = centre(beds, users(rest))
            waiting = their_pathway(found, found.other_users[0]).states[0]
            assert waiting.requests[0].rank == rank

    def test_the_shipped_centre_has_a_reason_for_every_figure(self) -> None:
        shipped = scenario("").centre
        reasons = [figure.because for figure in shipped.resources.values()]
        reasons += [users.because for users in shipped.other_users]
        assert len(reasons) >= 12
        assert all("ssumption" in because or "E0" in because for because in reasons)


class TestMistakes:
    @pytest.mark.parametrize(
        ("resources", "said"),
        [
            ("{ward_beds: {places: 4, because: x}}", "no such resource: did you mean 'ward_bed'?"),
            (f"{{clinic: {{{SLOTS}}}}}", "this has places, not allotments: write 'places:'"),
            (f"{{slots/cilta-cel: {{{BEDS}}}}}", "slots are allotments: write 'allotments:'"),
            (f"{{slots/ciltacel: {{{SLOTS}}}}}", "no therapy 'ciltacel': did you mean"),
            (f"{{slots/teclistamab: {{{SLOTS}}}}}", "teclistamab is no CAR T product"),
            ("{clinic: {because: x}}", "nothing is given: give exactly one of places"),
            (
                "{clinic: {places: 1, unlimited: true, because: x}}",
                "places and unlimited are given",
            ),
            ("{clinic: {places: -1, because: x}}", "-1 is out of range: it must be at least 0"),
            ("{clinic: {places: 2.5, because: x}}", "2.5 is not a whole number"),
            ("{clinic: {places: 2}}", "because  missing: add 'because:'"),
            (
                "{clinic: {places: [{from: 9 days, places: 1}, {from: 0 days, places: 2}], "
                "because: x}}",
                "changes are not in order of days",
            ),
            (
                "{slots/cilta-cel: {allotments: {every: 1 hour, amount: 1}, because: x}}",
                "releases less than a day apart",
            ),
            ("{clinic: {places: 1, discipline: score, because: x}}", "score do not agree"),
            (f"{{clinic: {{{BEDS}, discipline: fair}}}}", "'fair' is not one of the choices"),
            (
                f"{{clinic: {{{BEDS}, {scored('tempo: {per: 1}')}}}}}",
                "'tempo' is nothing that a score can read",
            ),
            (
                f"{{clinic: {{{BEDS}, {scored('emd: {per: 1}')}}}}}",
                "points for emd are wrong: give them for no, yes",
            ),
            (f"{{clinic: {{{BEDS}, ranks: {{fever: 1}}}}}}", "'fever' is not one of the choices"),
            (f"{{clinic: {{{BEDS}, ranks: {{crs: 0}}}}}}", "it must be at least 1"),
            (f"{{clinic: {{{BEDS}, closed: [Sunday]}}}}", "did you mean 'sunday'?"),
            (
                f"{{clinic: {{{BEDS}, closed: [monday, tuesday, wednesday, thursday, friday, "
                "saturday, sunday]}}",
                "closed every day of the week",
            ),
        ],
    )
    def test_a_resource_written_wrongly_is_told_at_its_line(
        self, resources: str, said: str
    ) -> None:
        only = said_of(resources)
        assert only.startswith("sample.yaml:7  centre.resources.")
        assert said in only

    @pytest.mark.parametrize(
        ("rest", "said"),
        [
            (users().replace("ward_bed", "ward"), "'ward' is no resource with places here"),
            (users().replace("1 per day", "1 day"), "'day' is no unit of rate"),
            (users(", on_day_0: 5"), "5 places of ward_bed are taken on day 0, of 4"),
            (users().replace("source: assumption", "source: hearsay"), "no source 'hearsay'"),
            (f"{users()}\n{users().splitlines()[1]}", "a second entry named 'others'"),
            ("  day_0: {}", "neither empty nor anybody there: write 'empty: true'"),
            ("  day_0: {empty: true, waiting: 3}", "empty, yet 3 are there"),
            ("  day_0: {on: {ciltacel: 3}}", "no therapy 'ciltacel': did you mean 'cilta-cel'?"),
        ],
    )
    def test_other_users_and_day_0_written_wrongly_are_told(self, rest: str, said: str) -> None:
        assert said in said_of(f"{{ward_bed: {{{BEDS}}}}}", rest)
