"""The ladder of a strategy: each rule with what it gives, in order, whatever the names' length."""

from __future__ import annotations

from itertools import pairwise

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import FancyBboxPatch
from matplotlib.transforms import Bbox

from pathsim.figures.saving import figure_of
from pathsim.figures.strategy import PAD, Rung, ladder
from pathsim.figures.style import new_axes
from pathsim.figures.words import in_words

LONG = "a_very_long_name_of_a_rule_that_nobody_would_write_but_that_somebody_may_write"
RUNGS = [
    Rung("car_t", "fit, never had therapy against BCMA", "Cilta-cel", "as an outpatient",
         paint="#3C3CB4"),
    Rung(LONG, "not refractory to therapy against BCMA, " * 6, "A therapy " * 8, off_label=True,
         paint="#F0C32D"),
    Rung("otherwise", "everybody else", "supportive care"),
]  # fmt: skip


def words(rungs: list[Rung]) -> list[str]:
    return [text.get_text() for text in ladder(new_axes(), rungs, title="one").texts]


def test_rules_stand_in_order_with_what_they_give_and_how() -> None:
    said = words(RUNGS)
    places = [said.index(w) for w in ("1. car t", "Cilta-cel", "as an outpatient", "3. otherwise")]
    assert places == sorted(places)
    assert said.count("no") == said.count("yes") == len(RUNGS) - 1


def test_the_drawing_is_told_in_words_for_those_who_do_not_see_it() -> None:
    said = in_words(figure_of(ladder(new_axes(), RUNGS, title="one")))
    assert "1. If fit, never had therapy against BCMA: Cilta-cel (as an outpatient)." in said
    assert said.endswith("3. If everybody else: supportive care.")


def test_what_is_beyond_a_label_says_so() -> None:
    assert words(RUNGS).count("OFF LABEL") == 1
    assert "OFF LABEL" not in words([RUNGS[0], RUNGS[2]])


@pytest.mark.parametrize("many", [1, 3, 10])
def test_no_word_leaves_the_figure_and_no_box_covers_another(many: int) -> None:
    ax = ladder(new_axes(), (RUNGS * 4)[:many], title="a long title " * 20)
    figure = figure_of(ax)
    FigureCanvasAgg(figure).draw()
    for text in ax.texts:
        box = text.get_window_extent()
        assert figure.bbox.x0 <= box.x0, text.get_text()
        assert box.x1 <= figure.bbox.x1, text.get_text()
    boxes = [p.get_window_extent() for p in ax.patches if isinstance(p, FancyBboxPatch)]
    assert len(boxes) == 2 * many
    left = boxes[::2]
    conditions = [t.get_window_extent() for t in ax.texts if t.get_position()[0] == PAD]
    assert max(each.x1 for each in conditions) <= left[0].x1
    for upper, lower in pairwise(left):
        assert Bbox.intersection(upper, lower) is None
