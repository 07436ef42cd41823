"""Places, allotments and the order of a queue, dated by hand from docs/law.md (section 8)."""

import pytest

from pathsim import (
    PLUS_ONE,
    RANDOM,
    At,
    Every,
    Pathway,
    Per,
    Request,
    Resource,
    Score,
    Service,
    Set,
    State,
    Stream,
    Variable,
    draws,
    simulate,
)
from tests.engines.written import after, assert_log, at, ends, rows_of, waits_then_stays


def capacity_of(service: Service, horizon: float) -> list[tuple[float, str, str, int, int]]:
    table = simulate(service, horizon=horizon).capacity
    columns = table[["time", "resource", "kind", "amount", "stock"]]
    return [(float(t), str(r), str(k), int(a), int(s))
            for t, r, k, a, s in columns.itertuples(index=False, name=None)]  # fmt: skip


def grants(service: Service, horizon: float, resource: str = "bed") -> list[tuple[int, float]]:
    """(patient, time) of each grant, by patient."""
    log = simulate(service, horizon=horizon, seed=1)
    return [(row[0], row[1]) for row in rows_of(log) if row[5] == resource]


# --- places over time ---


def test_when_capacity_falls_nobody_is_sent_away_and_nothing_is_granted_without_room() -> None:
    """Held 2 of 1 from day 5; the first to leave (8) makes no room, the second (12) does."""
    bed = Resource("bed", places=[(0.0, 2), (5.0, 1), (20.0, 2)])
    short, long = waits_then_stays(8.0, name="short"), waits_then_stays(12.0, name="long")
    streams = [
        Stream(short, At([0.0]), "short", patients=1),
        Stream(long, At([0.0, 6.0, 7.0]), "long", first=1, patients=3),
    ]
    service = Service(streams, [bed])
    assert_log(
        service,
        30.0,
        """
        0  0  arrive 0 -       arrival short
        0  0  enter  0 waiting arrival -
        0  0  enter  0 staying bed     -
        0  8  end    0 done    stay    -
        1  0  arrive 0 -       arrival long
        1  0  enter  0 waiting arrival -
        1  0  enter  0 staying bed     -
        1  12 end    0 done    stay    -
        2  6  arrive 0 -       arrival long
        2  6  enter  0 waiting arrival -
        2  12 enter  0 staying bed     -
        2  24 end    0 done    stay    -
        3  7  arrive 0 -       arrival long
        3  7  enter  0 waiting arrival -
        3  20 enter  0 staying bed     -
        3  30 censor 0 staying horizon -
    """,
    )
    assert capacity_of(service, 30.0) == [
        (0.0, "bed", "capacity", 2, 0),
        (5.0, "bed", "capacity", 1, 0),
        (20.0, "bed", "capacity", 2, 0),
    ]


def test_nothing_is_granted_on_closed_weekdays_but_who_is_in_stays() -> None:
    chair = Resource("bed", places=1, closed=(5, 6))
    service = at(waits_then_stays(1.0), [4.5, 5.0, 5.25, 14.0], chair)
    assert_log(
        service,
        15.5,
        """
        0  4.5  arrive 0 -       arrival patients
        0  4.5  enter  0 waiting arrival -
        0  4.5  enter  0 staying bed     -
        0  5.5  end    0 done    stay    -
        1  5    arrive 0 -       arrival patients
        1  5    enter  0 waiting arrival -
        1  7    enter  0 staying bed     -
        1  8    end    0 done    stay    -
        2  5.25 arrive 0 -       arrival patients
        2  5.25 enter  0 waiting arrival -
        2  8    enter  0 staying bed     -
        2  9    end    0 done    stay    -
        3  14   arrive 0 -       arrival patients
        3  14   enter  0 waiting arrival -
        3  14   enter  0 staying bed     -
        3  15   end    0 done    stay    -
    """,
    )
    steps = [(0.0, 1), (5.0, 0), (7.0, 1), (12.0, 0), (14.0, 1)]
    assert capacity_of(service, 15.5) == [(d, "bed", "capacity", n, 0) for d, n in steps]


def test_a_step_that_changes_nothing_is_no_step() -> None:
    bed = Resource("bed", places=[(0.0, 1), (3.0, 1), (4.0, 2)])
    service = at(waits_then_stays(1.0), [0.0], bed)
    steps = [(0.0, "bed", "capacity", 1, 0), (4.0, "bed", "capacity", 2, 0)]
    assert capacity_of(service, 9.0) == steps


# --- allotments ---


def slots(*resources: Resource, times: list[float]) -> Service:
    """A slot is used up at its grant."""
    pathway = Pathway(
        "slots",
        start="listed",
        states=[
            State("listed", requests=[Request("slot", "made")]),
            State("made", [after(1.0, "make", "done")]),
            *ends("done"),
        ],
    )
    return at(pathway, times, *resources)


