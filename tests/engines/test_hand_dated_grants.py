"""Where grants lead, and rows of choices on the way, dated by hand from docs/law.md (4 to 8)."""

import pytest

from pathsim import (
    At,
    Choice,
    Clock,
    Detour,
    Pathway,
    PathwayError,
    Request,
    Resource,
    Rule,
    Service,
    State,
    Stream,
    simulate,
)
from tests.engines.written import TO_WARD, after, alone, assert_log, at, ends


def test_a_detour_that_a_grant_began_does_not_ask_again_until_it_is_over() -> None:
    """The chair is asked for anew, and dated anew, on each return: the other patient is first."""
    pathway = Pathway(
        "sessions",
        start="home",
        states=[
            State("home", requests=[Request("chair", "session")]),
            State("seated", [after(2.0, "infused", "return")], holds={"chair": 1}),
        ],
        detours=[Detour("session", "seated")],
    )
    assert_log(
        at(pathway, [0.0, 0.0], Resource("chair", places=1)),
        5.0,
        """
        0  0 arrive 0 -      arrival patients
        0  0 enter  0 home   arrival -
        0  0 detour 1 seated chair   session
        0  2 return 0 home   infused -
        0  4 detour 1 seated chair   session
        0  5 censor 1 seated horizon -
        1  0 arrive 0 -      arrival patients
        1  0 enter  0 home   arrival -
        1  2 detour 1 seated chair   session
        1  4 return 0 home   infused -
        1  5 censor 0 home   horizon -
    """,
    )


def test_a_request_still_listed_takes_the_amount_now_listed() -> None:
    """Two beds are asked for where there is one; from day 3 on one is, dated day 0 all the same."""
    pathway = Pathway(
        "amounts",
        start="asks_two",
        states=[
            State("asks_two", [after(3.0, "soften", "asks_one")], [Request("bed", "two", 2)]),
            State("asks_one", requests=[Request("bed", "one")]),
            State("two", [after(4.0, "stay", "done")], holds={"bed": 2}),
            State("one", [after(4.0, "stay", "done")], holds={"bed": 1}),
            *ends("done"),
        ],
    )
    streams = [
        Stream(pathway, At([0.0]), "two"),
        Stream(pathway, At([1.0]), "one", first=1, enters="asks_one"),
    ]
    assert_log(
        Service(streams, [Resource("bed", places=1)]),
        8.0,
        """
        0  0 arrive 0 -        arrival two
        0  0 enter  0 asks_two arrival -
        0  3 enter  0 asks_one soften  -
        0  3 enter  0 one      bed     -
        0  7 end    0 done     stay    -
        1  1 arrive 0 -        arrival one
        1  1 enter  0 asks_one arrival -
        1  7 enter  0 one      bed     -
        1  8 censor 0 one      horizon -
    """,
    )


def test_a_grant_inside_a_detour_may_lead_out_of_all() -> None:
    pathway = Pathway(
        "hospice",
        start="home",
        states=[
            State("home", [after(10.0, "infection", "infected")]),
            State("ward", [after(9.0, "recover", "return")], [Request("hospice", "leave:cared")]),
            State("cared", [after(4.0, "decline", "dead")], holds={"hospice": 1}),
            *ends("dead"),
        ],
        detours=[Detour("infected", "ward")],
    )
    assert_log(
        alone(pathway, Resource("hospice", places=[(12.0, 1)])),
        99.0,
        TO_WARD
        + """
        0  12 enter 0 cared hospice -
        0  16 end   0 dead  decline -
    """,
    )


def test_what_is_used_up_in_a_state_may_not_be_listed_beneath_it() -> None:
    pathway = Pathway(
        "collection",
        start="listed",
        states=[
            State("listed", requests=[Request("slot", "waiting")]),
            State("waiting", [after(2.0, "collect", "collection")], holds={"slot": 1}),
            State("apheresis", [after(1.0, "collected", "return")]),
        ],
        detours=[Detour("collection", "apheresis")],
    )
    service = alone(pathway, Resource("slot", allotments=[(0.0, 1)], until="apheresis"))
    with pytest.raises(PathwayError, match="'slot'"):
        simulate(service, horizon=9.0)
    assert len(simulate(service, horizon=1.0).log) == 4


def looks(*, standing: bool) -> Pathway:
    """On day 12, in the ward since day 10, a look at the patient decides for `relapsed`."""
    look = Clock("look", after(12.0, "", "").law, "decide")
    return Pathway(
        "looks",
        start="home",
        states=[
            State("home", [after(10.0, "infection", "infected"), *([] if standing else [look])]),
            State("ward", [after(5.0, "recover", "return")]),
            State("relapsed", [after(4.0, "decline", "dead")]),
            *ends("dead"),
        ],
        choices=[Choice("decide", rules=[Rule("all", "relapsed")])],
        detours=[Detour("infected", "ward")],
        standing=[look] if standing else [],
    )


@pytest.mark.parametrize(("standing", "depth"), [(False, 0), (True, 1)])
def test_a_choice_stands_at_the_level_of_the_clock_that_led_to_it(
    standing: bool, depth: int
) -> None:
    assert_log(
        alone(looks(standing=standing)),
        15.0,
        TO_WARD
        + f"""
        0  12 choice {depth} decide look    all
        0  12 enter  0 relapsed     decide  -
        0  15 censor 0 relapsed     horizon -
    """,
    )
