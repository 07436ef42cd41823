"""Choices by rules and by draw, and tests of hidden variables, dated by docs/law.md (2 and 6)."""

from collections.abc import Sequence

import pytest

from pathsim import (
    NOW,
    PLUS_ONE,
    AllOf,
    AnyOf,
    At,
    AtLeast,
    Below,
    By,
    Choice,
    Clock,
    Detour,
    Every,
    ExpectedWait,
    Exponential,
    Free,
    FromLaw,
    Is,
    Levels,
    Never,
    Not,
    Option,
    Pathway,
    Per,
    Queue,
    Request,
    Resource,
    Rule,
    Service,
    Set,
    Since,
    State,
    Stream,
    Test,
    Variable,
    draws,
    simulate,
)
from pathsim.pathway.conditions import Condition
from tests.engines.written import after, alone, assert_log, at, ends, rows_of


def options_taken(service: Service, horizon: float, seed: int = 1) -> list[str]:
    """The option of each choice passed, by patient and time."""
    log = simulate(service, horizon=horizon, seed=seed)
    return [row[6] for row in rows_of(log) if row[2] == "choice"]


def joins_if(condition: Condition, stay: float = 4.0) -> Pathway:
    """At arrival: join the queue for a bed if the condition holds, otherwise leave."""
    return Pathway(
        "joins",
        start="entry",
        states=[
            State("waiting", requests=[Request("bed", "staying")]),
            State("staying", [after(stay, "stay", "done")], holds={"bed": 1}),
            *ends("done", "elsewhere"),
        ],
        choices=[Choice("entry", rules=[Rule("joins", "waiting", [condition]),
                                        Rule("leaves", "elsewhere")])],
    )  # fmt: skip


J, L = "joins", "leaves"


# --- what rules read of a resource ---


def test_queue_counts_those_who_wait_and_not_those_who_were_granted() -> None:
    """Bed taken until 4; one may wait. At 4 the waiting one is granted only after the arrival."""
    service = at(joins_if(Below(Queue("bed"), 1)), [0, 1, 2, 4, 4.5, 5], Resource("bed", places=1))
    assert options_taken(service, 20.0) == [J, J, L, L, J, L]


def test_queue_counts_a_paused_request_too() -> None:
    look = Choice("look", rules=[Rule("seen", "saw", [AtLeast(Queue("bed"), 1)]),
                                 Rule("nobody", "saw_none")])  # fmt: skip
    pathway = Pathway(
        "paused",
        start="waiting",
        states=[
            State("waiting", [after(2.0, "infection", "infected")], [Request("bed", "staying")]),
            State("ward", [after(2.0, "glance", "look")]),
            State("staying", [after(1.0, "stay", "saw")], holds={"bed": 1}),
            *ends("saw", "saw_none"),
        ],
        choices=[look],
        detours=[Detour("infected", "ward", pauses=["bed"])],
    )
    service = alone(pathway, Resource("bed", places=[(0.0, 0), (3.0, 1)]))
    assert options_taken(service, 9.0) == ["seen"]


def test_free_is_what_is_neither_held_nor_asked_for() -> None:
    """Two beds. Three at once at 0: the first two requests take both before anything is granted."""
    service = at(joins_if(AtLeast(Free("bed"), 1)), [0, 0, 0, 4, 8], Resource("bed", places=2))
    assert options_taken(service, 20.0) == [J, J, L, J, J]


def test_free_allotments_are_the_stock_less_what_is_asked_for() -> None:
    pathway = Pathway(
        "slots",
        start="entry",
        states=[State("listed", requests=[Request("slot", "made")]), *ends("made", "elsewhere")],
        choices=[Choice("entry", rules=[Rule(J, "listed", [AtLeast(Free("slot"), 1)]),
                                        Rule(L, "elsewhere")])],
    )  # fmt: skip
    slot = Resource("slot", allotments=[(0.0, 2), (5.0, 1)])
    assert options_taken(at(pathway, [0, 0, 0, 1, 5, 6], slot), 9.0) == [J, J, L, L, J, L]


# --- expected wait ---


