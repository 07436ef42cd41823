"""A figure as files: PNG and SVG, the same bytes each time. Called by whatever keeps figures."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from pathsim.figures.style import STYLE

DIGITS = re.compile(rb"(\d\.\d\d)\d+")
"""A number with more digits than two after the point, which are a fiftieth of a pixel."""


def save(drawn: Axes | Figure, folder: Path, name: str) -> Path:
    """NAME.png and NAME.svg in a folder, of a figure or of that whose axes these are; the PNG.

    The figure is laid out once for both, and drawn once for each: `Figure.savefig` does all of
    that twice over for each of them, and gives the same pixels.
    """
    figure = figure_of(drawn)
    folder.mkdir(parents=True, exist_ok=True)
    png, svg = (folder / f"{name.replace('/', '_')}.{kind}" for kind in ("png", "svg"))
    layout, dpi = figure.get_layout_engine(), figure.dpi
    with mpl.rc_context(STYLE):
        figure.set_dpi(STYLE["savefig.dpi"])
        canvas: Any = FigureCanvasAgg(figure)
        canvas.print_png(png, metadata={"Software": None}, pil_kwargs={"compress_level": 3})
        figure.set_layout_engine("none")
        canvas = FigureCanvasSVG(figure)
        canvas.print_svg(svg, metadata={"Date": None, "Creator": None})
    figure.set_layout_engine(layout)
    figure.set_dpi(dpi)
    return png


def svg_of(drawn: Axes | Figure) -> bytes:
    """The figure as the text of an SVG, with no more digits than can be seen."""
    with mpl.rc_context(STYLE):
        canvas: Any = FigureCanvasSVG(figure_of(drawn))
        stream = BytesIO()
        canvas.print_svg(stream, metadata={"Date": None, "Creator": None})
    return DIGITS.sub(rb"\1", stream.getvalue())


def figure_of(drawn: Axes | Figure) -> Figure:
    """The figure itself, or that of these axes."""
    if isinstance(drawn, Figure):
        return drawn
    figure = drawn.get_figure(root=True)
    assert figure is not None
    return figure
