"""Resolving: one explicit document that says everything, and gives itself again."""

import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pathsim.errors import InputError, Problem
from pathsim.inputs import schema
from pathsim.inputs.places import named, params_dir, scenarios_dir
from pathsim.inputs.plain import plain
from pathsim.inputs.resolve import digest, dump, resolve
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.therapy_car_t import CarT
from pathsim.inputs.yaml_text import parse
from tests.unit.scenario_files import ROOT, problems, read, rules, scenario

QUESTIONS = [name for name in named(scenarios_dir()) if name != "base"]
CENTRES = named(params_dir() / "centres")
ALIKE = {
    "ide_cel_only": ("cilta_cel_only", {"strategy"}),
    "cart_in_line_5": ("cart_in_line_2", {"strategy"}),
    "teclistamab_daratumumab_in_line_2": ("cart_in_line_2", {"strategy"}),
    "without_cart_gprc5d_first": ("without_cart", {"strategy"}),
    "bridging_talquetamab": ("cart_first", {"therapies"}),
    "fixed_duration": ("without_cart", {"support"}),
    "fewer_doses": ("without_cart", {"support"}),
    "step_up_outpatient": ("without_cart", {"support"}),
    "step_up_outpatient_tocilizumab": ("step_up_outpatient", {"support"}),
    "ivig_primary": ("bispecific_first", {"support"}),
    "ivig_low_igg": ("bispecific_first", {"support"}),
    "ivig_after_infection": ("bispecific_first", {"support"}),
    "ivig_none": ("bispecific_first", {"support"}),
    "dexamethasone_by_lymphocytes": ("cart_first", {"support"}),
    "slots_first_come": ("cart_first", {"centre"}),
    "slots_sickest_first": ("slots_first_come", {"centre"}),
    "slots_most_benefit": ("slots_first_come", {"centre"}),
    "supply_stops": ("cart_first", {"centre"}),
    "supply_stops_choose_by_wait": ("supply_stops", {"strategy"}),
    "winter_fewer_beds": ("winter_all_beds", {"centre"}),
    "referring_nobody": ("referring_out", {"strategy"}),
    "belantamab_before_cart": ("belantamab_after_cart", {"strategy"}),
    "access_near_and_academic": ("cilta_cel_only", {"strategy"}),
    "access_nobody_left_out": ("cilta_cel_only", {"strategy"}),
    "europe_access_as_found": ("europe_cart_first", {"strategy"}),
    "referrals_grow": ("referrals_go_on", {"accrual"}),
    "referrals_evenly": ("referrals_go_on", {"accrual"}),
    "cohort_on_day_0": ("cart_first", {"accrual"}),
    "referrals_grow_with_capacity": ("referrals_grow", {"centre"}),
    "cart_from_2028": ("cart_first", {"launches"}),
    "backlog_on_day_0": ("cart_first", {"centre"}),
    "backlog_more_slots": ("backlog_on_day_0", {"centre"}),
}
"""Question -> the one that it is compared with, and the parts in which the two differ."""

SLOWLY = [pytest.param(n, marks=pytest.mark.slow) if n in ALIKE else n for n in QUESTIONS]
"""All questions; those that differ from another in one part are left to the slow run."""

NONSENSE = "]: {nonsense"


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pathsim.inputs.load.read", read)


@cache
def shipped(name: str) -> Scenario:
    """A scenario that comes with pathsim, resolved once."""
    return resolve(name)


def again(document: dict[str, Any]) -> Scenario:
    """What a document gives when it is written to a file and resolved."""
    Path("again.yaml").write_text(dump(document), encoding="utf-8")
    return resolve("again.yaml")


