"""A figure as files: PNG and SVG, the same bytes each time. Called by whatever keeps figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from pathsim.figures.style import STYLE


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


def figure_of(drawn: Axes | Figure) -> Figure:
    """The figure itself, or that of these axes."""
    if isinstance(drawn, Figure):
        return drawn
    figure = drawn.get_figure(root=True)
    assert figure is not None
    return figure
