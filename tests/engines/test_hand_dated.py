"""Queues and the order of one instant, dated by hand from docs/law.md (sections 6, 8 and 9)."""

import pytest

from pathsim import (
    At,
    AtLeast,
    Choice,
    Free,
    Pathway,
    PathwayError,
    Queue,
    Request,
    Resource,
    Rule,
    Service,
    State,
    Steady,
    Stream,
    simulate,
)
from tests.engines.written import after, alone, assert_log, at, ends, rows_of, waits_then_stays

BED = Resource("bed", places=1)


def turned_away(service_days: float) -> Pathway:
    """No waiting room: a choice on free places, then the place at once or nothing."""
    room = Choice("room", rules=[Rule("free", "asking", [AtLeast(Free("bed"), 1)]),
                                 Rule("full", "turned_away")])  # fmt: skip
    return Pathway(
        "no_waiting_room",
        start="room",
        states=[
            State("asking", requests=[Request("bed", "served")]),
            State("served", [after(service_days, "service", "done")], holds={"bed": 1}),
            *ends("done", "turned_away"),
        ],
        choices=[room],
    )


def test_customers_who_wait_longer_than_their_patience_leave() -> None:
    pathway = waits_then_stays(11.0, clocks=[after(3.0, "patience", "gone")])
    service = Service([Stream(pathway, Steady(7.0, start=7.0), first=1)], [BED])
    assert_log(
        service,
        31.5,
        """
        1  7    arrive 0 -       arrival  patients
        1  7    enter  0 waiting arrival  -
        1  7    enter  0 staying bed      -
        1  18   end    0 done    stay     -
        2  14   arrive 0 -       arrival  patients
        2  14   enter  0 waiting arrival  -
        2  17   end    0 gone    patience -
        3  21   arrive 0 -       arrival  patients
        3  21   enter  0 waiting arrival  -
        3  21   enter  0 staying bed      -
        3  31.5 censor 0 staying horizon  -
        4  28   arrive 0 -       arrival  patients
        4  28   enter  0 waiting arrival  -
        4  31   end    0 gone    patience -
    """,
    )


def test_without_a_waiting_room_every_second_customer_is_turned_away() -> None:
    stream = Stream(turned_away(1.5), Steady(1.0, start=1.0), patients=100, first=1)
    service = Service([stream], [BED])
    ends_ = [row for row in rows_of(simulate(service, horizon=200.0)) if row[2] == "end"]
    assert ends_ == [
        (k, k + 1.5, "end", 0, "done", "service", "") if k % 2
        else (k, float(k), "end", 0, "turned_away", "room", "")
        for k in range(1, 101)
    ]  # fmt: skip
    assert max(row[1] for row in ends_) == 100.5


def test_who_arrives_as_a_smaller_number_leaves_finds_the_place_free() -> None:
    service = Service([Stream(turned_away(1.0), Steady(1.0), patients=10)], [BED])
    ends_ = [row for row in rows_of(simulate(service, horizon=20.0)) if row[2] == "end"]
    assert ends_ == [(k, k + 1.0, "end", 0, "done", "service", "") for k in range(10)]


def test_who_arrives_as_a_greater_number_leaves_is_turned_away() -> None:
    pathway = turned_away(1.0)
    streams = [Stream(pathway, At([1.0]), "late"), Stream(pathway, At([0.0]), "early", first=10)]
    assert_log(
        Service(streams, [BED]),
        9.0,
        """
        0   1 arrive 0 -           arrival late
        0   1 choice 0 room        arrival full
        0   1 end    0 turned_away room    -
        10  0 arrive 0 -           arrival early
        10  0 choice 0 room        arrival free
        10  0 enter  0 asking      room    -
        10  0 enter  0 served      bed     -
        10  1 end    0 done        service -
    """,
    )


def test_the_urgent_customer_is_served_before_the_ordinary_who_came_first() -> None:
    ordinary = waits_then_stays(2.0, rank=2, name="ordinary")
    urgent = waits_then_stays(2.0, name="urgent")
    streams = [
        Stream(ordinary, At([0.0, 0.0]), "ordinary"),
        Stream(urgent, At([1.0]), "urgent", first=2),
    ]
    assert_log(
        Service(streams, [BED]),
        9.0,
        """
        0  0 arrive 0 -       arrival ordinary
        0  0 enter  0 waiting arrival -
        0  0 enter  0 staying bed     -
        0  2 end    0 done    stay    -
        1  0 arrive 0 -       arrival ordinary
        1  0 enter  0 waiting arrival -
        1  4 enter  0 staying bed     -
        1  6 end    0 done    stay    -
        2  1 arrive 0 -       arrival urgent
        2  1 enter  0 waiting arrival -
        2  2 enter  0 staying bed     -
        2  4 end    0 done    stay    -
    """,
    )


# --- one instant ---


