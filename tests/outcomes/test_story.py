"""A life in sentences."""

from __future__ import annotations

import pytest

from pathsim.outcomes.catalogue import Mark, Marking, Pool
from pathsim.outcomes.story import story

MARKS = Marking(
    (
        Mark("waiting", "tec", "waiting", "home", False, requests={"step_up_bed": 1}),
        Mark("step_up", "tec", "step_up", "bed", True, tags=["line"], holds={"step_up_bed": 1},
             uses={"step_up_dose": 3, "tocilizumab": 1}),
        Mark("weekly", "tec", "weekly", "home", True),
        Mark("in_icu", setting="icu", words="ventilated"),
        Mark("relapsed", phase="between_lines"),
        Mark("dead", words="died of myeloma", ends=True),
    ),
    (Pool("step_up_bed"),),
)  # fmt: skip

LIFE = """
0 7 0    arrive 0 -        arrival     patients
0 7 0    choice 0 strategy arrival     bispecific_first
0 7 0    enter  0 waiting  strategy    -
0 7 12.5 enter  0 step_up  step_up_bed -
0 7 20   enter  0 weekly   stepped_up  -
0 7 30   here   0 weekly   assessed    -
0 7 40   detour 1 in_icu   infect      infection
0 7 41   move   0 relapsed progress    -
0 7 45   return 0 relapsed better      -
0 7 45   here   0 relapsed better      -
0 7 60   end    0 dead     die         -
0 8 1    arrive 0 -        arrival     patients
0 8 1    enter  0 weekly   arrival     -
0 8 90   censor 0 weekly   horizon     -
"""


def test_every_step_is_a_sentence_with_its_day_and_reason(write):
    assert story(write(LIFE), 7, MARKS) == [
        "Day 0: Arrives (patients).",
        "Day 0: On arrival; strategy, bispecific_first: goes to waiting (waits for step up bed).",
        "Day 12.5: Step up bed granted after 12.5 days: goes to step up (line 1 with tec; in the "
        "bed; uses 3 step up dose; uses tocilizumab; holds step up bed).",
        "Day 20: Stepped up: goes to weekly.",
        "Day 30: Assessed: stays in weekly.",
        "Day 40: Infect: is interrupted by infection, in icu (ventilated; in intensive care).",
        "Day 41: Progress: will go back to relapsed.",
        "Day 45: Better: goes back to relapsed.",
        "Day 60: Die: the end, died of myeloma.",
    ]


def test_a_life_that_goes_on_ends_with_the_run(write):
    assert story(write(LIFE), 8, MARKS)[-1] == "Day 90: The run ends; still in weekly."


def test_a_patient_who_never_came_is_named(write):
    with pytest.raises(ValueError, match="patient 9 never came in replication 0"):
        story(write(LIFE), 9, MARKS)
