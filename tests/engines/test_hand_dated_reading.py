"""What is drawn and read at the edges: bands, tables without an entry, ordered levels (2)."""

from math import inf

import pytest

from pathsim import (
    NOW,
    Ago,
    At,
    By,
    Clock,
    Constant,
    Ordered,
    Pathway,
    Service,
    Set,
    State,
    Stream,
    Variable,
    draws,
    simulate,
)
from tests.engines.written import after, alone, assert_log, ends


@pytest.mark.parametrize(("age", "day"), [(59.5, 2), (60.0, 5)])
def test_a_band_reaches_up_to_its_bound_and_does_not_hold_it(age: float, day: int) -> None:
    law = By("age", bands=[(60.0, Constant(2.0)), (inf, Constant(5.0))])
    pathway = Pathway(
        "ages",
        start="home",
        states=[State("home", [Clock("event", law, "over")]), *ends("over")],
        variables=[Variable("age", initial=age)],
    )
    assert_log(
        alone(pathway),
        9.0,
        f"""
        0 0 arrive 0 -    arrival patients
        0 0 enter  0 home arrival -
        0 {day} end 0 over event  -
    """,
    )


def test_a_table_of_a_moment_reads_the_days_since_it_or_never() -> None:
    """Before the infusion 2 days; less than 3 days after it 4; from 3 days on 7."""
    law = By("infused", bands=[(3.0, Constant(4.0)), (inf, Constant(7.0))], never=Constant(2.0))
    pathway = Pathway(
        "since",
        start="home",
        states=[
            State("home", [Clock("first", law, "infusion")]),
            State("infusion", [Clock("second", law, "watch")], sets=[Set("infused", NOW)]),
            State("watch", [Clock("third", law, "over")]),
            *ends("over"),
        ],
        variables=[Variable("infused", "moment")],
    )
    assert_log(
        alone(pathway),
        99.0,
        """
        0 0  arrive 0 -        arrival patients
        0 0  enter  0 home     arrival -
        0 2  enter  0 infusion first   -
        0 6  enter  0 watch    second  -
        0 13 end    0 over     third   -
    """,
    )


def test_a_moment_so_long_ago_as_a_table_without_an_entry_says_is_not_yet() -> None:
    ago = Ago(By("risk", {"high": 5.0}))
    pathway = Pathway(
        "seen",
        start="home",
        states=[State("home", [after(1.0, "event", "over")]), *ends("over")],
        variables=[
            Variable("risk", "level", "low", ("low", "high")),
            Variable("seen", "moment", ago),
            Variable("again", "moment", By("risk", {"low": Ago(2.0)})),
        ],
    )
    patients = simulate(Service([Stream(pathway, At([7.0]))]), horizon=9.0).patients
    assert patients["seen"].isna().all()
    assert patients["again"].tolist() == [5.0]


def test_ordered_levels_have_the_odds_of_each_level_or_better_multiplied() -> None:
    """Odds 2: .2 becomes .4 / 1.2 = 1/3, and .7 becomes 1.4 / 1.7 = .8235."""
    pathway = Pathway(
        "response",
        start="home",
        states=[State("home", [after(1.0, "event", "over")]), *ends("over")],
        variables=[
            Variable("best", "level", Ordered({"good": 0.2, "fair": 0.5, "poor": 0.3}, [4.0, 0.5]),
                     ("good", "fair", "poor")),
        ],
    )  # fmt: skip
    log = simulate(Service([Stream(pathway, At([0.0] * 60))]), horizon=0.0, seed=5)
    key = draws.key_of("best")
    luck = [draws.uniform(5, 0, patient, key, 0) for patient in range(60)]
    expected = ["good" if u < 1 / 3 else "fair" if u < 1.4 / 1.7 else "poor" for u in luck]
    assert log.patients["best"].tolist() == expected
    assert set(expected) == {"good", "fair", "poor"}
