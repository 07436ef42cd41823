"""Stays from hand-written logs."""

from __future__ import annotations

import pytest

from pathsim.outcomes.catalogue import Mark, Marking
from pathsim.outcomes.stays import stays

MARKS = Marking(
    (
        Mark("waiting", therapy="tec", phase="waiting", setting="home", treated=False,
             tags=["line"], requests={"bed": 1}),
        Mark("weekly", therapy="tec", phase="weekly", setting="home", treated=True),
        Mark("infection", phase="infection", setting="ward", treated=False, holds={"bed": 1}),
        Mark("icu", setting="icu"),
        Mark("relapsed", phase="between_lines", setting="home", treated=False),
        Mark("second", therapy="dpd", phase="on_regimen", treated=True, tags=["line"]),
        Mark("dead", phase="dead", tags=["dead"], ends=True),
    )
)  # fmt: skip

TWO_DETOURS = """
0 1  0 arrive 0 -         arrival   people
0 1  0 enter  0 waiting   arrival   -
0 1  5 choice 0 fit       bed       yes
0 1  5 enter  0 weekly    fit       -
0 1 10 detour 1 infection infect    infection
0 1 12 detour 2 icu       worse     worse
0 1 13 move   0 relapsed  progress  -
0 1 15 return 1 infection better    -
0 1 15 here   0 relapsed  reviewed  -
0 1 20 return 0 relapsed  cured     -
0 1 21 enter  0 second    next_line -
0 1 30 end    0 dead      die       -
"""


def test_a_stay_lasts_until_the_next_change_and_an_end_has_no_length(write):
    table = stays(write(TWO_DETOURS).log, MARKS)
    assert list(table["from"]) == [0, 5, 10, 12, 13, 15, 15, 20, 21, 30]
    assert list(table["to"]) == [5, 10, 12, 13, 15, 15, 20, 21, 30, 30]
    assert table["days"].sum() == 30
    assert not table["censored"].any()
    assert set(table["stream"]) == {"people"}


def test_the_top_stays_while_a_move_changes_the_state_to_be_returned_to(write):
    table = stays(write(TWO_DETOURS).log, MARKS)
    assert list(table["state"]) == [
        "waiting", "weekly", "infection", "icu", "icu", "infection", "infection",
        "relapsed", "second", "dead",
    ]  # fmt: skip
    assert list(table["depth"]) == [0, 0, 1, 2, 2, 1, 1, 0, 0, 0]
    relapsed = MARKS.codes["relapsed"]
    assert list(table["level_0"])[4:8] == [relapsed] * 4
    assert list(table["level_2"])[3:6] == [MARKS.codes["icu"]] * 2 + [-1]


def test_a_mark_of_none_is_that_of_the_interrupted_level(write):
    table = stays(write(TWO_DETOURS).log, MARKS)
    icu = table[table["state"] == "icu"].iloc[0]
    assert (icu["therapy"], icu["phase"], icu["setting"]) == ("tec", "infection", "icu")
    assert not icu["treated"]
    assert list(table["treated"]) == [False, True] + 6 * [False] + [True, False]


def test_the_cause_of_leaving_is_the_clock_or_resource_and_the_option_is_kept(write):
    table = stays(write(TWO_DETOURS).log, MARKS)
    assert list(table["cause"]) == [
        "bed", "infect", "worse", "progress", "better", "reviewed", "cured", "next_line", "die", "",
    ]  # fmt: skip
    assert list(table["option"]) == ["yes"] + 9 * [""]


def test_lines_are_counted_at_entries_and_start_again_with_the_next_patient(write):
    second = TWO_DETOURS.replace("0 1 ", "0 2 ").replace("weekly ", "second ")
    table = stays(write(TWO_DETOURS + second).log, MARKS)
    assert list(table["line"]) == 8 * [1] + 2 * [2] + [1] + 7 * [2] + 2 * [3]


def test_who_is_present_at_the_horizon_is_censored_in_the_top_state(write):
    log = write("""
        0 1 0 arrive 0 -         arrival people
        0 1 0 enter  0 weekly    arrival -
        0 1 4 detour 1 infection infect  infection
        0 1 9 censor 1 infection horizon -
        1 1 2 arrive 0 -         arrival people
        1 1 2 enter  0 weekly    arrival -
        1 1 9 censor 0 weekly    horizon -
    """)
    table = stays(log.log, MARKS)
    assert list(table["censored"]) == [False, True, True]
    assert list(table["to"]) == [4, 9, 9]
    assert list(table["cause"]) == ["infect", "horizon", "horizon"]
    assert list(table["level_1"]) == [-1, MARKS.codes["infection"], -1]


def test_a_state_without_marks_is_named(write):
    log = write("0 1 0 arrive 0 - arrival people\n0 1 0 enter 0 limbo arrival -")
    with pytest.raises(ValueError, match="no state 'limbo'"):
        stays(log.log, MARKS)
