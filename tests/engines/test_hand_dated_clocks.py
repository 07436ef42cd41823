"""Clocks and variables, dated by hand from docs/law.md (sections 2, 3 and 5)."""

from math import inf

from pathsim import (
    NOW,
    PLUS_ONE,
    Ago,
    At,
    By,
    Choice,
    Clock,
    Constant,
    Detour,
    Exponential,
    FromLaw,
    Levels,
    Option,
    Pathway,
    Per,
    PiecewiseExponential,
    Resource,
    Service,
    Set,
    State,
    Stream,
    Variable,
    Weibull,
    draws,
    laws,
    simulate,
)
from pathsim.pathway.reading import Factor
from tests.engines.written import after, alone, assert_log, ends, rows_of

BED = Resource("bed", places=1)


def budget(clock: str, count: int = 0, *, seed: int = 1, patient: int = 0) -> float:
    """The budget of a clock's start, from the law of draws."""
    u = draws.uniform(seed, 0, patient, draws.key_of(clock), count)
    return laws.unit_exponential(u)


# --- clocks ---


def progression(first: Constant, then: Constant) -> Service:
    return alone(
        Pathway(
            "takeover",
            start="first",
            states=[
                State("first", [Clock("event", first, "over"), after(4.0, "change", "second")]),
                State("second", [Clock("event", then, "over")]),
                *ends("over"),
            ],
        )
    )


def test_the_start_of_a_clock_survives_a_takeover() -> None:
    text = """
        0  0 arrive 0 -      arrival patients
        0  0 enter  0 first  arrival -
        0  4 enter  0 second change  -
        0  6 end    0 over   event   -
    """
    assert_log(progression(Constant(10.0), Constant(6.0)), 99.0, text)


def test_a_delay_that_was_over_before_it_was_taken_over_rings_at_once() -> None:
    assert_log(
        progression(Constant(10.0), Constant(3.0)),
        99.0,
        """
        0  0 arrive 0 -      arrival patients
        0  0 enter  0 first  arrival -
        0  4 enter  0 second change  -
        0  4 end    0 over   event   -
    """,
    )


def test_a_budget_is_spent_at_the_old_hazard_and_its_rest_at_the_new() -> None:
    rest = budget("event")
    slow, fast = 0.01 * rest, 10.0
    before = Clock("event", Exponential(slow), "over")
    pathway = Pathway(
        "takeover",
        start="first",
        states=[
            State("first", [before, after(50.0, "change", "second")]),
            State("second", [Clock("event", Exponential(fast), "over", ratio=[0.5, 0.2])]),
            *ends("over"),
        ],
    )
    left = laws.spend(laws.EXPONENTIAL, (slow,), 1.0, 0.0, 0.0, 50.0, rest)
    due = laws.due(laws.EXPONENTIAL, (fast,), 0.5 * 0.2, 0.0, 50.0, left)
    assert abs(due - (50.0 + 0.5 * rest)) < 1e-9
    assert_log(
        alone(pathway),
        1e9,
        f"""
        0  0      arrive 0 -      arrival patients
        0  0      enter  0 first  arrival -
        0  50     enter  0 second change  -
        0  {due!r} end   0 over   event   -
    """,
    )


def test_a_state_that_lists_the_same_clock_leaves_its_due_time_untouched_to_the_bit() -> None:
    law = Weibull(1.3, 20.0)
    due = laws.due(law.code, law.parameters, 0.7, 0.0, 0.0, budget("event"))
    event = Clock("event", law, "over", ratio=[0.7])
    split = [after(0.0, "split", "second"), after(due / 3.0, "change", "third")]
    pathway = Pathway(
        "untouched",
        start="first",
        states=[
            State("first", [event, split[0]]),
            State("second", [split[1], event]),
            State("third", [event, after(due / 7.0, "again", "fourth")]),
            State("fourth", [event]),
            *ends("over"),
        ],
    )
    rows = rows_of(simulate(alone(pathway), horizon=1e9, seed=1))
    assert [r[4] for r in rows] == ["", "first", "second", "third", "fourth", "over"]
    assert rows[-1][1] == due


