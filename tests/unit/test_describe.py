"""A pathway in words and drawings: what a state lists is told, and no boxes overlap."""

from itertools import combinations
from pathlib import Path

import pytest

from pathsim import By, Clock, Constant, Exponential, Marks, Pathway, PiecewiseExponential, State
from pathsim.pathway import phrases
from pathsim.pathway.boxes import sheets
from pathsim.pathway.conditions import AtLeast, ExpectedWait, Is, Not, Since
from pathsim.pathway.describe import describe
from pathsim.pathway.drawing import draw
from pathsim.pathway.grouping import BETWEEN, groups, owners
from pathsim.pathway.layout import WIDEST, layout
from pathsim.pathway.reading import Per
from pathsim.pathway.setting import Set
from tests.cli.small_service import BISPECIFIC, CART, small_pathway, small_service
from tests.engines.generated import service_from


def test_a_service_is_told_with_its_resources_states_choices_detours_and_variables() -> None:
    said = describe(small_service())
    for words in (
        "bed: 2 places; first come, first served",
        "slots: 3 every 30 days; ",
        "; used up when granted, at most 0 carried over",
        "waits for slots → make",
        "holds 1 of bed",
        "made: lognormal, median 29.9641 days, sigma 0.2 → bed wait",
        "hazard × by fitness (frail: 2, otherwise: 1)",
        "source: Smith 2024 (cohort)",
        "infection: exponential, mean 400 days, counted from 'infused' → ward",
        "sets known: as 'response', found with probability 90 %",
        "responds: 80 % → remission",
        "first: if line is none → slot wait",
        "no more: otherwise → supportive",
        "stand still: stepped up",
        "response: one of good, poor, at first drawn: good 60 %, poor 40 %",
        "There is no stay in which nobody can die.",
    ):
        assert words in said


def test_a_hidden_variable_is_told_apart_from_the_known_ones() -> None:
    said = describe(small_pathway())
    known, hidden = said.index("VARIABLES that are known"), said.index("VARIABLES that are hidden")
    assert known < said.index("  fitness: one of") < hidden < said.index("  response: one of")


def test_a_clock_that_two_states_share_is_told_once() -> None:
    said = describe(small_pathway())
    assert said.count("death waiting: exponential, mean 500 days") == 2  # once a therapy
    assert "death waiting: as in 'slot wait'" in said


def test_states_in_which_nobody_can_die_are_named() -> None:
    safe = State("safe", [Clock("leave", Exponential(mean=5), "risky")])
    risky = State("risky", [Clock("fall", Exponential(mean=5), "gone")])
    gone = State("gone", ends=True, marks=Marks(tags=("dead",)))
    assert "Nobody can die in: safe." in describe(Pathway("p", "safe", [safe, risky, gone]))


def test_a_law_of_many_pieces_is_told_by_its_ends() -> None:
    starts = tuple(float(365 * k) for k in range(80))
    law = PiecewiseExponential(starts, tuple(0.001 * (k + 1) for k in range(80)))
    assert phrases.law(law) == (
        "piecewise exponential in 80 pieces, hazard 0.001 a day from day 0 "
        "to 0.08 a day from day 28835"
    )


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Is("fitness", "fit", "frail"), "fitness is fit or frail"),
        (Not(Is("line", "one")), "not (line is one)"),
        (AtLeast(Since("infused"), 180), "days since 'infused' is at least 180"),
        (AtLeast(ExpectedWait("bed"), 60), "the expected wait for bed in days is at least 60"),
    ],
)
def test_conditions_read_as_sentences(condition: object, words: str) -> None:
    assert phrases.condition(condition) == words  # type: ignore[arg-type]


def test_tables_slopes_and_settings_read_as_sentences() -> None:
    table = By("since", bands=[(180, 1.8), (float("inf"), 1.2)], never=1.0)
    assert phrases.table(table) == "by since (below 180: 1.8, from there on: 1.2, not yet: 1)"
    assert phrases.factor(Per("age", 1.02, 60)) == "1.02 for each unit of age from 60"
    assert phrases.setting(Set("delay", By("fit", levels={"yes": 1.0}))) == "delay: by fit (yes: 1)"


# --- drawings ----------------------------------------------------------------------------------


def test_what_only_one_therapys_patients_come_to_belongs_to_that_therapy() -> None:
    owner = owners(small_pathway())
    assert owner["intensive stay"] == owner["assess"] == CART
    assert owner["ward stay"] == owner["strategy"] == owner["relapsed"] == BETWEEN
    assert groups(small_pathway()) == [CART, BISPECIFIC, BETWEEN]


def test_every_state_but_death_is_on_exactly_one_sheet() -> None:
    pathway = small_pathway()
    drawn = [box.name for sheet in sheets(pathway) for box in sheet.boxes]
    states = [s.name for s in pathway.states if s.name != "dead"]
    assert sorted(drawn) == sorted([*states, *(c.name for c in pathway.choices)])


def test_a_way_that_may_lead_back_is_no_death() -> None:
    rows = {
        row.text: row for sheet in sheets(small_pathway()) for b in sheet.boxes for row in b.rows
    }
    assert rows["death in remission"].kind == "death"
    assert rows["recovery ↩"].kind == "clock"


@pytest.mark.parametrize("seed", range(12))
def test_boxes_never_overlap_and_lines_only_lead_to_the_right(seed: int) -> None:
    for stream in service_from(seed).streams:
        for sheet in sheets(stream.pathway):
            laid = layout(sheet)
            boxes = [laid.places[box.name] for box in laid.sheet.boxes]
            for a, b in combinations(boxes, 2):
                beside = a.x + a.width <= b.x or b.x + b.width <= a.x
                above = a.y - a.height >= b.y or b.y - b.height >= a.y
                assert beside or above
            for a_name, b_name in laid.sheet.edges:
                assert laid.places[a_name].x < laid.places[b_name].x


def test_a_long_pathway_is_folded_to_the_width_of_a_page() -> None:
    states = [State(f"s{k}", [Clock(f"c{k}", Constant(1), f"s{k + 1}")]) for k in range(60)]
    (sheet,) = sheets(Pathway("long", "s0", [*states, State("s60", ends=True)]))
    laid = layout(sheet)
    assert max(p.x + p.width for p in laid.places.values()) <= WIDEST
    told = {row.text for box in laid.sheet.boxes for row in box.rows if row.to is None}
    assert any("→ s" in text for text in told)  # where a line is cut, words say where it leads


def test_a_drawing_a_therapy_is_saved_as_png_and_svg(tmp_path: Path) -> None:
    written = draw(small_pathway(), tmp_path)
    assert [p.name for p in written] == [
        f"pathway_{name}.{ending}"
        for name in ("cart", "bispecific", "between_therapies")
        for ending in ("png", "svg")
    ]
    assert written[0].read_bytes().startswith(b"\x89PNG")
    assert "slot wait" in describe(small_pathway())
    assert b"<svg" in written[1].read_bytes()


def test_one_therapy_may_be_drawn_alone(tmp_path: Path) -> None:
    assert {p.stem for p in draw(small_pathway(), tmp_path, only=CART)} == {"pathway_cart"}
