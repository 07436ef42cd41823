"""Detours, standing clocks and `leave:`, dated by hand from docs/law.md (sections 4 to 6)."""

from collections.abc import Sequence
from math import inf

import pytest

from pathsim.laws import Constant
from pathsim.pathway.pathway import (
    Choice,
    Clock,
    Detour,
    Option,
    Pathway,
    Request,
    State,
    Variable,
    leave,
)
from pathsim.pathway.reading import By
from pathsim.pathway.service import Resource, Service
from pathsim.pathway.setting import PLUS_ONE, Set
from tests.engines.written import after, alone, assert_log, at, ends


def home_and_ward(
    home: Sequence[Clock],
    ward: Sequence[Clock] = (after(3.0, "recover", "return"),),
    *,
    requests: Sequence[Request] = (),
    moves: Sequence[str] = (),
    pauses: Sequence[str] = (),
    stops: Sequence[str] = (),
    more: Sequence[State] = (),
    standing: Sequence[Clock] = (),
    variables: Sequence[Variable] = (),
) -> Pathway:
    """At home; ten days after it started an infection leads to the ward, for three days."""
    infection = after(10.0, "infection", "infected")
    return Pathway(
        "infections",
        start="home",
        states=[
            State("home", [infection, *home], requests),
            State("ward", ward),
            State("relapsed", [after(4.0, "decline", "dead")]),
            *more,
            *ends("dead"),
        ],
        detours=[Detour("infected", "ward", ends=stops, moves=moves, pauses=pauses)],
        standing=standing,
        variables=variables,
    )


TO_WARD = """
    0  0  arrive 0 -    arrival   patients
    0  0  enter  0 home arrival   -
    0  10 detour 1 ward infection infected
"""


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


# --- deeper ---


def deep(
    *, relapse: float = 14.5, icu_moves: Sequence[str] = (), infected_moves: Sequence[str] = ()
) -> Pathway:
    """home -(10)-> ward -(2)-> icu -(1)-> dialysis; each comes back after 4, 3 and 2 days."""
    return Pathway(
        "deep",
        start="home",
        states=[
            State("home", [after(10.0, "infection", "infected"),
                           after(relapse, "relapse", "relapsed")]),
            State("ward", [after(2.0, "shock", "shocked"), after(4.0, "recover", "return"),
                           after(3.5, "transfer", "rehab")]),
            State("icu", [after(1.0, "kidney", "failing"), after(3.0, "step_down", "return")]),
            State("dialysis", [after(2.0, "weaned", "return")]),
            State("rehab", [after(1.0, "discharge", "return")]),
            State("relapsed", [after(9.0, "decline", "dead")]),
            *ends("dead"),
        ],
        detours=[
            Detour("infected", "ward", moves=infected_moves),
            Detour("shocked", "icu", moves=icu_moves),
            Detour("failing", "dialysis", moves=icu_moves),
        ],
    )  # fmt: skip


TO_DIALYSIS = """
    0  0  arrive 0 -        arrival   patients
    0  0  enter  0 home     arrival   -
    0  10 detour 1 ward     infection infected
    0  12 detour 2 icu      shock     shocked
    0  13 detour 3 dialysis kidney    failing
"""


def test_an_inherited_clock_of_the_ward_drops_the_levels_above_it() -> None:
    assert_log(
        alone(deep()),
        20.0,
        TO_DIALYSIS
        + """
        0  13.5 enter  1 rehab    transfer  -
        0  14.5 return 0 home     discharge -
        0  14.5 enter  0 relapsed relapse   -
        0  20   censor 0 relapsed horizon   -
    """,
    )


def test_a_clock_moves_at_its_own_level_beneath_two_detours() -> None:
    pathway = deep(icu_moves=["transfer"])
    assert_log(
        alone(pathway),
        14.25,
        TO_DIALYSIS
        + """
        0  13.5  move   1 rehab    transfer  -
        0  14.25 censor 3 dialysis horizon   -
    """,
    )