def test_a_clock_that_was_dropped_starts_anew_with_its_next_draw() -> None:
    due = laws.due(laws.EXPONENTIAL, (1e-6,), 1.0, 7.0, 7.0, budget("event", 1))
    event = Clock("event", Exponential(1e-6), "over")
    pathway = Pathway(
        "dropped",
        start="first",
        states=[
            State("first", [event, after(3.0, "out", "second")]),
            State("second", [after(4.0, "back", "third")]),
            State("third", [event]),
            *ends("over"),
        ],
    )
    assert_log(
        alone(pathway),
        1e99,
        f"""
        0  0      arrive 0 -      arrival patients
        0  0      enter  0 first  arrival -
        0  3      enter  0 second out     -
        0  7      enter  0 third  back    -
        0  {due!r} end   0 over   event   -
    """,
    )


def test_here_counts_and_reads_the_listing_again_but_does_not_enter() -> None:
    """The visit is counted once, the assessments twice; at the second the relapse law changes."""
    relapse = By("assessed", bands=[(2.0, Constant(100.0)), (inf, Constant(70.0))])
    stop = By("entered", bands=[(2.0, Constant(90.0)), (inf, Constant(60.0))])
    pathway = Pathway(
        "assessed",
        start="treated",
        states=[
            State(
                "treated",
                [
                    after(28.0, "assess", "here", sets=[Set("assessed", PLUS_ONE)]),
                    Clock("relapse", relapse, "relapsed"),
                    Clock("stop", stop, "stopped"),
                ],
                sets=[Set("entered", PLUS_ONE)],
            ),
            *ends("relapsed", "stopped"),
        ],
        variables=[Variable("assessed"), Variable("entered")],
    )  # fmt: skip
    assert_log(
        alone(pathway),
        99.0,
        """
        0  0  arrive 0 -        arrival patients
        0  0  enter  0 treated  arrival -
        0  28 here   0 treated  assess  -
        0  56 here   0 treated  assess  -
        0  70 end    0 relapsed relapse -
    """,
    )


def test_a_listing_stays_as_read_until_its_state_is_entered_again() -> None:
    """A walk sets the variable that `event` reads, but returning reads nothing."""
    event = Clock("event", By("n", bands=[(1.0, Constant(20.0)), (inf, Constant(12.0))]), "over")
    pathway = Pathway(
        "kept",
        start="first",
        states=[
            State("first", [event, after(5.0, "rise", "stay")]),
            State("aside", [after(1.0, "back", "return", sets=[Set("n", PLUS_ONE)])]),
            *ends("over"),
        ],
        choices=[Choice("stay", [Option("aside", "walk", 1.0)])],
        detours=[Detour("walk", "aside")],
        variables=[Variable("n")],
    )  # fmt: skip
    assert_log(
        alone(pathway),
        99.0,
        """
        0  0  arrive 0 -     arrival patients
        0  0  enter  0 first arrival -
        0  5  choice 0 stay  rise    aside
        0  5  detour 1 aside stay    walk
        0  6  return 0 first back    -
        0  11 choice 0 stay  rise    aside
        0  11 detour 1 aside stay    walk
        0  12 return 0 first back    -
        0  17 choice 0 stay  rise    aside
        0  17 detour 1 aside stay    walk
        0  18 return 0 first back    -
        0  20 end    0 over  event   -
    """,
    )


def test_a_moment_is_the_origin_of_a_time_scale() -> None:
    pathway = Pathway(
        "origins",
        start="watched",
        states=[
            State(
                "watched",
                [after(30.0, "late_effect", "affected", since="infused"),
                 after(50.0, "closing_day", "closed", since="calendar")],
            ),
            State("affected", [after(50.0, "closing_day", "closed", since="calendar")]),
            *ends("closed"),
        ],
        variables=[Variable("infused", "moment", Ago(10.0))],
    )  # fmt: skip
    assert_log(
        Service([Stream(pathway, At([25.0, 35.0]))]),
        99.0,
        """
        0  25 arrive 0 -        arrival     patients
        0  25 enter  0 watched  arrival     -
        0  45 enter  0 affected late_effect -
        0  50 end    0 closed   closing_day -
        1  35 arrive 0 -        arrival     patients
        1  35 enter  0 watched  arrival     -
        1  50 end    0 closed   closing_day -
    """,
    )