def test_a_ring_comes_before_a_grant_of_the_same_instant() -> None:
    pathway = waits_then_stays(9.0, clocks=[after(5.0, "patience", "gone")])
    assert_log(
        alone(pathway, Resource("bed", places=[(0.0, 0), (5.0, 1)])),
        8.0,
        """
        0  0 arrive 0 -       arrival  patients
        0  0 enter  0 waiting arrival  -
        0  5 end    0 gone    patience -
    """,
    )


def test_a_capacity_step_comes_before_a_ring_of_the_same_instant() -> None:
    assert_log(
        at(turned_away(1.0), [5.0], Resource("bed", places=[(0.0, 0), (5.0, 1)])),
        8.0,
        """
        0  5 arrive 0 -      arrival patients
        0  5 choice 0 room   arrival free
        0  5 enter  0 asking room    -
        0  5 enter  0 served bed     -
        0  6 end    0 done   service -
    """,
    )


def two_rings(second: str, first: str) -> Pathway:
    return Pathway(
        "tie",
        start="watched",
        states=[
            State("watched", [after(4.0, second, "b_side"), after(4.0, first, "a_side")]),
            State("a_side", [after(4.0, second, "b_side")]),
            State("b_side", [after(1.0, "rest", "over")]),
            *ends("over"),
        ],
    )


def test_rings_of_one_patient_come_by_the_name_of_the_clock() -> None:
    assert_log(
        alone(two_rings("beta", "alpha")),
        4.0,
        """
        0  0 arrive 0 -       arrival patients
        0  0 enter  0 watched arrival -
        0  4 enter  0 a_side  alpha   -
        0  4 enter  0 b_side  beta    -
        0  4 censor 0 b_side  horizon -
    """,
    )


def test_a_clock_due_now_but_no_longer_listed_does_not_ring() -> None:
    assert_log(
        alone(two_rings("alpha", "beta")),
        9.0,
        """
        0  0 arrive 0 -       arrival patients
        0  0 enter  0 watched arrival -
        0  4 enter  0 b_side  alpha   -
        0  5 end    0 over    rest    -
    """,
    )


def test_rings_of_one_instant_come_by_patient_number_before_the_name_of_the_clock() -> None:
    """Patient 0 takes the last free place by `zulu` before patient 1 asks by `alpha`."""

    def comes(clock: str) -> Pathway:
        room = Choice("room", rules=[Rule("free", "asking", [AtLeast(Free("bed"), 1)]),
                                     Rule("full", "refused")])  # fmt: skip
        return Pathway(
            f"comes by {clock}",
            start="home",
            states=[
                State("home", [after(3.0, clock, "room")]),
                State("asking", requests=[Request("bed", "inside")]),
                State("inside", [after(1.0, "stay", "done")], holds={"bed": 1}),
                *ends("done", "refused"),
            ],
            choices=[room],
        )

    streams = [
        Stream(comes("alpha"), At([0.0]), "second", first=1),
        Stream(comes("zulu"), At([0.0]), "first", first=0),
    ]
    assert_log(
        Service(streams, [BED]),
        9.0,
        """
        0  0 arrive 0 -       arrival first
        0  0 enter  0 home    arrival -
        0  3 choice 0 room    zulu    free
        0  3 enter  0 asking  room    -
        0  3 enter  0 inside  bed     -
        0  4 end    0 done    stay    -
        1  0 arrive 0 -       arrival second
        1  0 enter  0 home    arrival -
        1  3 choice 0 room    alpha   full
        1  3 end    0 refused room    -
    """,
    )


def test_rings_created_in_an_instant_come_before_the_rings_of_greater_numbers() -> None:
    """Patient 0's zero delay, made at day 2, frees the bed before patient 1 looks."""
    pathway = Pathway(
        "zero",
        start="entry",
        states=[
            State("inside", [after(2.0, "call", "packing")], holds={"bed": 1}),
            State("packing", [after(0.0, "zip", "done")], holds={"bed": 1}),
            State("asking", requests=[Request("bed", "visiting")]),
            State("visiting", [after(1.0, "visit", "done")], holds={"bed": 1}),
            *ends("done", "refused"),
        ],
        choices=[Choice("entry", rules=[Rule("free", "asking", [AtLeast(Free("bed"), 1)]),
                                        Rule("full", "refused")])],
    )  # fmt: skip
    streams = [
        Stream(pathway, At([0.0]), "inpatient", enters="inside"),
        Stream(pathway, At([2.0]), "visitor", first=1),
    ]
    assert_log(
        Service(streams, [BED]),
        9.0,
        """
        0  0 arrive 0 -        arrival inpatient
        0  0 enter  0 inside   arrival -
        0  2 enter  0 packing  call    -
        0  2 end    0 done     zip     -
        1  2 arrive 0 -        arrival visitor
        1  2 choice 0 entry    arrival free
        1  2 enter  0 asking   entry   -
        1  2 enter  0 visiting bed     -
        1  3 end    0 done     visit   -
    """,
    )


