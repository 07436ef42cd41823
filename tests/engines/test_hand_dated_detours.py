"""Detours: inherited clocks and grants, dated by hand from docs/law.md (sections 4 to 6)."""

from collections.abc import Sequence
from math import inf

from pathsim import (
    PLUS_ONE,
    By,
    Clock,
    Constant,
    Detour,
    Pathway,
    Request,
    Resource,
    Service,
    Set,
    State,
    Variable,
)
from tests.engines.written import TO_WARD, after, alone, assert_log, at, ends, home_and_ward


def test_the_clock_that_started_a_detour_starts_anew_on_return() -> None:
    assert_log(
        alone(home_and_ward([])),
        30.0,
        TO_WARD
        + """
        0  13 return 0 home recover   -
        0  23 detour 1 ward infection infected
        0  26 return 0 home recover   -
        0  30 censor 0 home horizon   -
    """,
    )


# --- inherited clocks ---


def test_an_inherited_clock_ends_the_detour() -> None:
    assert_log(
        alone(home_and_ward([after(12.0, "relapse", "relapsed")])),
        30.0,
        TO_WARD
        + """
        0  12 enter  0 relapsed relapse -
        0  16 end    0 dead     decline -
    """,
    )


def test_an_inherited_clock_into_a_terminal_state_ends_everything() -> None:
    assert_log(
        alone(home_and_ward([after(12.0, "death", "dead")])),
        30.0,
        TO_WARD
        + """
        0  12 end    0 dead     death   -
    """,
    )


def test_an_inherited_clock_that_moves_changes_the_state_to_return_to() -> None:
    pathway = home_and_ward([after(12.0, "relapse", "relapsed")], moves=["relapse"])
    assert_log(
        alone(pathway),
        30.0,
        TO_WARD
        + """
        0  12 move   0 relapsed relapse -
        0  13 return 0 relapsed recover -
        0  16 end    0 dead     decline -
    """,
    )


def test_an_inherited_clock_that_moves_into_a_terminal_state_ends_everything() -> None:
    pathway = home_and_ward([after(12.0, "death", "dead")], moves=["death"])
    assert_log(
        alone(pathway),
        30.0,
        TO_WARD
        + """
        0  12 end    0 dead     death   -
    """,
    )


def test_a_pause_shifts_a_constant_delay_by_its_length() -> None:
    pathway = home_and_ward([after(17.0, "dose", "relapsed")], pauses=["dose"])
    assert_log(
        alone(pathway),
        21.0,
        TO_WARD
        + """
        0  13 return 0 home     recover -
        0  20 enter  0 relapsed dose    -
        0  21 censor 0 relapsed horizon -
    """,
    )


def test_a_clock_that_is_due_when_a_detour_pauses_it_rings_at_the_return() -> None:
    """Due at 23 after the first pause; there `infection` comes before `late_dose` and pauses it."""
    pathway = home_and_ward([after(20.0, "late_dose", "relapsed")], pauses=["late_dose"])
    assert_log(
        alone(pathway),
        27.0,
        TO_WARD
        + """
        0  13 return 0 home     recover   -
        0  23 detour 1 ward     infection infected
        0  26 return 0 home     recover   -
        0  26 enter  0 relapsed late_dose -
        0  27 censor 0 relapsed horizon   -
    """,
    )


def test_an_inherited_clock_that_rings_here_returns_first() -> None:
    count = after(12.0, "assess", "here", sets=[Set("n", PLUS_ONE)])
    pathway = home_and_ward([count], variables=[Variable("n")])
    assert_log(
        alone(pathway),
        23.0,
        TO_WARD
        + """
        0  12 return 0 home   assess    -
        0  12 here   0 home   assess    -
        0  22 detour 1 ward   infection infected
        0  23 censor 1 ward   horizon   -
    """,
    )


def test_an_inherited_clock_that_moves_rings_here_without_leaving_the_detour() -> None:
    count = after(11.0, "assess", "here", sets=[Set("n", PLUS_ONE)])
    law = By("n", bands=[(1.0, Constant(90.0)), (inf, Constant(12.5))])
    relapse = Clock("relapse", law, "dead")
    pathway = home_and_ward([count, relapse], moves=["assess"], variables=[Variable("n")])
    assert_log(
        alone(pathway),
        23.0,
        TO_WARD
        + """
        0  11   here   0 home   assess  -
        0  12.5 end    0 dead   relapse -
    """,
    )


def test_a_clock_listed_for_the_first_time_in_a_paused_level_starts_at_the_return() -> None:
    pathway = home_and_ward(
        [after(12.0, "switch", "second_home")],
        moves=["switch"],
        pauses=["dose"],
        more=[State("second_home", [after(5.0, "dose", "dead")])],
    )
    assert_log(
        alone(pathway),
        30.0,
        TO_WARD
        + """
        0  12 move   0 second_home switch  -
        0  13 return 0 second_home recover -
        0  18 end    0 dead        dose    -
    """,
    )


