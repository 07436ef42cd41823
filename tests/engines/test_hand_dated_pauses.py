"""Clocks that stand still: what changes for them meanwhile, dated by hand from docs/law.md (5)."""

from pathsim import NOW, Clock, Constant, Detour, Pathway, Set, State, Variable
from tests.engines.written import TO_WARD, after, alone, assert_log, ends, home_and_ward


def test_a_paused_clock_takes_the_law_that_its_state_lists_meanwhile() -> None:
    """`dose` started on day 0; `grown` lists it with 20 days; with the pause its start is day 3."""
    pathway = home_and_ward(
        [after(12.0, "dose", "dosed"), after(11.0, "grow", "grown")],
        moves=["grow"],
        pauses=["dose"],
        more=[State("grown", [after(20.0, "dose", "dosed")]), *ends("dosed")],
    )
    assert_log(
        alone(pathway),
        99.0,
        TO_WARD
        + """
        0  11 move   0 grown grow    -
        0  13 return 0 grown recover -
        0  23 end    0 dosed dose    -
    """,
    )


def test_a_pause_moves_the_start_of_a_clock_but_no_moment() -> None:
    """Twelve days after its start is day 15; twelve days after the moment, day 12, is over."""

    def pathway(since: str) -> Pathway:
        dose = Clock("dose", Constant(12.0), "dosed", since=since)
        return Pathway(
            "doses",
            start="home",
            states=[
                State("home", [after(10.0, "infection", "infected"), dose],
                      sets=[Set("planned", NOW)]),
                State("ward", [after(3.0, "recover", "return")]),
                *ends("dosed"),
            ],
            detours=[Detour("infected", "ward", pauses=["dose"])],
            variables=[Variable("planned", "moment")],
        )  # fmt: skip

    for since, day in (("start", 15), ("planned", 13), ("calendar", 13)):
        assert_log(
            alone(pathway(since)),
            99.0,
            TO_WARD
            + f"""
            0  13 return 0 home  recover -
            0  {day} end 0 dosed dose    -
        """,
        )
