"""The base model at a glance, and the shares of kinds of numbers."""

from __future__ import annotations

from pathlib import Path

from matplotlib.patches import FancyBboxPatch, Rectangle

from pathsim.figures.evidence import kinds
from pathsim.figures.overview import Way, overview
from pathsim.figures.saving import save
from pathsim.figures.style import new_axes

WAY = Way("cells", [("waiting", ["chair", "bed"]), ("infusion", [])], ["CRS"])


def _words(ax) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_each_phase_is_a_box_with_what_it_asks_for(tmp_path: Path):
    ax = overview(new_axes(), [WAY, Way("drug", [("weekly", [])], [])])
    assert {"waiting", "infusion", "weekly", "asks: chair\nbed"} <= {*_words(ax)}
    assert sum(isinstance(patch, FancyBboxPatch) for patch in ax.patches) == 3 + 3
    assert save(ax, tmp_path, "base").stat().st_size > 5000


def test_one_therapy_of_a_long_name_is_drawn_with_its_name_shortened(tmp_path: Path):
    way = Way("a-therapy-with-a-very-long-name-indeed", [("waiting", [])], [])
    ax = overview(new_axes(), [way])
    assert any("…" in words for words in _words(ax))
    save(ax, tmp_path, "one")


def test_shares_of_a_part_fill_its_bar_and_its_number_is_told():
    ax = kinds(new_axes(), {"a": {"trial": 3, "assumption": 1}, "b": {"cohort": 2}})
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a\nn = 4", "b\nn = 2"]
    widths = [bar.get_width() for bar in ax.patches if isinstance(bar, Rectangle)]
    assert sorted(width for width in widths if width) == [25.0, 75.0, 100.0]
    legend = ax.get_legend()
    assert legend is not None
    assert [t.get_text() for t in legend.get_texts()] == ["trial", "cohort", "assumption"]
