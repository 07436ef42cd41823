"""A life told in few lines: moments, detours and what repeats, each in one."""

from __future__ import annotations

from pathsim.outcomes.catalogue import Mark, Marking, Pool
from pathsim.outcomes.folding import folded
from pathsim.outcomes.story import story, told

MARKS = Marking(
    (
        Mark("tec: work-up", "tec", "work_up", "home", False),
        Mark("tec: waiting", "tec", "waiting", "home", False, requests={"bed": 1}),
        Mark("tec: step-up", "tec", "step_up", "bed", True, tags=["line"], holds={"bed": 1}),
        Mark("tec: weekly", "tec", "weekly", "home", True),
        Mark("tec: monthly", "tec", "weekly", "home", True),
        Mark("tec: ill, waiting", phase="infection", requests={"bed": 1}),
        Mark("tec: ill, on the ward", phase="infection", setting="ward", holds={"bed": 1}),
        Mark("progressed", phase="between_lines"),
        Mark("supportive", phase="supportive_care"),
        Mark("dead", words="died of myeloma", ends=True),
    ),
    (Pool("bed"),),
)

BEGINNING = """
0 1 0   arrive 0 -            arrival   patients
0 1 0   choice 0 strategy     arrival   tec_first
0 1 0   enter  0 tec:_work-up strategy  -
0 1 9   enter  0 tec:_waiting work_up   -
0 1 9   enter  0 tec:_step-up bed       -
0 1 16  enter  0 tec:_weekly  stepped   -
"""
ILL = """
0 1 {0} detour 1 tec:_ill,_waiting     tec_infection infection
0 1 {0} enter  1 tec:_ill,_on_the_ward bed           -
0 1 {1} return 0 tec:_weekly           recovered     -
"""


def lines_of(write, text: str) -> list[str]:
    log = write(text)
    log.log["state"] = log.log["state"].cat.rename_categories(lambda s: s.replace("_", " "))
    return folded(told(log, 1, MARKS), MARKS)


def test_what_is_granted_at_once_needs_no_line_of_its_own(write):
    first, second, *_ = lines_of(write, BEGINNING + "0 1 20 censor 0 tec:_weekly horizon -")
    assert (
        first == "Day 0: Arrives (patients); on arrival; strategy, tec_first: goes to tec: work-up."
    )
    assert second == (
        "Day 9: Work up; bed granted at once: goes to step-up (line 1 with tec; in the bed; "
        "holds bed)."
    )


def test_checks_that_change_nothing_are_counted(write):
    checks = "\n".join(f"0 1 {day} here 0 tec:_weekly check -" for day in (28, 56, 84))
    *_, line, _ = lines_of(write, BEGINNING + checks + "\n0 1 90 censor 0 tec:_weekly horizon -")
    assert line == "Day 28 to 84: Check (3 times): stays in weekly."


def test_a_detour_is_one_line_from_its_cause_to_its_return(write):
    text = BEGINNING + ILL.format(30, 37.5) + "0 1 90 censor 0 tec:_weekly horizon -"
    *_, line, _ = lines_of(write, text)
    assert line == ("Day 30 to 37.5: Infection: ill, on the ward; recovered: goes back to weekly.")


def test_detours_that_repeat_are_one_line_with_their_days(write):
    text = BEGINNING + ILL.format(30, 37) + ILL.format(50, 55) + "0 1 90 end 0 dead die -"
    *_, line, last = lines_of(write, text)
    assert line == (
        "Day 30 to 55: Infection (2 times), 12 days in all: ill, on the ward; each time goes "
        "back to weekly."
    )
    assert last == "Day 90: Die: the end, died of myeloma."


def test_a_move_below_does_not_end_the_detour(write):
    text = (BEGINNING + ILL.format(30, 37)).replace(
        "0 1 37 return 0 tec:_weekly",
        "0 1 33 move 0 tec:_monthly thinned -\n0 1 37 return 0 tec:_monthly",
    )
    *_, line, _ = lines_of(write, text + "0 1 90 censor 0 tec:_monthly horizon -")
    assert line.startswith("Day 30 to 37: ")
    assert line.count("will go back to monthly") == 1
    assert line.endswith("recovered: goes back to monthly.")


def test_a_detour_that_never_returns_ends_where_the_patient_goes(write):
    text = (BEGINNING + ILL.format(30, 37)).rsplit("0 1 37", 1)[0]
    *_, line = lines_of(write, text + "0 1 33 end 0 dead die -")
    assert line.startswith("Day 30 to 33: ")
    assert line.endswith("die: the end, died of myeloma.")


def test_a_way_from_progression_to_work_up_is_one_line(write):
    text = (
        BEGINNING
        + """
0 1 70  enter  0 progressed   progression -
0 1 90  choice 0 strategy     gap         tec_again
0 1 90  enter  0 tec:_work-up strategy    -
0 1 95  censor 0 tec:_work-up horizon     -
"""
    )
    *_, line, _ = lines_of(write, text)
    assert line == "Day 70 to 90: Progression; gap; strategy, tec_again: goes to work-up."


def test_the_short_story_is_no_longer_than_the_whole(write):
    log = write(BEGINNING + "0 1 20 censor 0 tec:_weekly horizon -")
    log.log["state"] = log.log["state"].cat.rename_categories(lambda s: s.replace("_", " "))
    assert len(folded(told(log, 1, MARKS), MARKS)) < len(story(log, 1, MARKS))