def test_unused_allotments_are_carried_up_to_the_limit() -> None:
    """Two every ten days from day 0, one carried: 2, then 1 + 2, all used, then 2 again."""
    slot = Resource("slot", allotments=Every(10.0, 2), carry=1)
    service = slots(slot, times=[11.0, 11.0, 11.0, 11.0, 20.0])
    times = [(0, 11.0), (1, 11.0), (2, 11.0), (3, 20.0), (4, 20.0)]
    assert grants(service, 35.0, "slot") == times
    assert capacity_of(service, 35.0) == [
        (0.0, "slot", "allotment", 2, 2),
        (10.0, "slot", "allotment", 2, 3),
        (20.0, "slot", "allotment", 2, 2),
        (30.0, "slot", "allotment", 2, 2),
    ]


def test_with_nothing_carried_unused_allotments_lapse() -> None:
    slot = Resource("slot", allotments=Every(10.0, 1, start=5.0, until=26.0), carry=0)
    service = slots(slot, times=[24.0, 24.0])
    assert grants(service, 60.0, "slot") == [(0, 24.0), (1, 25.0)]
    assert capacity_of(service, 60.0) == [
        (5.0, "slot", "allotment", 1, 1),
        (15.0, "slot", "allotment", 1, 1),
        (25.0, "slot", "allotment", 1, 1),
    ]


def test_without_a_limit_every_allotment_is_carried() -> None:
    slot = Resource("slot", allotments=Every(10.0, 1))
    service = slots(slot, times=[21.0, 21.0, 21.0, 21.0])
    assert grants(service, 35.0, "slot") == [(0, 21.0), (1, 21.0), (2, 21.0), (3, 30.0)]


def held_until(outcome: str) -> Service:
    """A slot is held through manufacture; `infused` uses it up, any other state returns it."""
    states = [
        State("listed", requests=[Request("slot", "apheresis")]),
        State("apheresis", [after(1.0, "collect", "manufacture")], holds={"slot": 1}),
        State("manufacture", [after(3.0, "make", outcome)], holds={"slot": 1}),
        State("infused", [after(9.0, "relapse", "over")]),
        State("failed", [after(9.0, "decline", "over")]),
        *ends("over"),
    ]
    slot = Resource("slot", allotments=[(0.0, 1)], until="infused")
    return at(Pathway("held", start="listed", states=states), [0.0, 1.0], slot)


def test_an_allotment_held_until_a_state_is_given_back_if_another_comes_first() -> None:
    assert_log(
        held_until("failed"),
        8.5,
        """
        0  0 arrive 0 -           arrival patients
        0  0 enter  0 listed      arrival -
        0  0 enter  0 apheresis   slot    -
        0  1 enter  0 manufacture collect -
        0  4 enter  0 failed      make    -
        0  8.5 censor 0 failed    horizon -
        1  1 arrive 0 -           arrival patients
        1  1 enter  0 listed      arrival -
        1  4 enter  0 apheresis   slot    -
        1  5 enter  0 manufacture collect -
        1  8 enter  0 failed      make    -
        1  8.5 censor 0 failed    horizon -
    """,
    )


def test_an_allotment_held_until_a_state_is_used_up_by_that_state() -> None:
    assert_log(
        held_until("infused"),
        8.5,
        """
        0  0 arrive 0 -           arrival patients
        0  0 enter  0 listed      arrival -
        0  0 enter  0 apheresis   slot    -
        0  1 enter  0 manufacture collect -
        0  4 enter  0 infused     make    -
        0  8.5 censor 0 infused   horizon -
        1  1 arrive 0 -           arrival patients
        1  1 enter  0 listed      arrival -
        1  8.5 censor 0 listed    horizon -
    """,
    )


# --- order of a queue ---


def one_of_two(first: int, second: int, *, skip: bool) -> Service:
    """Three places; patient 0 holds two until 10; patients 1 and 2 ask for these amounts."""
    streams = [
        Stream(waits_then_stays(10.0, amount=2, name="holder"), At([0.0]), "holder", patients=1),
        Stream(waits_then_stays(4.0, amount=first, name="large"), At([1.0]), "large", first=1,
               patients=1),
        Stream(waits_then_stays(4.0, amount=second, name="small"), At([2.0]), "small", first=2,
               patients=1),
    ]  # fmt: skip
    return Service(streams, [Resource("bed", places=3, skip=skip)])


def test_the_first_in_order_blocks_those_behind_it_until_its_amount_is_free() -> None:
    assert grants(one_of_two(3, 1, skip=False), 30.0) == [(0, 0.0), (1, 10.0), (2, 14.0)]


def test_with_skip_the_first_in_order_that_fits_is_served() -> None:
    assert grants(one_of_two(3, 1, skip=True), 30.0) == [(0, 0.0), (1, 10.0), (2, 2.0)]


