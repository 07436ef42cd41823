"""What holds of every figure of a result, whatever is drawn: of each case, one after another."""

from __future__ import annotations

import re
import warnings
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from pathsim.figures import saving
from pathsim.figures.saving import figure_of, save, svg_of
from pathsim.figures.style import SMALL, STYLE
from pathsim.figures.words import in_words, title_of
from pathsim.study.pictures import Picture
from tests.figures.cases import CASES, Case

OUTSIDE = 1.5
"""Pixels that a letter may lie beyond the edge, by rounding."""
UNITS = re.compile(
    r"%|month|day|week|year|patient|place|share|euro|slots|requests|number|visits|since", re.I
)
COUNTED = re.compile(r"\bn = \d|\d patients|replication|first \d+|[Pp]atient \d+", re.I)


@pytest.fixture(scope="module", params=CASES)
def case(request) -> Case:
    return CASES[request.param]()


@pytest.fixture(scope="module")
def pictures(case: Case) -> dict[str, Picture]:
    """Those of the case, of each function two at most: a third of a kind shows nothing new."""
    found: dict[str, Picture] = {}
    for name, picture in case.pictures().items():
        if [each.drawn_by for each in found.values()].count(picture.drawn_by) < 2:
            found[name] = picture
    return found


@pytest.fixture(scope="module")
def drawn(pictures: dict[str, Picture]) -> dict[str, Figure]:
    """Every figure of the case, drawn and laid out; any warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return {name: _laid_out(picture) for name, picture in pictures.items()}


def _laid_out(picture: Picture) -> Figure:
    figure = figure_of(picture.axes())
    with saving._laid_out(figure):
        figure.draw_without_rendering()
    figure.set_layout_engine("none")
    figure.set_dpi(STYLE["savefig.dpi"])
    return figure


def _shown(figure: Figure) -> list[Axes]:
    return [ax for ax in figure.axes if ax.axison and (ax.has_data() or ax.get_xlabel())]


def _ticks(axis: Axis) -> list[Text]:
    """The words along an axis, of those ticks that are drawn."""
    low, high = sorted(axis.get_view_interval())
    pairs = zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=False)
    return [text for at, text in pairs if low <= at <= high and text.get_visible()]


def _groups(figure: Figure) -> list[list[Text]]:
    """All that is written, in groups of what stands together."""
    legends = [legend for ax in figure.axes if (legend := ax.get_legend())] + figure.legends
    groups = [legend.get_texts() for legend in legends]
    groups += [_ticks(axis) for ax in _shown(figure) for axis in (ax.xaxis, ax.yaxis)]
    groups += [list(ax.texts) for ax in figure.axes]
    labels = [label for ax in _shown(figure) for label in (ax.xaxis.label, ax.yaxis.label)]
    above = list(dict.fromkeys([*figure.texts, *saving._titles(figure)]))
    groups += [[*above, *labels, *(text for each in figure.legends for text in each.get_texts())]]
    return [[text for text in group if text.get_text().strip()] for group in groups]


def _words(figure: Figure) -> list[Text]:
    return [text for group in _groups(figure) for text in group]


def test_every_axis_is_named_and_says_its_unit(drawn):
    for name, figure in drawn.items():
        said = [figure.get_supxlabel(), figure.get_supylabel()]
        for ax in _shown(figure):
            for axis, above in zip((ax.xaxis, ax.yaxis), said, strict=True):
                label = axis.get_label_text()
                numbers = [t.get_text() for t in _ticks(axis) if t.get_text().strip()]
                words = any(letter.isalpha() for each in numbers for letter in each)
                alone = len(_shown(figure)) == 1
                assert label or above or words or not numbers or not alone, f"{name}: no label"
        labels = [*said, *(axis.get_label_text() for ax in _shown(figure)
                           for axis in (ax.xaxis, ax.yaxis))]  # fmt: skip
        assert not _shown(figure) or any(map(UNITS.search, labels)), f"{name}: {labels}"


def test_every_figure_says_how_many_it_is_of(drawn):
    for name, figure in drawn.items():
        said = [" ".join(text.get_text().split()) for text in _words(figure)]
        assert any(map(COUNTED.search, said)) or "nothing to compare" in said, name


def test_no_word_lies_outside_the_figure(drawn):
    for name, figure in drawn.items():
        edge = figure.bbox.padded(OUTSIDE)
        for text in _words(figure):
            box = text.get_window_extent()
            assert edge.contains(box.x0, box.y0), f"{name}: {text.get_text()!r}"
            assert edge.contains(box.x1, box.y1), f"{name}: {text.get_text()!r}"


def test_no_two_words_of_a_legend_or_beside_an_axis_overlap(drawn):
    for name, figure in drawn.items():
        for group in _groups(figure):
            boxes = [(text.get_text(), text.get_window_extent()) for text in group]
            for (one, a), (other, b) in combinations(boxes, 2):
                assert not _overlap(a, b), f"{name}: {one!r} and {other!r}"


def _overlap(a: Bbox, b: Bbox) -> bool:
    wide = min(a.x1, b.x1) - max(a.x0, b.x0)
    high = min(a.y1, b.y1) - max(a.y0, b.y0)
    return bool(wide > 2 and high > 0.35 * min(a.height, b.height))


def test_nothing_is_written_smaller_than_can_be_read(drawn):
    small = {name: {t.get_text(): t.get_fontsize() for t in _words(figure)
                    if float(t.get_fontsize()) < SMALL - 1}
             for name, figure in drawn.items()}  # fmt: skip
    assert not {name: texts for name, texts in small.items() if texts}


def test_every_figure_tells_itself_in_words(drawn):
    for name, figure in drawn.items():
        words = in_words(figure)
        assert words.startswith(title_of(figure).rstrip("."))
        assert 15 < len(words) < 1400, f"{name}: {len(words)} letters"
        assert title_of(figure) != "A figure"


def test_the_same_bytes_twice(pictures: dict[str, Picture]):
    for name in list(pictures)[:: max(1, len(pictures) // 3)]:
        assert svg_of(pictures[name].axes()) == svg_of(pictures[name].axes()), name


def test_files_hold_title_and_words(tmp_path: Path):
    from PIL import Image

    picture = CASES["one strategy"]().pictures()["survival_death"]
    png = save(picture.axes(), tmp_path, "a")
    figure = figure_of(picture.axes())
    with Image.open(png) as image:
        told = image.info
    assert told["Title"] == title_of(figure)
    assert told["Description"] == in_words(figure)
    root = ElementTree.fromstring(png.with_suffix(".svg").read_bytes())
    texts = ["".join(each.itertext()) for each in root.iter()]
    assert title_of(figure) in texts
    assert any(in_words(figure) in text for text in texts)


def test_numbers_that_are_read_keep_their_digits_in_an_svg():
    from pathsim.figures.style import new_axes

    ax = new_axes()
    ax.set_xticks([0.125], ["0.12345"])
    assert b">0.12345<" in svg_of(ax)
    assert not re.search(rb'x="\d+\.\d{4}', svg_of(ax))


def test_a_long_title_is_broken_at_the_edge():
    from pathsim.figures.style import new_axes

    ax = new_axes()
    ax.set_title("a title " * 20, loc="left")
    svg_of(ax)
    assert ax.get_title(loc="left").count("\n") >= 1
    assert np.isfinite(ax.get_position().y1)
