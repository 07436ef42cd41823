"""Detours within detours, returns and `leave:`, dated by hand from docs/law.md (4 to 6)."""

from collections.abc import Sequence
from math import inf

import pytest

from pathsim import (
    PLUS_ONE,
    By,
    Choice,
    Clock,
    Constant,
    Detour,
    Option,
    Pathway,
    Set,
    State,
    Variable,
    leave,
)
from tests.engines.written import TO_WARD, after, alone, assert_log, ends, home_and_ward


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

    assert_log(
        alone(recovers("return")),
        16.0,
        TO_WARD
        + """
        0  13 return 0 home     recover -
        0  16 censor 0 home     horizon -
    """,
    )
    assert_log(
        alone(recovers("return_again")),
        16.0,
        TO_WARD
        + """
        0  13 return 0 home     recover -
        0  13 here   0 home     recover -
        0  15 enter  0 relapsed relapse -
        0  16 censor 0 relapsed horizon -
    """,
    )


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