def test_grants_come_by_the_name_of_the_resource_and_the_other_request_is_withdrawn() -> None:
    pathway = Pathway(
        "either",
        start="waiting",
        states=[
            State("waiting", requests=[Request("ward", "in_ward"), Request("clinic", "in_clinic")]),
            State("in_ward", [after(1.0, "stay", "done")], holds={"ward": 1}),
            State("in_clinic", [after(1.0, "visit", "done")], holds={"clinic": 1}),
            *ends("done"),
        ],
    )
    service = at(pathway, [0.0, 0.0], Resource("ward", places=1), Resource("clinic", places=1))
    assert_log(
        service,
        9.0,
        """
        0  0 arrive 0 -         arrival patients
        0  0 enter  0 waiting   arrival -
        0  0 enter  0 in_clinic clinic  -
        0  1 end    0 done      visit   -
        1  0 arrive 0 -         arrival patients
        1  0 enter  0 waiting   arrival -
        1  0 enter  0 in_ward   ward    -
        1  1 end    0 done      stay    -
    """,
    )


def test_requests_are_granted_one_at_a_time_each_carried_out_before_the_next() -> None:
    crowd = Choice("crowd", rules=[Rule("others_wait", "hurried", [AtLeast(Queue("bed"), 1)]),
                                   Rule("nobody_waits", "calm")])  # fmt: skip
    pathway = Pathway(
        "crowd",
        start="waiting",
        states=[
            State("waiting", requests=[Request("bed", "crowd")]),
            State("hurried", [after(1.0, "short", "done")], holds={"bed": 1}),
            State("calm", [after(2.0, "long", "done")], holds={"bed": 1}),
            *ends("done"),
        ],
        choices=[crowd],
    )
    assert_log(
        at(pathway, [0.0, 0.0], Resource("bed", places=2)),
        9.0,
        """
        0  0 arrive 0 -       arrival patients
        0  0 enter  0 waiting arrival -
        0  0 choice 0 crowd   bed     others_wait
        0  0 enter  0 hurried crowd   -
        0  1 end    0 done    short   -
        1  0 arrive 0 -       arrival patients
        1  0 enter  0 waiting arrival -
        1  0 choice 0 crowd   bed     nobody_waits
        1  0 enter  0 calm    crowd   -
        1  2 end    0 done    long    -
    """,
    )


def test_a_place_held_for_no_time_is_granted_again_in_the_same_instant() -> None:
    assert_log(
        at(waits_then_stays(0.0), [0.0, 0.0], BED),
        9.0,
        """
        0  0 arrive 0 -       arrival patients
        0  0 enter  0 waiting arrival -
        0  0 enter  0 staying bed     -
        0  0 end    0 done    stay    -
        1  0 arrive 0 -       arrival patients
        1  0 enter  0 waiting arrival -
        1  0 enter  0 staying bed     -
        1  0 end    0 done    stay    -
    """,
    )


def test_what_is_due_at_the_horizon_is_carried_out_and_the_rest_are_censored() -> None:
    assert_log(
        at(waits_then_stays(10.0), [0.0, 3.0, 10.0, 10.5], BED),
        10.0,
        """
        0  0  arrive 0 -       arrival patients
        0  0  enter  0 waiting arrival -
        0  0  enter  0 staying bed     -
        0  10 end    0 done    stay    -
        1  3  arrive 0 -       arrival patients
        1  3  enter  0 waiting arrival -
        1  10 enter  0 staying bed     -
        1  10 censor 0 staying horizon -
        2  10 arrive 0 -       arrival patients
        2  10 enter  0 waiting arrival -
        2  10 censor 0 waiting horizon -
    """,
    )


# --- arrival ---


def test_a_day_0_patient_arrives_into_a_state_that_holds_and_takes_its_place_at_once() -> None:
    pathway = waits_then_stays(4.0)
    streams = [
        Stream(pathway, At([0.0]), "waiting_list"),
        Stream(pathway, At([0.0]), "inpatients", first=100, enters="staying"),
    ]
    assert_log(
        Service(streams, [BED]),
        9.0,
        """
        0    0 arrive 0 -       arrival waiting_list
        0    0 enter  0 waiting arrival -
        0    4 enter  0 staying bed     -
        0    8 end    0 done    stay    -
        100  0 arrive 0 -       arrival inpatients
        100  0 enter  0 staying arrival -
        100  4 end    0 done    stay    -
    """,
    )


def test_arriving_into_a_state_that_holds_more_than_there_is_room_for_is_an_error() -> None:
    streams = [Stream(waits_then_stays(4.0), At([0.0, 0.0]), enters="staying")]
    with pytest.raises(PathwayError, match="bed"):
        simulate(Service(streams, [BED]), horizon=9.0)
