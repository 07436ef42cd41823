"""Any field of a resolved scenario is changed by its path, and checked as in a scenario's file."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pathsim.errors import InputError
from pathsim.inputs.document import Document, at
from pathsim.inputs.evidence import numbers
from pathsim.inputs.paths import entry_at, path_of, steps
from pathsim.inputs.quantity import Pace
from pathsim.inputs.resolve import resolve, resolve_document
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.therapy_car_t import CarT
from pathsim.inputs.vary import field_of, paths, varied, whole
from pathsim.pathway import build as building
from pathsim.pathway.build import build
from pathsim.study.plan import model_of, with_patients
from pathsim.study.simulation import Simulation
from pathsim.study.variant import Base

SHIPPED = ("cart_first", "fixed_duration", "slots_most_benefit", "supply_stops_choose_by_wait")
CR = "therapies.cilta-cel.response.cr"
BEDS = "centre.resources.cell_therapy_bed.places"


@pytest.fixture(scope="module", params=SHIPPED)
def shipped(request: pytest.FixtureRequest) -> Scenario:
    return resolve(request.param)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return resolve("cart_first")


def told(act: Callable[[], object]) -> list[str]:
    """Path, cause and remedy of everything that is refused."""
    with pytest.raises(InputError) as caught:
        act()
    return [f"{p.path}  {p.cause}: {p.remedy}" for p in caught.value.problems]


# --- paths ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("dependence", ("dependence",)),
        ("strategy.rules[2].with.site", ("strategy", "rules", 2, "with", "site")),
        ("centre.resources.slots/cilta-cel", ("centre", "resources", "slots/cilta-cel")),
        ('therapies["cilta.cel [2]"].title', ("therapies", "cilta.cel [2]", "title")),
        ("a[0][1].b", ("a", 0, 1, "b")),
    ],
)
def test_a_path_is_read_and_written(path: str, way: tuple[str | int, ...]) -> None:
    assert steps(path) == way
    assert path_of(way) == path


@pytest.mark.parametrize("path", ["", ".", "a.", ".a", "a..b", "a[x]", "a[0]b", "a b]", "a[-1]"])
def test_what_is_no_path_is_refused(scenario: Scenario, path: str) -> None:
    assert "is no path: write it like" in told(lambda: varied(scenario, {path: 1}))[0]
    assert "is no path: write it like" in told(lambda: field_of(scenario, path))[0]


def test_every_entry_of_the_document_has_a_path(shipped: Scenario) -> None:
    document, known = shipped.document(), set(paths(shipped))

    def below(entry: Any, way: tuple[str | int, ...]) -> None:
        assert not way or path_of(way) in known
        if isinstance(entry, dict) and "source" not in entry:
            for key, inner in entry.items():
                below(inner, (*way, key))
        for place, inner in enumerate(entry if isinstance(entry, list) else ()):
            if isinstance(inner, dict):
                below(inner, (*way, place))

    below(document, ())


# --- what stands there ---------------------------------------------------------------------------


def test_a_sourced_number_is_told_with_unit_and_spread(scenario: Scenario) -> None:
    path = "therapies.cilta-cel.early_death.probability"
    cells = scenario.therapies["cilta-cel"]
    assert isinstance(cells, CarT)
    number = cells.early_death.probability
    assert number.spread is not None
    field = field_of(scenario, path)
    assert (field.kind, field.value, field.unit) == ("number", number.value, number.unit)
    assert (field.low, field.high) == (number.spread.low, number.spread.high)
    assert field_of(scenario, f"{path}.value").value == number.value


@pytest.mark.parametrize(
    ("path", "kind", "value", "unit"),
    [
        (BEDS, "whole", 10, None),
        ("accrual.rate", "rate", 8 / 30.4375, "per day"),
        ("horizon", "time", 2922, "days"),
        ("dependence", "word", "as_assumed", None),
        ("support.hold_doses", "flag", True, None),
        ("support.washout", "nothing", None, None),
        ("start_date", "date", "2026-01-05", None),
        ("history.refractory_to", "list", ["lenalidomide"], None),
    ],
)
def test_other_fields_are_told_by_their_kind(
    scenario: Scenario, path: str, kind: str, value: Any, unit: str | None
) -> None:
    field = field_of(scenario, path)
    assert (field.kind, field.value, field.unit) == (kind, value, unit)


def test_a_part_is_told_by_its_fields(scenario: Scenario) -> None:
    law = field_of(scenario, "therapies.cilta-cel.manufacture.periods[0].duration")
    assert law.kind == "law"
    assert law.fields[0] == "law"
    part = field_of(scenario, "therapies.cilta-cel.response")
    assert part.fields == ("cr", "vgpr", "pr", "assessed", "effects")
    with pytest.raises(ValueError, match="is no number; go on with one of cr, vgpr, pr"):
        part.amount(3)


@pytest.mark.parametrize(
    ("path", "written", "amount"),
    [
        (CR, 80, 80.0),
        (CR, "80 %", 80.0),
        (CR, "0.5 probability", 50.0),
        ("horizon", "1 year", 365.25),
        ("accrual.rate", "7 per week", 1.0),
        (BEDS, 12, 12.0),
    ],
)
def test_an_end_of_a_range_is_a_number_in_the_fields_unit(
    scenario: Scenario, path: str, written: Any, amount: float
) -> None:
    field = field_of(scenario, path)
    assert field.amount(written) == pytest.approx(amount)
    again = field_of(varied(scenario, {path: field.written(field.amount(written))}), path)
    assert again.value == pytest.approx(amount)


def test_a_range_of_a_quantity_asks_for_its_unit(scenario: Scenario) -> None:
    with pytest.raises(ValueError, match="8 has no unit; write it like '8 per day'"):
        field_of(scenario, "accrual.rate").amount(8)


# --- what is put there ---------------------------------------------------------------------------


def test_every_field_put_back_as_it_is_changes_nothing(shipped: Scenario) -> None:
    document = shipped.document()
    explicit = Scenario.model_validate(document)
    for path in paths(explicit):
        value = at(document, steps(path))
        assert varied(explicit, {path: value}) == explicit, path


def test_every_number_put_back_bare_gives_the_same_service(shipped: Scenario) -> None:
    fields = [field_of(shipped, path) for path in paths(shipped)]
    values = {field.path: field.value for field in fields if field.kind == "number"}
    assert len(values) > 500
    assert build(varied(shipped, values)).service == build(shipped).service


@pytest.mark.parametrize("nonsense", [-1e300, "??", {"nonsense": 1}])
def test_nonsense_is_refused_everywhere(scenario: Scenario, nonsense: Any) -> None:
    for path in paths(scenario):
        if field_of(scenario, path).kind in (
            "number",
            "time",
            "rate",
            "whole",
            "flag",
            "law",
            "date",
        ):
            # what only other parts can tell, such as the lowest age, is left to `whole`
            check = whole if re.search(r"age\.(low|high)$", path) else varied
            for problem in told(partial(check, scenario, {path: nonsense})):
                place, _, said = problem.partition("  ")
                assert path.startswith(place) or place.startswith(path), problem
                assert ": " in said.removesuffix(": "), problem


def test_a_bare_number_is_in_the_unit_written_and_loses_its_spread(scenario: Scenario) -> None:
    before = scenario.therapies["cilta-cel"].response.cr
    after = varied(scenario, {CR: 40}).therapies["cilta-cel"].response.cr
    assert (after.value, after.unit, after.spread) == (40, "%", None)
    assert (after.source, after.kind, after.note) == (before.source, before.kind, before.note)


def test_an_assumption_still_states_a_spread_so_that_its_document_can_be_read(
    scenario: Scenario,
) -> None:
    path, number = next((p, n) for p, n in numbers(scenario) if n.kind == "assumption")
    spread = entry_at(varied(scenario, {path: number.value}), path).spread
    assert (spread.low, spread.high) == (number.value, number.value)
    assert whole(scenario, {path: number.value}).document()


def test_text_brings_its_own_unit(scenario: Scenario) -> None:
    path = "therapies.cilta-cel.before_infusion.recovery"
    for text in ("2 weeks", "14 days", "14days"):
        assert entry_at(varied(scenario, {path: text}), path).base == 14.0


def test_a_mapping_stands_for_a_whole_law(scenario: Scenario) -> None:
    path = "therapies.cilta-cel.manufacture.periods[0].duration"
    number = {**at(scenario.document(), steps(CR)), "value": 40, "unit": "days", "spread": None}
    law = {"law": "constant", "delay": {**number, "kind": "trial"}}
    found = entry_at(varied(scenario, {path: law}), path)
    assert (found.law, found.delay.base) == ("constant", 40.0)


def test_entries_are_added_and_taken_out(scenario: Scenario) -> None:
    scanner = {"places": 2, "because": "A test."}
    more = varied(scenario, {"centre.resources.icu_bed": scanner, "support.washout": "3 days"})
    assert more.centre.resources["icu_bed"].places == 2
    assert more.support.washout is not None
    less = varied(more, {"centre.resources.icu_bed": None, "support.washout": None})
    assert "icu_bed" not in less.centre.resources
    assert less.support == scenario.support


def test_what_is_not_changed_is_shared(scenario: Scenario) -> None:
    other = varied(scenario, {CR: 40})
    assert other.population is scenario.population
    assert other.therapies["teclistamab"] is scenario.therapies["teclistamab"]
    changed, same = (each.therapies["cilta-cel"] for each in (other, scenario))
    assert isinstance(changed, CarT)
    assert isinstance(same, CarT)
    assert changed.crs is same.crs


def test_numbers_that_add_up_are_checked_together(scenario: Scenario) -> None:
    both = {CR: 10, "therapies.cilta-cel.response.vgpr": 80}
    assert varied(scenario, both).therapies["cilta-cel"].response.cr.value == 10
    assert told(lambda: varied(scenario, {CR: 95})) == [
        "therapies.cilta-cel.response  cr, vgpr and pr add up to 1.105: give each level alone, "
        "not 'or better'"
    ]


def test_unchecked_a_number_may_take_any_value(scenario: Scenario) -> None:
    assert entry_at(varied(scenario, {CR: 950}, checked=False), CR).value == 950


REFUSED = [
    ({CR: 150}, f"{CR}  150 % is out of range: write 0 to 100 %"),
    ({CR: "5 days"}, f"{CR}  unit 'days' measures time, a probability is needed: write one of "
     "probability, %"),
    ({CR: "5 dayz"}, f"{CR}  unknown unit 'dayz': did you mean 'days'?"),
    ({CR: "many"}, f"{CR}  'many' is no quantity: write it like '14 days' or '5 %'"),
    ({CR: float("nan")}, f"{CR}  nan is not a number: write a number, such as 12.5"),
    ({CR: None}, f"{CR}  has no value: write a mapping after the colon"),
    ({BEDS: -1}, f"{BEDS}  -1 is out of range: it must be at least 0"),
    ({BEDS: 2.5}, f"{BEDS}  2.5 is not a whole number: write a whole number, such as 3"),
    ({"accrual.rate": 8}, "accrual.rate  8 is not a quantity: write it like '8 per month'"),
    ({"accrual.over": "3 years"}, "accrual  both rate and over are given: give one of rate and "
     "over"),
    ({"dependence": "nonee"}, "dependence  'nonee' is not one of the choices: did you mean 'none'? "
     "(choose from: as_assumed, none)"),
    ({"centre.resources.cell_therapy_bed": 3}, "centre.resources.cell_therapy_bed  this is more "
     "than one number: go on with one of: places, allotments, unlimited, closed, discipline, "
     "score, skip, typical_stay, ranks, because"),
    ({"resources.cell_therapy_bed.places": 3}, "resources.cell_therapy_bed.places  no 'resources' "
     f"in a scenario: did you mean '{BEDS}'?"),
    ({f"{BEDS[:-1]}": 3}, f"{BEDS[:-1]}  no 'place' in centre.resources.cell_therapy_bed: did you "
     f"mean '{BEDS}'?"),
    ({"strategy.rules[9].give": "x"}, "strategy.rules[9].give  strategy.rules has no entry [9]: "
     "write [0] to [5]"),
    ({"horizon.days": 3}, "horizon.days  horizon has no fields now: stop there, and give it whole"),
    ({"accrual.rate": "3 per month", "accrual": None}, "accrual  changed twice, or a part of it: "
     "change it once"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "said"), REFUSED)
def test_what_is_refused_is_told_with_cause_and_remedy(
    scenario: Scenario, changes: dict[str, Any], said: str
) -> None:
    assert said in told(lambda: varied(scenario, changes))


def test_all_that_is_wrong_is_told_at_once(scenario: Scenario) -> None:
    problems = told(lambda: varied(scenario, {CR: 150, BEDS: -1, "nothing.here": 1}))
    assert [problem.split("  ")[0] for problem in problems] == [BEDS, "nothing.here", CR]


def test_the_whole_is_checked_across_its_parts(scenario: Scenario) -> None:
    changes = {"strategy.rules[0].give": "cilta-cell"}
    assert varied(scenario, changes).strategy.rules[0].give == "cilta-cell"
    assert "no therapy 'cilta-cell'" in told(lambda: whole(scenario, changes))[0]


# --- variants ------------------------------------------------------------------------------------


def test_a_base_is_the_scenario_again(shipped: Scenario) -> None:
    base = Base.of(shipped)
    assert base.scenario() == shipped
    assert base == Base.of(resolve(shipped.name))
    assert len(base.content) < 60_000


def test_a_variant_is_what_a_file_that_says_the_same_would_give(scenario: Scenario) -> None:
    changes = {CR: 40, "accrual.rate": "6 per month", BEDS: 11, "dependence": "none",
               "run.warm_up": "90 days"}  # fmt: skip
    model = Base.of(scenario).variant(changes, patients=300).model()
    said = whole(scenario, changes).document()
    said["accrual"] |= {"rate": "6 per month", "patients": 300}
    other = model_of(build(resolve_document(Document(Path("x"), said, {}), {})))
    assert replace(other, document="", evidence={}, digest=model.digest) == model
    assert model.warm_up == 90.0


def test_variants_built_one_after_another_are_as_if_built_alone(scenario: Scenario) -> None:
    base = Base.of(scenario)
    every = [base.variant(c) for c in ({}, {CR: 40}, {BEDS: 11}, {"dependence": "none"}, {CR: 41})]
    in_turn = [build(variant.scenario()).service for variant in (*every, *reversed(every))]
    for variant, *services in zip(every, in_turn, reversed(in_turn), strict=False):
        building._made.clear()
        assert services == [build(variant.scenario()).service] * 2


def test_changes_of_a_variant_are_known_by_what_they_say(scenario: Scenario) -> None:
    base = Base.of(scenario)
    one = base.variant({CR: 40, BEDS: 11})
    assert one.digest == base.variant({BEDS: 11, CR: 40}).digest
    others = [base.variant({CR: 40}), base.variant({CR: 40, BEDS: 12}), base.variant({}),
              base.variant({CR: 40, BEDS: 11}, patients=7)]  # fmt: skip
    assert len({one.digest, *(other.digest for other in others)}) == 5
    assert base.variant({"accrual.rate": Pace(0.25)}).changes == {"accrual.rate": "0.25 per day"}
    assert json.loads(one.said) == one.changes


def test_another_number_of_patients_comes_at_the_same_pace(scenario: Scenario) -> None:
    spread = varied(scenario, {"accrual.rate": None, "accrual.over": "2 years"})
    variant = Base.of(spread).variant({}, patients=240)
    assert variant.scenario().accrual == with_patients(spread, 240).accrual
    assert variant.scenario().accrual.paces == pytest.approx(spread.accrual.paces)


def test_a_simulation_of_a_variant_keeps_a_document_that_can_be_run_alone(
    scenario: Scenario, tmp_path: Path
) -> None:
    variant = Base.of(scenario).variant({BEDS: 11}, patients=40)
    job = Simulation(variant, seed=1, first=0, last=0)
    assert "pathsim run" in job.keep_alone(tmp_path)
    (path,) = tmp_path.iterdir()
    again = resolve(path)
    assert again.centre.resources["cell_therapy_bed"].places == 11
    assert build(again).service == variant.model().service
    unsound = Simulation(Base.of(scenario).variant({BEDS: -1}), seed=1, first=0, last=0)
    assert "places: -1" in unsound.of.document