class TestShipped:
    def test_the_questions_of_the_demo_are_there(self) -> None:
        asked = {"cart_first", "bispecific_first", "gprc5d_then_cart", "standard_only"}
        assert asked | {"cart_if_slot_within_60_days"} <= set(QUESTIONS)

    @pytest.mark.parametrize("name", SLOWLY)
    def test_resolving_again_gives_the_same_document_to_the_byte(self, name: str) -> None:
        document = shipped(name).document()
        twice = again(document).document()
        assert dump(twice) == dump(document)
        assert digest(twice) == digest(document)

    @pytest.mark.parametrize("name", QUESTIONS)
    def test_a_question_says_what_it_asks_and_is_laid_over_another_scenario(
        self, name: str
    ) -> None:
        written = read(named(scenarios_dir())[name]).data
        assert written["extends"] in named(scenarios_dir())
        assert len(written) > 2
        assert written["title"].endswith("?")

    def test_no_two_questions_are_the_same(self) -> None:
        titles = [shipped(name).title for name in QUESTIONS]
        assert len(set(titles)) == len(QUESTIONS) >= 14

    @pytest.mark.parametrize("name", ALIKE)
    def test_questions_that_are_compared_differ_in_that_alone(self, name: str) -> None:
        extends, differs = ALIKE[name]
        one, other = shipped(extends).document(), shipped(name).document()
        assert {part for part in one if one[part] != other[part]} == {"name", "title", *differs}

    def test_the_page_of_scenarios_names_each_of_them_and_no_other(self) -> None:
        page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
        rows = [line.split("|")[2] for line in page.splitlines() if line.startswith("| ")]
        told = {name for row in rows for name in row.strip(" `").split()} - {"compare"}
        assert told == set(QUESTIONS)

    def test_every_therapy_and_every_way_to_bridge_is_given_by_some_question(self) -> None:
        asked = [shipped(name) for name in QUESTIONS]
        given = {therapy for scenario in asked for therapy in scenario.strategy.gives}
        assert given == set(named(params_dir() / "therapies"))
        products = [t for s in asked for t in s.therapies.values() if isinstance(t, CarT)]
        bridged = {product.bridging.default for product in products}
        assert bridged == set(named(params_dir() / "bridging"))

    def test_the_base_alone_has_no_strategy(self) -> None:
        with pytest.raises(InputError) as caught:
            resolve("base")
        assert str(caught.value).endswith("strategy  missing: add 'strategy:'")

    def test_shipped_files_name_their_schema_on_top(self) -> None:
        for path, kind in [
            *((path, "../schemas/scenario") for path in named(scenarios_dir()).values()),
            *((path, "../../schemas/centre") for path in CENTRES.values()),
        ]:
            first = path.read_text(encoding="utf-8").splitlines()[0]
            assert first == f"# yaml-language-server: $schema={kind}.json"

    @pytest.mark.parametrize("kind", schema.FILES)
    def test_committed_schemas_are_what_the_models_give(self, kind: str) -> None:
        committed = (ROOT / "schemas" / f"{kind}.json").read_text(encoding="utf-8")
        assert committed == schema.schemas()[kind], "run: python -m pathsim.inputs.schema"


class TestDocument:
    def test_numbers_are_in_the_units_of_the_model_and_keep_their_source(self) -> None:
        found = scenario("").document()["therapies"]["cilta-cel"]
        cilta_cel = scenario("").therapies["cilta-cel"]
        assert isinstance(cilta_cel, CarT)
        crs = cilta_cel.crs.any
        told = found["crs"]["any"]
        assert (told["value"], told["unit"]) == (crs.base, "probability")
        assert (told["source"], told["where"]) == (crs.source, crs.where)

    def test_a_feature_keeps_its_own_unit(self) -> None:
        age = scenario("").document()["population"]["features"]["age"]
        assert age["mean"]["unit"] == "years"

    def test_a_quantity_is_in_days(self) -> None:
        assert scenario("horizon: 2 weeks").document()["horizon"] == "14 days"

    def test_no_name_is_left_to_look_up(self) -> None:
        found = scenario("").document()
        parts = (
            "population", "background", "supportive", "best_supportive_care", "centre", "strategy",
        )  # fmt: skip
        assert [part for part in parts if not isinstance(found[part], dict)] == []
        assert all("modality" in therapy for therapy in found["therapies"].values())

    def test_defaults_are_filled_in(self) -> None:
        found = scenario("").document()
        assert found["run"] == {"replications": 20, "seed": 1, "warm_up": "0 days"}
        assert found["support"]["ivig"] == "triggered"

    def test_another_number_gives_another_digest(self) -> None:
        one, other = (scenario(f"run: {{seed: {seed}}}").document() for seed in (1, 2))
        assert digest(one) != digest(other)
        assert digest(one) == digest(scenario("run: {seed: 1}").document())

    def test_every_kind_of_rule_comes_back_the_same(self) -> None:
        written = rules(
            "{name: a, give: cilta-cel, because: x, with: {bridging: none, washout: 10 days}, "
            "when: {calendar: {from: 2026-06-01}, not: {emd: yes}, "
            "any_of: [{refractory_to: {what: BCMA, is: true}}, {last_lasted: {below: 1 year}}]}}"
        )
        once = scenario("", strategy=written)
        assert again(once.document()).strategy == once.strategy

    @given(
        st.recursive(
            st.text() | st.integers(-9, 9) | st.floats(-1e9, 1e9) | st.booleans(),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.text(min_size=1), inner, max_size=3)
            ),
        )
    )
    @example("a line\u2028and another\u2029")
    @example("a next line\x85")
    def test_text_of_any_data_is_read_as_that_data(self, value: Any) -> None:
        if not parse(dump({"x": plain(value)})).flaws:  # control characters are not read
            assert parse(dump({"x": plain(value)})).data == {"x": plain(value)}

    @given(st.text(st.characters(exclude_categories=["C"]), min_size=1))
    def test_any_line_of_words_comes_back_the_same(self, words: str) -> None:
        parsed = parse(dump({words: words}))
        assert (parsed.data, parsed.flaws) == ({words: words}, [])