def test_with_few_grants_the_expected_wait_is_the_queue_and_one_over_the_supply() -> None:
    """One bed, typical stay 10: 10 days with nobody waiting, 20 with one, 30 with two."""
    bed = Resource("bed", places=1, typical_stay=10.0)
    within_20 = Below(ExpectedWait("bed"), 20.0)
    assert options_taken(at(joins_if(within_20), [0, 1, 2, 3], bed), 3.5) == [J, J, L, L]
    up_to_20 = Below(ExpectedWait("bed"), 20.5)
    assert options_taken(at(joins_if(up_to_20), [0, 1, 2, 3], bed), 3.5) == [J, J, J, L]


def slot_user(condition: Condition) -> Pathway:
    return Pathway(
        "slot user",
        start="entry",
        states=[State("listed", requests=[Request("slot", "made")]), *ends("made", "elsewhere")],
        choices=[Choice("entry", rules=[Rule(J, "listed", [condition]), Rule(L, "elsewhere")])],
    )


@pytest.mark.parametrize(
    ("day", "releases"),
    [(0.0, 12), (-1.0, 12), (1.0, 12)],
)
def test_the_supply_of_allotments_is_that_of_the_next_360_days(day: float, releases: int) -> None:
    """One every 30 days: releases in (now, now + 360] are 12, on a day of release too."""
    now = 60.0 + day
    slot = Resource("slot", allotments=Every(30.0, 1), carry=0)
    for less, taken in ((0.001, [L]), (-0.001, [J])):
        limit = 360.0 / releases - less
        service = at(slot_user(Below(ExpectedWait("slot"), limit)), [now], slot)
        assert options_taken(service, now) == taken


def test_supply_counts_amounts_and_only_what_is_still_to_come() -> None:
    """On day 0 the releases of days 100 and 360 count: 4 in 360 days, so 90 days each."""
    slot = Resource("slot", allotments=[(0.0, 8), (100.0, 3), (360.0, 1), (361.0, 9)])
    exactly = AllOf(AtLeast(ExpectedWait("slot"), 90.0), Below(ExpectedWait("slot"), 90.001))
    assert options_taken(at(slot_user(exactly), [0.0], slot), 1.0) == [J]


def test_without_supply_the_expected_wait_is_infinite() -> None:
    slot = Resource("slot", allotments=[(0.0, 1)])
    condition = AtLeast(ExpectedWait("slot"), 1e12)
    assert options_taken(at(slot_user(condition), [1.0], slot), 2.0) == [J]


def waits_of_the_past(asked: Sequence[tuple[float, float, float]]) -> Service:
    """Patients 0-6 waited 0, 4, 8, 12, 16 (granted then), 0 (at 30), 0 (at 40); then questions.

    A question (day, low, high): is the expected wait in [low, high)?
    """
    past = Pathway(
        "past",
        start="waiting",
        states=[
            State("waiting", requests=[Request("bed", "staying")]),
            State("staying", [after(4.0, "stay", "done")], holds={"bed": 1}),
            *ends("done"),
        ],
    )
    streams = [Stream(past, At([0, 0, 0, 0, 0, 30, 40]), "past", patients=7)]
    for k, (day, low, high) in enumerate(asked):
        wait = ExpectedWait("bed")
        within: list[Condition] = [AtLeast(wait, low), Below(wait, high)]
        answer = [Rule("yes", "asked", within), Rule("no", "asked")]
        pathway = Pathway(
            f"question {k}",
            start="question",
            states=ends("asked"),
            choices=[Choice("question", rules=answer)],
        )
        streams.append(Stream(pathway, At([day]), f"question {k}", first=7 + k, patients=1))
    return Service(streams, [Resource("bed", places=1, typical_stay=100.0)])


def test_with_five_grants_or_more_the_expected_wait_is_their_median_wait() -> None:
    """20: 0, 4, 8, 12, 16. 35: a sixth of 0 brings the mean of 4 and 8. 45: a seventh, 4."""
    asked = [(20.0, 8.0, 8.001), (35.0, 6.0, 6.001), (45.0, 4.0, 4.001)]
    assert options_taken(waits_of_the_past(asked), 50.0) == ["yes"] * 3


def test_only_grants_of_the_last_180_days_count_the_first_day_included() -> None:
    """188: grants from 8 on waited 8, 12, 16, 0, 0: median 8. 189: four grants, so 100 days."""
    asked = [(187.0, 8.0, 8.001), (188.0, 8.0, 8.001), (189.0, 100.0, 100.001)]
    assert options_taken(waits_of_the_past(asked), 200.0) == ["yes"] * 3


