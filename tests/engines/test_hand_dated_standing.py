"""Standing clocks, dated by hand from docs/law.md (sections 4 to 6)."""

from math import inf

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
)
from tests.engines.written import TO_WARD, after, alone, assert_log, ends, home_and_ward


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