def test_a_clock_moves_if_every_detour_above_it_says_so() -> None:
    pathway = deep(relapse=13.25, icu_moves=["relapse"], infected_moves=["relapse"])
    assert_log(
        alone(pathway),
        30.0,
        TO_DIALYSIS
        + """
        0  13.25 move   0 relapsed relapse   -
        0  13.5  enter  1 rehab    transfer  -
        0  14.5  return 0 relapsed discharge -
        0  22.25 end    0 dead     decline   -
    """,
    )


@pytest.mark.parametrize("moves", [{"icu_moves": ["relapse"]}, {"infected_moves": ["relapse"]}])
def test_a_clock_ends_if_any_detour_above_it_does_not_say_moves(
    moves: dict[str, list[str]],
) -> None:
    assert_log(
        alone(deep(relapse=13.25, **moves)),
        30.0,
        TO_DIALYSIS
        + """
        0  13.25 enter  0 relapsed relapse   -
        0  22.25 end    0 dead     decline   -
    """,
    )


@pytest.mark.parametrize(
    ("inner", "outer", "dose"),
    [([], [], 16.0), (["dose"], [], 19.0), ([], ["dose"], 21.0), (["dose"], ["dose"], 21.0)],
)
def test_one_pausing_detour_is_enough_and_two_pause_no_longer(
    inner: list[str], outer: list[str], dose: float
) -> None:
    """The ward lasts from 10 to 15, the icu within it from 11 to 13 and from 14 to 15."""
    pathway = Pathway(
        "nested",
        start="home",
        states=[
            State("home", [after(10.0, "infection", "infected"), after(16.0, "dose", "dosed")]),
            State("ward", [after(1.0, "shock", "shocked"), after(5.0, "recover", "return")]),
            State("icu", [after(2.0, "step_down", "return")]),
            *ends("dosed"),
        ],
        detours=[
            Detour("infected", "ward", pauses=outer),
            Detour("shocked", "icu", pauses=inner),
        ],
    )
    assert_log(
        alone(pathway),
        99.0,
        f"""
        0  0  arrive 0 -     arrival   patients
        0  0  enter  0 home  arrival   -
        0  10 detour 1 ward  infection infected
        0  11 detour 2 icu   shock     shocked
        0  13 return 1 ward  step_down -
        0  14 detour 2 icu   shock     shocked
        0  15 return 0 home  recover   -
        0  {dose} end 0 dosed dose -
    """,
    )


def test_there_is_no_fifth_detour_the_ring_is_here_instead() -> None:
    pathway = Pathway(
        "falls",
        start="s0",
        states=[
            *(State(f"s{k}", [after(1.0, f"fall{k}", f"deeper{k}")]) for k in range(5)),
            State("s5", [after(1.0, "back", "return")]),
        ],
        detours=[Detour(f"deeper{k}", f"s{k + 1}") for k in range(5)],
    )
    assert_log(
        alone(pathway),
        6.5,
        """
        0  0 arrive 0 -  arrival patients
        0  0 enter  0 s0 arrival -
        0  1 detour 1 s1 fall0   deeper0
        0  2 detour 2 s2 fall1   deeper1
        0  3 detour 3 s3 fall2   deeper2
        0  4 detour 4 s4 fall3   deeper3
        0  5 here   4 s4 fall4   -
        0  6 here   4 s4 fall4   -
        0  6.5 censor 4 s4 horizon -
    """,
    )


def test_an_inherited_clock_into_a_detour_is_put_on_top_whoever_it_belongs_to() -> None:
    """`shock` of home rings in the ward: depth 2; it is not listed until the icu is left."""
    pathway = Pathway(
        "on_top",
        start="home",
        states=[
            State("home", [after(10.0, "infection", "infected"), after(12.0, "shock", "shocked")]),
            State("ward", [after(8.0, "recover", "return")]),
            State("icu", [after(2.0, "step_down", "return")]),
            *ends("dead"),
        ],
        detours=[Detour("infected", "ward"), Detour("shocked", "icu")],
    )
    assert_log(
        alone(pathway),
        27.0,
        """
        0  0  arrive 0 -    arrival   patients
        0  0  enter  0 home arrival   -
        0  10 detour 1 ward infection infected
        0  12 detour 2 icu  shock     shocked
        0  14 return 1 ward step_down -
        0  18 return 0 home recover   -
        0  26 detour 1 icu  shock     shocked
        0  27 censor 1 icu  horizon   -
    """,
    )