def test_with_four_grants_the_supply_still_counts() -> None:
    """15.5: granted at 0, 4, 8, 12; one waits, so (1 + 1) * 100 days. 16.5: five, median 8."""
    asked = [(15.5, 200.0, 200.001), (16.5, 8.0, 8.001)]
    assert options_taken(waits_of_the_past(asked), 50.0) == ["yes"] * 2


# --- what rules read of a patient ---


def visits(rules: Sequence[Rule], variables: Sequence[Variable], **more: object) -> Service:
    """Every three days from day 3 on the rules are asked; `home` is gone back to."""
    pathway = Pathway(
        "visits",
        start="home",
        states=[State("home", [after(3.0, "visit", "decide")]), *ends("over")],
        choices=[Choice("decide", rules=rules)],
        variables=variables,
    )
    return Service([Stream(pathway, At([0.0]), **more)])  # type: ignore[arg-type]


def test_the_first_rule_that_holds_is_taken_and_all_its_conditions_must_hold() -> None:
    rules = [
        Rule("both", "home", [AtLeast("n", 1.0), Below("n", 2.0)], [Set("n", PLUS_ONE)]),
        Rule("low", "home", [Below("n", 1.0)], [Set("n", PLUS_ONE)]),
        Rule("also_low", "home", [Below("n", 1.0)]),
        Rule("last", "over"),
    ]
    assert_log(
        visits(rules, [Variable("n")]),
        20.0,
        """
        0  0 arrive 0 -      arrival patients
        0  0 enter  0 home   arrival -
        0  3 choice 0 decide visit   low
        0  3 enter  0 home   decide  -
        0  6 choice 0 decide visit   both
        0  6 enter  0 home   decide  -
        0  9 choice 0 decide visit   last
        0  9 end    0 over   decide  -
    """,
    )


def test_the_time_since_a_moment_that_is_not_yet_is_neither_below_nor_at_least() -> None:
    since = Since("infused")
    rules = [
        Rule("comparable", "over", [AnyOf(AtLeast(since, 4.0), Below(since, 1.0))]),
        Rule("never", "home", [Never("infused")], [Set("infused", NOW)]),
        Rule("between", "home", [Not(Never("infused"))]),
        Rule("last", "over"),
    ]
    taken = options_taken(visits(rules, [Variable("infused", "moment")]), 20.0)
    assert taken == ["never", "between", "comparable"]  # on days 3, 6 (3 days since) and 9 (6 days)


def test_rules_read_levels_the_calendar_and_combinations() -> None:
    rules = [
        Rule("late", "over", [AtLeast("calendar", 9.0)]),
        Rule("frail", "home", [Is("fitness", "frail", "unfit"), Below("calendar", 6.0)]),
        Rule("on_day_6", "home", [AllOf(AtLeast("calendar", 6.0), Not(Is("fitness", "fit")))]),
        Rule("last", "over"),
    ]
    fitness = Variable("fitness", "level", "unfit", levels=("fit", "unfit", "frail"))
    assert options_taken(visits(rules, [fitness]), 20.0) == ["frail", "on_day_6", "late"]


def test_one_choice_may_lead_to_another_and_each_sets_before_the_next_is_passed() -> None:
    pathway = Pathway(
        "chain",
        start="first",
        states=[State("home", [after(1.0, "visit", "over")]), *ends("over")],
        choices=[
            Choice("first", [Option("only", "second", 1.0, sets=[Set("n", 5.0)])]),
            Choice("second", rules=[Rule("saw_five", "home", [AtLeast("n", 5.0)]),
                                    Rule("saw_less", "over")]),
        ],
        variables=[Variable("n")],
    )  # fmt: skip
    assert_log(
        alone(pathway),
        20.0,
        """
        0  0 arrive 0 -      arrival patients
        0  0 choice 0 first  arrival only
        0  0 choice 0 second first   saw_five
        0  0 enter  0 home   second  -
        0  1 end    0 over   visit   -
    """,
    )


# --- draws ---