def test_a_moment_set_to_now_changes_the_origin_of_the_clock_that_goes_on() -> None:
    event = after(30.0, "event", "over", since="last_dose")
    pathway = Pathway(
        "doses",
        start="first",
        states=[
            State("first", [event, after(8.0, "dose", "second")], sets=[Set("last_dose", NOW)]),
            State("second", [event], sets=[Set("last_dose", NOW)]),
            *ends("over"),
        ],
        variables=[Variable("last_dose", "moment")],
    )
    assert_log(
        alone(pathway),
        99.0,
        """
        0  0  arrive 0 -      arrival patients
        0  0  enter  0 first  arrival -
        0  8  enter  0 second dose    -
        0  38 end    0 over   event   -
    """,
    )


def test_a_ratio_of_nought_never_rings_and_spends_nothing() -> None:
    rest = budget("event")
    law = PiecewiseExponential((0.0, 100.0), (1.0, 1.0))
    due = laws.due(law.code, law.parameters, 1.0, 0.0, 40.0, rest)
    none = Clock("event", law, "over", ratio=[0.0])
    pathway = Pathway(
        "nought",
        start="safe",
        states=[
            State("safe", [none, after(40.0, "change", "exposed")]),
            State("exposed", [Clock("event", law, "over")]),
            *ends("over"),
        ],
    )
    assert_log(
        alone(pathway),
        1e9,
        f"""
        0  0      arrive 0 -       arrival patients
        0  0      enter  0 safe    arrival -
        0  40     enter  0 exposed change  -
        0  {due!r} end   0 over    event   -
    """,
    )


# --- variables at arrival ---


def test_the_patients_table_shows_what_was_drawn_and_then_set_by_the_stream() -> None:
    home = State("home", [after(1.0, "stay", "done")], sets=[Set("age", 99.0)])
    sex = Levels({"female": 1.0, "male": 0.0})
    pathway = Pathway(
        "arrival",
        start="home",
        states=[home, *ends("done")],
        variables=[
            Variable("age", initial=FromLaw(Constant(60.0))),
            Variable("lines", initial=2.0),
            Variable("sex", "level", sex, levels=("female", "male")),
            Variable("diagnosed", "moment", Ago(400.0)),
            Variable("infused", "moment"),
        ],
    )
    stream = Stream(pathway, At([7.0]), "listed", sets=[Set("lines", PLUS_ONE), Set("sex", "male")])
    patients = simulate(Service([stream]), horizon=9.0).patients
    row = patients.iloc[0].to_dict()
    assert row["infused"] is None or row["infused"] != row["infused"]
    del row["infused"]
    assert row == {
        "replication": 0, "patient": 0, "stream": "listed",
        "age": 60.0, "lines": 3.0, "sex": "male", "diagnosed": -393.0,
    }  # fmt: skip


BANDS = [(61.0, 5.0), (62.0, 3.0), (inf, 7.0)]


def test_a_slope_is_a_power_of_the_distance_from_its_centre() -> None:
    """Ratio 2 ** (61 - 60) * 3 = 6 spends the budget six times as fast."""
    law = Exponential(0.001)
    due = laws.due(law.code, law.parameters, 2.0 * 3.0, 0.0, 0.0, budget("event"))
    ratio: list[Factor] = [Per("age", 2.0, 60.0), By("age", bands=BANDS)]
    pathway = Pathway(
        "slope",
        start="home",
        states=[State("home", [Clock("event", law, "over", ratio=ratio)]), *ends("over")],
        variables=[Variable("age", initial=61.0)],
    )
    rows = rows_of(simulate(alone(pathway), horizon=1e9, seed=1))
    assert rows[-1] == (0, due, "end", 0, "over", "event", "")