def test_with_skip_a_large_request_waits_as_long_as_small_ones_fit() -> None:
    assert grants(one_of_two(2, 1, skip=True), 30.0) == [(0, 0.0), (1, 10.0), (2, 2.0)]
    assert grants(one_of_two(2, 1, skip=False), 30.0) == [(0, 0.0), (1, 10.0), (2, 10.0)]


def ranked(ranks: list[int], times: list[float]) -> Service:
    streams = [
        Stream(waits_then_stays(5.0, rank=r, name=f"rank {k}"), At([t]), f"stream {k}", first=k,
               patients=1)
        for k, (r, t) in enumerate(zip(ranks, times, strict=True))
    ]  # fmt: skip
    return Service(streams, [Resource("bed", places=1)])


def test_rank_comes_before_date_and_date_before_number() -> None:
    service = ranked([1, 2, 1, 1, 2], [0.0, 1.0, 3.0, 2.0, 1.0])
    expected = [(0, 0.0), (1, 15.0), (2, 10.0), (3, 5.0), (4, 20.0)]
    assert grants(service, 50.0) == expected


def test_requests_of_one_date_are_served_by_patient_number() -> None:
    assert grants(ranked([1, 1, 1], [0.0, 0.0, 0.0]), 50.0) == [(0, 0.0), (1, 5.0), (2, 10.0)]


def scored(score: Score, needs: list[tuple[float, float]], rise: float = 99.0) -> Service:
    """A bed is free from 10, for five days each; (day, need) of each; need may rise."""
    pathway = Pathway(
        "scored",
        start="waiting",
        states=[
            State("waiting", [after(rise, "worsen", "here", sets=[Set("need", PLUS_ONE)])],
                  [Request("bed", "staying")]),
            State("staying", [after(5.0, "stay", "done")], holds={"bed": 1}),
            *ends("done"),
        ],
        variables=[Variable("need")],
    )  # fmt: skip
    streams = [
        Stream(pathway, At([day]), f"stream {k}", first=k, patients=1, sets=[Set("need", need)])
        for k, (day, need) in enumerate(needs)
    ]
    return Service(streams, [Resource("bed", places=[(0.0, 0), (10.0, 1)], discipline=score)])


def test_the_highest_score_goes_first_then_the_earliest_date() -> None:
    service = scored(Score([Per("need", 2.0, 1.0)]), [(1.0, 0.0), (2.0, 3.0), (3.0, 0.0)])
    assert grants(service, 50.0) == [(0, 15.0), (1, 10.0), (2, 20.0)]


def test_a_score_is_worked_out_anew_from_the_variables_at_each_grant() -> None:
    """Need rises every 4 days of waiting. Day 10: 3 against 2; had it stood still, 1 against 2."""
    service = scored(Score([Per("need", 1.0)]), [(1.0, 1.0), (7.0, 2.0)], rise=4.0)
    assert grants(service, 50.0) == [(0, 10.0), (1, 15.0)]


def test_days_waited_count_at_the_grant() -> None:
    """Day 10: 9 days waited against 1 + 6."""
    score = Score([Per("need", 1.0)], per_day_waited=1.0)
    assert grants(scored(score, [(1.0, 0.0), (9.0, 6.0)]), 50.0) == [(0, 10.0), (1, 15.0)]
    assert grants(scored(score, [(1.0, 0.0), (9.0, 9.0)]), 50.0) == [(0, 15.0), (1, 10.0)]


def test_rank_comes_before_score() -> None:
    pathways = [waits_then_stays(5.0, rank=rank, name=f"rank {rank}") for rank in (2, 1)]
    streams = [
        Stream(p, At([float(k)]), p.name, first=k, patients=1) for k, p in enumerate(pathways)
    ]
    bed = Resource("bed", places=[(0.0, 0), (9.0, 1)], discipline=Score([], per_day_waited=1.0))
    assert grants(Service(streams, [bed]), 50.0) == [(0, 14.0), (1, 9.0)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_random_discipline_draws_anew_at_every_grant_the_lowest_first(seed: int) -> None:
    bed = Resource("bed", places=1, discipline=RANDOM)
    service = at(waits_then_stays(1.0), [0.0] * 6, bed)
    waiting, expected = set(range(6)), []
    for grant in range(6):
        lots = {p: draws.uniform(seed, 0, p, draws.key_of("queue:bed"), grant) for p in waiting}
        waiting.remove(chosen := min(lots, key=lots.__getitem__))
        expected.append((chosen, float(grant)))
    rows = rows_of(simulate(service, horizon=50.0, seed=seed))
    assert [(r[0], r[1]) for r in rows if r[5] == "bed"] == sorted(expected)


def test_amounts_are_returned_whole_and_granted_one_after_another() -> None:
    """Six places, each asks for two: three at once, the others as these leave."""
    service = at(waits_then_stays(3.0, amount=2), [0.0] * 5, Resource("bed", places=6))
    assert grants(service, 50.0) == [(0, 0.0), (1, 0.0), (2, 0.0), (3, 3.0), (4, 3.0)]