def test_a_choice_by_draw_takes_one_uniform_a_passing_and_odds_multiply_weights() -> None:
    """Weights .2, .3 * 4 * 0.5 ** (n - 1), .5: of 1.9, 1.3, 1.0, … as n counts up."""
    options = [
        Option("a", "home", 0.2, sets=[Set("n", PLUS_ONE)]),
        Option("b", "home", 0.3, odds=[4.0, Per("n", 0.5, 1.0)], sets=[Set("n", PLUS_ONE)]),
        Option("c", "home", 0.5, sets=[Set("n", PLUS_ONE)]),
    ]
    pathway = Pathway(
        "drawn",
        start="home",
        states=[State("home", [after(1.0, "visit", "decide")])],
        choices=[Choice("decide", options)],
        variables=[Variable("n", initial=1.0)],
    )
    taken = options_taken(alone(pathway), 200.0, seed=7)
    expected = []
    for n in range(200):
        weights = [0.2, 0.3 * 4.0 * 0.5**n, 0.5]
        u = draws.uniform(7, 0, 0, draws.key_of("decide"), n) * sum(weights)
        expected.append("a" if u < 0.2 else "b" if u < weights[0] + weights[1] else "c")
    assert taken == expected
    assert set(taken) == {"a", "b", "c"}


def hidden_loss(sensitivity: float, otherwise: str | None = None) -> Service:
    """Antigen loss is hidden; a visit every day tests for it until it is seen."""
    test = Set("seen", Test("antigen", sensitivity, otherwise))
    pathway = Pathway(
        "tested",
        start="home",
        states=[State("home", [after(1.0, "visit", "decide",
                                     sets=[test])]),
                *ends("over")],
        choices=[Choice("decide", rules=[Rule("lost", "over", [Is("seen", "lost")]),
                                         Rule("missed", "home", [Is("seen", "kept")]),
                                         Rule("unknown", "home")])],
        variables=[
            Variable("antigen", "level", "lost", levels=("kept", "lost"), known=False),
            Variable("seen", "level", "unknown", levels=("unknown", "kept", "lost")),
        ],
    )  # fmt: skip
    return alone(pathway)


def test_a_test_copies_the_hidden_value_with_its_sensitivity() -> None:
    hits = [draws.uniform(3, 0, 0, draws.key_of("seen"), n) < 0.1 for n in range(99)]
    misses = hits.index(True)
    assert misses >= 1
    assert options_taken(hidden_loss(0.1), 99.5, seed=3) == ["unknown"] * misses + ["lost"]
    assert options_taken(hidden_loss(0.1, "kept"), 99.5, seed=3) == ["missed"] * misses + ["lost"]
    assert options_taken(hidden_loss(1.0), 99.5) == ["lost"]


def test_a_variable_counts_its_draws_from_the_arrival_on() -> None:
    """`grade` is drawn at arrival (count 0) and at each visit (1, 2, …)."""
    grades = Levels({"mild": 0.5, "severe": 0.5}, {"severe": [By("n", bands=[(3.0, 1.0)],
                                                                 otherwise=3.0)]})  # fmt: skip
    pathway = Pathway(
        "graded",
        start="home",
        states=[State("home", [after(1.0, "visit", "decide", sets=[Set("grade", grades)])])],
        choices=[Choice("decide", rules=[
            Rule("mild", "home", [Is("grade", "mild")], [Set("n", PLUS_ONE)]),
            Rule("severe", "home", sets=[Set("n", PLUS_ONE)])])],
        variables=[Variable("n"), Variable("grade", "level", grades, levels=("mild", "severe"))],
    )  # fmt: skip
    expected = []
    for visit in range(1, 41):
        u = draws.uniform(5, 0, 0, draws.key_of("grade"), visit)
        severe = 0.5 if visit <= 3 else 1.5
        expected.append("mild" if u * (0.5 + severe) < 0.5 else "severe")
    assert options_taken(alone(pathway), 40.5, seed=5) == expected


def test_the_patient_of_another_number_has_other_luck_and_the_same_in_any_company() -> None:
    pathway = Pathway(
        "luck",
        start="home",
        states=[State("home", [Clock("event", Exponential(0.1), "over")]), *ends("over")],
        variables=[Variable("age", initial=FromLaw(Exponential(0.02)))],
    )
    few = rows_of(simulate(at(pathway, [0.0, 0.0]), horizon=1e6, seed=4))
    many = rows_of(simulate(at(pathway, [0.0] * 9), horizon=1e6, seed=4))
    assert few == many[: len(few)]
    assert len({row[1] for row in many if row[2] == "end"}) == 9
