"""A figure as files: PNG and SVG, the same bytes each time. Called by whatever keeps figures.

Each file tells its title and what is to be seen in words. A title that would run over the edge of
the figure is broken here, whoever drew it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from pathsim.figures.style import STYLE
from pathsim.figures.words import in_words, title_of

EDGE = 6
"""Pixels that a title keeps from the edge."""
TAG, DIGITS = re.compile(rb"<[^>]*>"), re.compile(rb"(\d\.\d\d)\d+")
"""A tag of an SVG; a number with more digits than two after the point, a fiftieth of a pixel."""


def save(drawn: Axes | Figure, folder: Path, name: str) -> Path:
    """NAME.png and NAME.svg in a folder, of a figure or of that whose axes these are; the PNG.

    The figure is laid out once for both, and drawn once for each: `Figure.savefig` does all of
    that twice over for each of them, and gives the same pixels.
    """
    figure = figure_of(drawn)
    folder.mkdir(parents=True, exist_ok=True)
    png, svg = (folder / f"{name.replace('/', '_')}.{kind}" for kind in ("png", "svg"))
    with _laid_out(figure):
        said = _said(figure)
        canvas: Any = FigureCanvasAgg(figure)
        canvas.print_png(png, metadata={**said, "Software": None},
                         pil_kwargs={"compress_level": 3})  # fmt: skip
        svg.write_bytes(_svg(figure, said))
    return png


def svg_of(drawn: Axes | Figure) -> bytes:
    """The same SVG as `save` writes."""
    figure = figure_of(drawn)
    with _laid_out(figure):
        return _svg(figure, _said(figure))


def figure_of(drawn: Axes | Figure) -> Figure:
    """The figure itself, or that of these axes."""
    if isinstance(drawn, Figure):
        return drawn
    figure = drawn.get_figure(root=True)
    assert figure is not None
    return figure


def _svg(figure: Figure, said: dict[str, str]) -> bytes:
    """The figure as it is laid out; places have no more digits than can be seen."""
    canvas: Any = FigureCanvasSVG(figure)
    file = BytesIO()
    canvas.print_svg(file, metadata={**said, "Date": None, "Creator": None})
    return TAG.sub(lambda tag: DIGITS.sub(rb"\1", tag[0]), file.getvalue())


def _said(figure: Figure) -> dict[str, str]:
    return {"Title": title_of(figure), "Description": in_words(figure)}


@contextmanager
def _laid_out(figure: Figure) -> Iterator[None]:
    """With everything in its place, whatever is then written."""
    layout, dpi = figure.get_layout_engine(), figure.dpi
    with mpl.rc_context(STYLE):
        figure.set_dpi(STYLE["savefig.dpi"])
        FigureCanvasAgg(figure)
        _lay_out(figure)
        broken = [_broken(figure, title) for title in _titles(figure)]
        if any(broken):
            _lay_out(figure)
        figure.set_layout_engine("none")
        yield
    figure.set_layout_engine(layout)
    figure.set_dpi(dpi)


def _lay_out(figure: Figure) -> None:
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)


def _titles(figure: Figure) -> list[Text]:
    """That of the figure and all on the left of their axes; a layout makes no room for them."""
    above = [text for text in figure.texts if text.get_text() == figure.get_suptitle()]
    return above + [
        child
        for ax in figure.axes
        for child in ax.get_children()
        if isinstance(child, Text) and child.get_text() == ax.get_title(loc="left") != ""
    ]


def _broken(figure: Figure, title: Text) -> bool:
    """Break a title that runs over the edge of the figure; whether it did."""
    extent = title.get_window_extent()
    room = float(figure.bbox.x1) - EDGE - extent.x0
    if extent.width <= room:
        return False
    lines = title.get_text().split("\n")
    letters = max(12, int(max(map(len, lines)) * room / extent.width))
    title.set_text("\n".join(part for line in lines for part in textwrap.wrap(line, letters)))
    return True
