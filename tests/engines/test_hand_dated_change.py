"""The rule of change for requests and holdings, dated by hand from docs/law.md (section 5)."""

from pathsim import At, Pathway, Request, Resource, Service, State, Stream
from tests.engines.written import after, assert_log, at, ends

BED = Resource("bed", places=1)


# --- requests and holdings ---


def relisting(first: State) -> Service:
    """A place is free at 10; patient 1 came at 1 by `first`, patient 2 at 2 into `listed`."""
    pathway = Pathway(
        "relisting",
        start="listed",
        states=[
            first,
            State("unlisted", [after(1.0, "back", "listed")]),
            State("listed", requests=[Request("bed", "treated")]),
            State("treated", [after(5.0, "stay", "done")], holds={"bed": 1}),
            State("treated_well", [after(4.0, "short_stay", "done")], holds={"bed": 1}),
            *ends("done"),
        ],
    )
    return Service(
        [
            Stream(pathway, At([1.0]), "early", first=1, patients=1, enters=first.name),
            Stream(pathway, At([2.0]), "late", first=2, patients=1),
        ],
        [Resource("bed", places=[(0.0, 0), (10.0, 1)])],
    )


def test_a_request_still_listed_keeps_its_date_and_takes_the_new_target() -> None:
    first = State("well", [after(3.0, "worsen", "listed")], [Request("bed", "treated_well")])
    assert_log(
        relisting(first),
        12.0,
        """
        1  1  arrive 0 -       arrival early
        1  1  enter  0 well    arrival -
        1  4  enter  0 listed  worsen  -
        1  10 enter  0 treated bed     -
        1  12 censor 0 treated horizon -
        2  2  arrive 0 -       arrival late
        2  2  enter  0 listed  arrival -
        2  12 censor 0 listed  horizon -
    """,
    )


def test_a_request_withdrawn_and_made_again_has_a_new_date() -> None:
    first = State("well", [after(3.0, "ban", "unlisted")], [Request("bed", "treated")])
    assert_log(
        relisting(first),
        12.0,
        """
        1  1  arrive 0 -        arrival early
        1  1  enter  0 well     arrival -
        1  4  enter  0 unlisted ban     -
        1  5  enter  0 listed   back    -
        1  12 censor 0 listed   horizon -
        2  2  arrive 0 -        arrival late
        2  2  enter  0 listed   arrival -
        2  10 enter  0 treated  bed     -
        2  12 censor 0 treated  horizon -
    """,
    )


def test_a_request_still_listed_takes_the_rank_now_listed() -> None:
    first = State("well", [after(3.0, "worsen", "listed")], [Request("bed", "treated", rank=2)])
    stays = State("well", [after(8.5, "worsen", "listed")], [Request("bed", "treated", rank=2)])
    early = """
        1  1  arrive 0 -       arrival early
        1  1  enter  0 well    arrival -
        1  4  enter  0 listed  worsen  -
        1  10 enter  0 treated bed     -
        1  10 censor 0 treated horizon -
        2  2  arrive 0 -       arrival late
        2  2  enter  0 listed  arrival -
        2  10 censor 0 listed  horizon -
    """
    assert_log(relisting(first), 10.0, early)
    assert_log(relisting(stays), 10.0, early.replace("1  4 ", "1  9.5 "))
    never = State("well", [after(99.0, "worsen", "listed")], [Request("bed", "treated", rank=2)])
    assert_log(
        relisting(never),
        10.0,
        """
        1  1  arrive 0 -       arrival early
        1  1  enter  0 well    arrival -
        1  10 censor 0 well    horizon -
        2  2  arrive 0 -       arrival late
        2  2  enter  0 listed  arrival -
        2  10 enter  0 treated bed     -
        2  10 censor 0 treated horizon -
    """,
    )


def test_a_request_that_was_granted_is_new_when_listed_again() -> None:
    """Patient 0 visits at 0 and asks again at 2; patient 1, dated 1, goes first."""
    pathway = Pathway(
        "visits",
        start="waiting",
        states=[
            State("waiting", [after(9.0, "patience", "done")], [Request("bed", "visit")]),
            State("visit", [after(2.0, "leave_bed", "waiting")], holds={"bed": 1}),
            *ends("done"),
        ],
    )
    assert_log(
        at(pathway, [0.0, 1.0], BED),
        5.0,
        """
        0  0 arrive 0 -       arrival   patients
        0  0 enter  0 waiting arrival   -
        0  0 enter  0 visit   bed       -
        0  2 enter  0 waiting leave_bed -
        0  4 enter  0 visit   bed       -
        0  5 censor 0 visit   horizon   -
        1  1 arrive 0 -       arrival   patients
        1  1 enter  0 waiting arrival   -
        1  2 enter  0 visit   bed       -
        1  4 enter  0 waiting leave_bed -
        1  5 censor 0 waiting horizon   -
    """,
    )


def test_death_frees_the_bed_in_the_same_instant() -> None:
    pathway = Pathway(
        "bed",
        start="waiting",
        states=[
            State("waiting", requests=[Request("bed", "in_bed")]),
            State("in_bed", [after(20.0, "stay", "home")], holds={"bed": 1}),
            *ends("home", "dead"),
        ],
        standing=[after(5.0, "background_death", "dead")],
    )
    assert_log(
        at(pathway, [0.0, 3.0], BED),
        9.0,
        """
        0  0 arrive 0 -       arrival          patients
        0  0 enter  0 waiting arrival          -
        0  0 enter  0 in_bed  bed              -
        0  5 end    0 dead    background_death -
        1  3 arrive 0 -       arrival          patients
        1  3 enter  0 waiting arrival          -
        1  5 enter  0 in_bed  bed              -
        1  8 end    0 dead    background_death -
    """,
    )


def test_a_holding_falls_by_a_return_and_rises_by_a_request() -> None:
    pathway = Pathway(
        "thinning",
        start="asking",
        states=[
            State("asking", requests=[Request("clinic", "weekly", amount=4)]),
            State("weekly", [after(3.0, "thin", "fortnightly")], holds={"clinic": 4}),
            State("fortnightly", [after(3.0, "worse", "asks_more")], holds={"clinic": 2}),
            State(
                "asks_more",
                [after(99.0, "tire", "done")],
                [Request("clinic", "weekly", amount=2)],
                holds={"clinic": 2},
            ),
            *ends("done"),
        ],
    )
    assert_log(
        at(pathway, [0.0, 1.0], Resource("clinic", places=6)),
        10.0,
        """
        0  0 arrive 0 -           arrival patients
        0  0 enter  0 asking      arrival -
        0  0 enter  0 weekly      clinic  -
        0  3 enter  0 fortnightly thin    -
        0  6 enter  0 asks_more   worse   -
        0  6 enter  0 weekly      clinic  -
        0  9 enter  0 fortnightly thin    -
        0  10 censor 0 fortnightly horizon -
        1  1 arrive 0 -           arrival patients
        1  1 enter  0 asking      arrival -
        1  3 enter  0 weekly      clinic  -
        1  6 enter  0 fortnightly thin    -
        1  9 enter  0 asks_more   worse   -
        1  9 enter  0 weekly      clinic  -
        1  10 censor 0 weekly      horizon -
    """,
    )