class TestEverythingAtOnce:
    def test_problems_of_all_files_are_told_each_at_its_place(self) -> None:
        Path("centre.yaml").write_text(
            "centre: mine\ntitle: Mine\nresources:\n  clinic: {places: many, because: x}\n"
        )
        Path("strategy.yaml").write_text(
            "strategy: mine\ntitle: Mine\nrules:\n  - {otherwise: cilta, because: x}\n"
        )
        text = "centre: centre.yaml\nregion: USA\npopulation: nobody"
        said = problems(text, strategy="strategy: strategy.yaml")
        assert [line.split("  ")[0] for line in said] == [
            "centre.yaml:4",
            "sample.yaml:4",
            "sample.yaml:5",
            "strategy.yaml:4",
        ]

    @pytest.mark.parametrize("name", ["cart_frist", "", "nowhere.yaml", "../x", "a\0b", "x" * 500])
    def test_a_scenario_that_is_not_there_is_told_with_a_remedy(self, name: str) -> None:
        with pytest.raises(InputError) as caught:
            resolve(name)
        assert len(caught.value.problems) == 1

    def test_a_misspelt_scenario_is_told_with_the_nearest_name(self) -> None:
        with pytest.raises(InputError) as caught:
            resolve("cart_frist")
        assert "did you mean 'cart_first'" in str(caught.value)


def damaged(path: Path) -> list[str]:
    """The file with each line deleted, doubled, or replaced by nonsense."""
    lines = path.read_text(encoding="utf-8").splitlines()
    changes = [
        change
        for line in lines
        for change in ([], [line, line], [NONSENSE], ["nonsense"], [f"{line}x"], [f"  {line}"])
    ]
    return [
        "\n".join([*lines[: i // 6], *change, *lines[i // 6 + 1 :]])
        for i, change in enumerate(changes)
    ]


def told(path: Path, text: str) -> tuple[Problem, ...]:
    """What is wrong with a scenario that has a damaged file; () if nothing is."""
    scenario = text
    if path.parent != scenarios_dir():
        Path("centre.yaml").write_text(text, encoding="utf-8")
        scenario = "title: A sample?\nextends: cart_first\ncentre: centre.yaml"
    Path("damaged.yaml").write_text(scenario, encoding="utf-8")
    try:
        resolve("damaged.yaml").document()
    except InputError as error:
        return error.problems or (Problem("", 0, "", "an error without a problem", ""),)
    return ()


SHIPPED = [*named(scenarios_dir()).values(), *CENTRES.values()]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_damaged_file_gives_a_scenario_or_problems(path: Path) -> None:
    for text in random.Random(1).sample(damaged(path), 6):
        assert [p for p in told(path, text) if p.line < 1 or not p.cause] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_damage_to_a_file_gives_a_scenario_or_problems(path: Path) -> None:
    for text in damaged(path):
        assert [p for p in told(path, text) if p.line < 1 or not p.cause] == []
