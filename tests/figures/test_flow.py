"""The flow from therapy to therapy: every patient stands once in each column until an end."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from pathsim.figures.flow import ALIVE, DIED, FURTHER, OTHER, _boxes, _flows, _ways, flow
from pathsim.figures.saving import figure_of
from pathsim.figures.style import draw
from pathsim.figures.words import in_words

LIVES = [
    *[("", True)] * 5,
    *[("", False)] * 5,
    *[("car", True)] * 40,
    *[("car > tec", False)] * 29,
    ("car > tec > tal > tec > sal", True),
    *[("tec > car > tec > tal", True)] * 20,
]


@pytest.fixture
def patients() -> pd.DataFrame:
    table = pd.DataFrame(LIVES, columns=["therapies", "dead"])
    return table.assign(replication=0, **{"on.car": 1.0, "on.tec": 1.0, "on.tal": 1.0, "on.sal": 1})


def measured(patients: pd.DataFrame):
    return SimpleNamespace(patients=patients, replications=1)


def test_ways_begin_with_all_and_end_with_death_life_or_further_therapies(patients):
    ways = _ways(patients)
    assert sum(ways.values()) == 100
    assert ways["", DIED] == 5
    assert ways["", "car", "tec", ALIVE] == 29
    assert ways["", "car", "tec", "tal", "tec", FURTHER] == 1


def test_what_comes_to_a_box_is_what_leaves_it_unless_it_is_an_end(patients):
    flows = _flows(_ways(patients), 100)
    for place in {place for pair in flows for place in pair}:
        come = sum(many for (_, to), many in flows.items() if to == place)
        gone = sum(many for (from_, _), many in flows.items() if from_ == place)
        assert gone == {0: 100}.get(place[0], 0 if place[1] in (DIED, ALIVE, FURTHER) else come)


def test_boxes_are_as_tall_as_they_have_patients_and_do_not_overlap(patients):
    boxes = _boxes(_flows(_ways(patients), 100), ["car", "tec", "tal", "sal", OTHER, FURTHER, ALIVE,
                                                  DIED], 100)  # fmt: skip
    assert boxes[1, "car"].n == 70
    assert boxes[1, "car"].height == pytest.approx(3.5 * boxes[1, "tec"].height)
    for one, other in zip(list(boxes.values()), list(boxes.values())[1:], strict=False):
        if one.place[0] == other.place[0]:
            assert other.top >= one.top + one.height


def test_therapies_of_few_stand_together(patients):
    many = pd.concat([patients] * 3).assign(therapies=[*patients["therapies"]] * 2
                                            + ["rare"] * 2 + ["car"] * 98)  # fmt: skip
    flows = _flows(_ways(many), 300)
    assert flows[(0, ""), (1, OTHER)] == 2


def test_it_says_its_shares_its_n_and_its_words(patients):
    ax = draw(flow, measured(patients), title="one")
    said = [text.get_text() for text in ax.texts]
    assert "car\n70 %" in said
    assert "died 5 %" in said
    assert ax.get_title(loc="left") == (
        "one: from therapy to therapy; % of 100 patients in 1 replication"
    )
    assert "First therapy: car 70 %, tec 20 %, alive 5 %, died 5 %." in in_words(figure_of(ax))


def test_nobody_is_told_as_nobody(patients):
    ax = draw(flow, measured(patients.head(0)))
    assert in_words(figure_of(ax)).endswith("There are no patients.")