def test_a_detour_may_begin_with_a_choice_of_states() -> None:
    pathway = Pathway(
        "site",
        start="home",
        states=[
            State("home", [after(10.0, "infection", "infected")]),
            State("ward", [after(3.0, "recover", "return")]),
            State("clinic", [after(1.0, "visit", "return")]),
        ],
        choices=[Choice("site", [Option("inside", "ward", 1.0), Option("outside", "clinic", 0.0)])],
        detours=[Detour("infected", "site")],
    )
    assert_log(
        alone(pathway),
        14.0,
        """
        0  0  arrive 0 -    arrival   patients
        0  0  enter  0 home arrival   -
        0  10 choice 0 site infection inside
        0  10 detour 1 ward site      infected
        0  13 return 0 home recover   -
        0  14 censor 0 home horizon   -
    """,
    )


def test_return_again_reads_the_listing_of_the_state_returned_to() -> None:
    """The recovery is counted, and only so does home list the relapse of day 15."""
    law = By("n", bands=[(1.0, Constant(90.0)), (inf, Constant(15.0))])
    relapse = Clock("relapse", law, "relapsed")

    def recovers(way: str) -> Pathway:
        recover = after(3.0, "recover", way, sets=[Set("n", PLUS_ONE)])
        return home_and_ward([relapse], [recover], variables=[Variable("n")])

    assert_log(alone(recovers("return")), 16.0, TO_WARD + """
        0  13 return 0 home     recover -
        0  16 censor 0 home     horizon -
    """)
    assert_log(alone(recovers("return_again")), 16.0, TO_WARD + """
        0  13 return 0 home     recover -
        0  13 here   0 home     recover -
        0  15 enter  0 relapsed relapse -
        0  16 censor 0 relapsed horizon -
    """)