def test_the_innermost_listing_of_a_clock_prevails_and_the_outer_resumes_on_return() -> None:
    ward = [after(3.0, "recover", "return"), after(12.5, "death", "relapsed")]
    assert_log(
        alone(home_and_ward([after(21.0, "death", "dead")], ward)),
        30.0,
        TO_WARD
        + """
        0  12.5 enter 1 relapsed death   -
        0  16.5 end   0 dead     decline -
    """,
    )
    ward = [after(3.0, "recover", "return"), after(14.0, "death", "relapsed")]
    assert_log(
        alone(home_and_ward([after(21.0, "death", "dead")], ward)),
        30.0,
        TO_WARD
        + """
        0  13   return 0 home     recover -
        0  21   end    0 dead     death   -
    """,
    )


# --- grants in a detour ---


def waiting_home(**more: Sequence[str]) -> Service:
    """The slot is free from day 12; the infection lasts from 10 to 13."""
    pathway = home_and_ward(
        [],
        requests=[Request("slot", "apheresis")],
        more=[State("apheresis", [after(9.0, "collect", "dead")])],
        **more,  # type: ignore[arg-type]
    )
    return alone(pathway, Resource("slot", allotments=[(12.0, 1)]))


def test_an_inherited_request_moves_when_granted() -> None:
    assert_log(
        waiting_home(),
        15.0,
        TO_WARD
        + """
        0  12 move   0 apheresis slot    -
        0  13 return 0 apheresis recover -
        0  15 censor 0 apheresis horizon -
    """,
    )


def test_an_inherited_request_ends_the_detour_if_it_says_so() -> None:
    assert_log(
        waiting_home(stops=["slot"]),
        15.0,
        TO_WARD
        + """
        0  12 enter  0 apheresis slot    -
        0  15 censor 0 apheresis horizon -
    """,
    )


def test_a_paused_request_is_passed_over_until_the_return() -> None:
    assert_log(
        waiting_home(pauses=["slot"]),
        15.0,
        TO_WARD
        + """
        0  13 return 0 home      recover -
        0  13 enter  0 apheresis slot    -
        0  15 censor 0 apheresis horizon -
    """,
    )


def test_a_paused_request_keeps_its_date() -> None:
    """Patient 0, dated 0, is in a detour from 10 to 13; patient 1 takes the slot of 12."""
    pathway = home_and_ward(
        [],
        requests=[Request("slot", "apheresis")],
        pauses=["slot"],
        more=[State("apheresis", [after(9.0, "collect", "dead")])],
    )
    slot = Resource("slot", allotments=[(12.0, 1), (16.0, 1)])
    assert_log(
        at(pathway, [0.0, 8.0, 9.0], slot),
        17.0,
        TO_WARD
        + """
        0  13 return 0 home      recover   -
        0  16 enter  0 apheresis slot      -
        0  17 censor 0 apheresis horizon   -
        1  8  arrive 0 -         arrival   patients
        1  8  enter  0 home      arrival   -
        1  12 enter  0 apheresis slot      -
        1  17 censor 0 apheresis horizon   -
        2  9  arrive 0 -         arrival   patients
        2  9  enter  0 home      arrival   -
        2  17 censor 0 home      horizon   -
    """,
    )


def test_what_the_interrupted_state_holds_is_kept_and_the_detour_asks_for_itself() -> None:
    pathway = Pathway(
        "icu",
        start="asks",
        states=[
            State("asks", requests=[Request("bed", "in_bed")]),
            State("in_bed", [after(2.0, "shock", "shocked"), after(9.0, "stay", "done")],
                  holds={"bed": 1}),
            State("asks_icu", [after(6.0, "stabilise", "return")], [Request("icu", "in_icu")]),
            State("in_icu", [after(3.0, "step_down", "return")], holds={"icu": 1}),
            *ends("done"),
        ],
        detours=[Detour("shocked", "asks_icu")],
    )  # fmt: skip
    service = at(pathway, [0.0, 1.0], Resource("bed", places=2), Resource("icu", places=1))
    assert_log(
        service,
        9.5,
        """
        0  0 arrive 0 -        arrival   patients
        0  0 enter  0 asks     arrival   -
        0  0 enter  0 in_bed   bed       -
        0  2 detour 1 asks_icu shock     shocked
        0  2 enter  1 in_icu   icu       -
        0  5 return 0 in_bed   step_down -
        0  7 detour 1 asks_icu shock     shocked
        0  8 enter  1 in_icu   icu       -
        0  9 end    0 done     stay      -
        1  1 arrive 0 -        arrival   patients
        1  1 enter  0 asks     arrival   -
        1  1 enter  0 in_bed   bed       -
        1  3 detour 1 asks_icu shock     shocked
        1  5 enter  1 in_icu   icu       -
        1  8 return 0 in_bed   step_down -
        1  9.5 censor 0 in_bed horizon   -
    """,
    )