def test_leave_drops_every_detour() -> None:
    ward = [after(3.0, "shock", leave("relapsed"))]
    assert_log(
        alone(home_and_ward([], ward)),
        30.0,
        TO_WARD
        + """
        0  13 enter  0 relapsed shock   -
        0  17 end    0 dead     decline -
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


# --- standing clocks ---


def test_a_standing_clock_runs_on_through_states_and_detours() -> None:
    standing = [after(12.0, "background_death", "dead")]
    pathway = home_and_ward([after(4.0, "change", "home")], standing=standing)
    assert_log(
        alone(pathway),
        30.0,
        """
        0  0  arrive 0 -    arrival          patients
        0  0  enter  0 home arrival          -
        0  4  enter  0 home change           -
        0  8  enter  0 home change           -
        0  10 detour 1 ward infection        infected
        0  12 end    0 dead background_death -
    """,
    )


def test_a_standing_clock_into_a_state_leaves_every_detour() -> None:
    pathway = home_and_ward([], standing=[after(12.0, "second_cancer", "relapsed")])
    assert_log(
        alone(pathway),
        30.0,
        TO_WARD
        + """
        0  12 enter  0 relapsed second_cancer -
        0  16 end    0 dead     decline       -
    """,
    )


def test_a_standing_clock_into_a_detour_goes_on_top_and_rings_once() -> None:
    """What the standing clock starts at 12 interrupts the ward, and never recurs."""
    pathway = Pathway(
        "late",
        start="home",
        states=[
            State("home", [after(10.0, "infection", "infected")]),
            State("ward", [after(3.0, "recover", "return")]),
            State("neurology", [after(0.5, "settle", "return")]),
        ],
        detours=[Detour("infected", "ward"), Detour("toxic", "neurology")],
        standing=[after(12.0, "late_tox", "toxic")],
    )
    assert_log(
        alone(pathway),
        27.0,
        TO_WARD
        + """
        0  12   detour 2 neurology late_tox  toxic
        0  12.5 return 1 ward      settle    -
        0  13   return 0 home      recover   -
        0  23   detour 1 ward      infection infected
        0  26   return 0 home      recover   -
        0  27   censor 0 home      horizon   -
    """,
    )


def started_and_stopped(infused_again: float, relapse: float) -> Pathway:
    late = after(15.0, "late_tox", "dead")
    return Pathway(
        "started",
        start="waiting",
        states=[
            State("waiting", [after(5.0, "infuse", "infused")]),
            State("infused", [after(infused_again, "again", "infused"),
                              after(relapse, "relapse", "relapsed")], starts=["late_tox"]),
            State("relapsed", stops=["late_tox"]),
            *ends("dead"),
        ],
        standing=[late],
    )  # fmt: skip


def test_a_standing_clock_starts_on_entry_and_is_not_started_again_while_it_runs() -> None:
    assert_log(
        alone(started_and_stopped(8.0, 90.0)),
        40.0,
        """
        0  0  arrive 0 -       arrival  patients
        0  0  enter  0 waiting arrival  -
        0  5  enter  0 infused infuse   -
        0  13 enter  0 infused again    -
        0  20 end    0 dead    late_tox -
    """,
    )


def test_a_standing_clock_is_stopped_by_a_state() -> None:
    assert_log(
        alone(started_and_stopped(90.0, 9.0)),
        40.0,
        """
        0  0  arrive 0 -        arrival patients
        0  0  enter  0 waiting  arrival -
        0  5  enter  0 infused  infuse  -
        0  14 enter  0 relapsed relapse -
        0  40 censor 0 relapsed horizon -
    """,
    )


def test_a_state_that_stops_and_starts_a_standing_clock_starts_it_anew() -> None:
    pathway = Pathway(
        "renewed",
        start="first",
        states=[
            State("first", [after(4.0, "change", "second")], starts=["late_tox"]),
            State("second", stops=["late_tox"], starts=["late_tox"]),
            *ends("dead"),
        ],
        standing=[after(10.0, "late_tox", "dead")],
    )
    assert_log(
        alone(pathway),
        40.0,
        """
        0  0  arrive 0 -      arrival  patients
        0  0  enter  0 first  arrival  -
        0  4  enter  0 second change   -
        0  14 end    0 dead   late_tox -
    """,
    )


def test_a_standing_here_is_that_of_the_top_and_a_standing_law_is_read_when_it_starts() -> None:
    """The law of `count` is read at arrival, before the entry into home is counted."""
    bands = [(1.0, Constant(14.0)), (inf, Constant(15.0))]
    pathway = Pathway(
        "counts",
        start="home",
        states=[
            State("home", [after(10.0, "infection", "infected")], sets=[Set("entries", PLUS_ONE)]),
            State("ward", [after(3.0, "recover", "outcome")]),
            *ends("over"),
        ],
        choices=[Choice("outcome", [Option("always", "return", 1.0)])],
        detours=[Detour("infected", "ward")],
        variables=[Variable("entries")],
        standing=[
            after(11.0, "birthday", "here"),
            Clock("count", By("entries", bands=bands), "over"),
        ],
    )
    assert_log(
        alone(pathway),
        20.0,
        """
        0  0  arrive 0 -       arrival   patients
        0  0  enter  0 home    arrival   -
        0  10 detour 1 ward    infection infected
        0  11 here   1 ward    birthday  -
        0  13 choice 1 outcome recover   always
        0  13 return 0 home    outcome   -
        0  14 end    0 over    count     -
    """,
    )


def test_returning_is_not_an_entry() -> None:
    """Were the return counted as an entry, `count` would ring at 13.5."""
    bands = [(2.0, Constant(14.5)), (inf, Constant(13.5))]
    home = State(
        "home",
        [after(10.0, "infection", "infected"), Clock("count", By("entries", bands=bands), "over")],
        sets=[Set("entries", PLUS_ONE)],
    )
    pathway = Pathway(
        "counts",
        start="home",
        states=[home, State("ward", [after(3.0, "recover", "return")]), *ends("over")],
        detours=[Detour("infected", "ward")],
        variables=[Variable("entries")],
    )
    assert_log(
        alone(pathway),
        20.0,
        TO_WARD
        + """
        0  13   return 0 home recover -
        0  14.5 end    0 over count   -
    """,
    )
