"""A pathway as drawings, left to right, with matplotlib alone.

`draw` saves one drawing a therapy; `figure` makes one. Called by `pathsim show`. What stands in a
box comes from `boxes`, where it stands from `layout`; here are lines and colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Patch, PathPatch
from matplotlib.path import Path as Curve

from pathsim.pathway.boxes import Box, Row, Sheet, sheets
from pathsim.pathway.layout import HEAD, ROW, SIGNS, Chain, Chains, Placed, layout, shown
from pathsim.pathway.pathway import Pathway

TOP, LEGEND = 0.6, 1.9
"""Inches: the height of the title, the width of an entry of the legend."""
PALETTE = (
    "#cfe8fc", "#fde3c2", "#d8f0cf", "#f9d0d6", "#e4d7f5", "#fff3b8", "#cdeeea", "#ecdccb",
    "#f7d9ee", "#dfe3ea", "#c9d7f2", "#e3edb4", "#f5c9b0", "#c7e6d3", "#d9c7d9", "#fbe9e7",
)  # fmt: skip
CHOICE, OTHER, GRANT, HOLD, DEATH, LINE = (
    "#f4f4f4", "#ffffff", "#b45309", "#1d4ed8", "#9f1239", "#64748b",
)  # fmt: skip
INKS = {"grant": GRANT, "holds": HOLD, "death": DEATH, "clock": "black", "option": "black"}

Point = tuple[float, float]


def draw(pathway: Pathway, folder: Path, *, only: str | None = None) -> list[Path]:
    """Save a PNG and an SVG for each therapy, or for `only` one; the files written, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for sheet in sheets(pathway):
        if only not in (None, sheet.title):
            continue
        drawn = figure(sheet)
        for ending in ("png", "svg"):
            path = folder / f"{_file_name(sheet.title)}.{ending}"
            drawn.savefig(path, dpi=120)
            written.append(path)
    return written


def _file_name(title: str) -> str:
    return "pathway_" + re.sub(r"\W+", "_", title.lower()).strip("_")


def figure(sheet: Sheet) -> Figure:
    """One sheet as a figure, as large as it needs to be, with its legend."""
    placed = layout(sheet)
    sheet, places = placed.sheet, placed.places
    legend = _legend(sheet)
    width = max(5.0, *(p.x + p.width + 0.4 for p in places.values()))
    abreast = int(width / LEGEND)
    foot = 0.3 + 0.22 * -(-len(legend) // abreast)
    bottom = min(p.y - p.height for p in places.values()) - foot
    drawn = Figure(figsize=(width, TOP - bottom))
    ax = drawn.add_axes((0, 0, 1, 1))
    ax.set(xlim=(-0.2, width - 0.2), ylim=(bottom, TOP))
    ax.axis("off")
    ax.text(0, 0.35, sheet.title, fontsize=13, weight="bold", va="center")
    colours = _colours(sheet)
    for box in sheet.boxes:
        _draw_box(ax, box, places[box.name], colours[box.phase])
        _draw_lines(ax, box, places, placed.chains)
    ax.legend(handles=legend, loc="lower left", ncols=abreast, fontsize=7, frameon=False)
    return drawn


def _colours(sheet: Sheet) -> dict[str, str]:
    """A colour for each phase of the sheet, in order of mention."""
    fixed = {"choice": CHOICE, "other": OTHER, "end": "#e5e7eb"}
    phases = [p for p in dict.fromkeys(box.phase for box in sheet.boxes) if p not in fixed]
    return {p: PALETTE[k % len(PALETTE)] for k, p in enumerate(phases)} | fixed


def _draw_box(ax: Axes, box: Box, at: Placed, colour: str) -> None:
    rounding = 0.12 if box.phase == "choice" else 0.03
    ax.add_patch(
        FancyBboxPatch(
            (at.x, at.y - at.height), at.width, at.height, facecolor=colour, edgecolor="#334155",
            linewidth=1.4 if box.ends else 0.7, zorder=3,
            linestyle="--" if box.phase == "choice" else "-",
            boxstyle=f"round,pad=0,rounding_size={rounding}",
        )
    )  # fmt: skip
    ax.text(at.x + 0.07, at.y - HEAD / 2, box.title, fontsize=8, weight="bold", va="center",
            zorder=4)  # fmt: skip
    for k, row in enumerate(box.rows):
        style = "italic" if row.kind == "option" else "normal"
        ax.text(at.x + 0.07, _row_y(at, k), shown(row), fontsize=7, va="center", zorder=4,
                color=INKS[row.kind], style=style)  # fmt: skip


def _row_y(at: Placed, k: int) -> float:
    return at.y - HEAD - ROW * (k + 0.5)


def _draw_lines(ax: Axes, box: Box, places: dict[str, Placed], chains: Chains) -> None:
    for k, row in enumerate(box.rows):
        if row.to:
            start_y = _row_y(places[box.name], k)
            _draw_line(ax, list(_points(chains[box.name, row.to], places, start_y)), row)


def _points(chain: Chain, places: dict[str, Placed], start_y: float) -> Iterator[Point]:
    """Where a line goes: out at its row, through the middle of its lanes, in at a box's name."""
    first, *lanes, last = (places[name] for name in chain)
    yield first.x + first.width, start_y
    for lane in lanes:
        y = lane.y - lane.height / 2
        yield lane.x, y
        yield lane.x + lane.width, y
    yield last.x, last.y - HEAD / 2


def _draw_line(ax: Axes, points: list[Point], row: Row) -> None:
    """A smooth line through the points, with an arrow's head; dashed into a detour."""
    colour = GRANT if row.kind == "grant" else LINE
    vertices, codes = [points[0]], [Curve.MOVETO]
    for (x1, y1), (x2, y2) in pairwise(points):
        bend = (x2 - x1) * 0.5
        vertices += [(x1 + bend, y1), (x2 - bend, y2), (x2, y2)]
        codes += [Curve.CURVE4] * 3
    ax.add_patch(
        PathPatch(Curve(vertices, codes), facecolor="none", edgecolor=colour, linewidth=0.9,
                  linestyle="--" if row.detour else "-", zorder=2)
    )  # fmt: skip
    x, y = points[-1]
    ax.plot([x - 0.03], [y], marker=">", markersize=4, color=colour, zorder=5)


def _legend(sheet: Sheet) -> list[Patch | Line2D]:
    """What colours and signs mean, for those that are on the sheet."""
    colours = _colours(sheet)
    phases = dict.fromkeys(box.phase for box in sheet.boxes)
    kinds = {row.kind for box in sheet.boxes for row in box.rows}
    found: list[Patch | Line2D] = [
        Patch(facecolor=colours[p], edgecolor="#334155", linewidth=0.7, label=p.replace("_", " "))
        for p in phases
    ]
    signs = {"grant": "waits for a resource", "holds": "holds a resource", "death": "death"}
    found += [
        Line2D([], [], marker=f"${SIGNS[k].strip()}$", color=INKS[k], linestyle="", label=said)
        for k, said in signs.items()
        if k in kinds
    ]
    if any(row.detour for box in sheet.boxes for row in box.rows):
        said = "detour: ↩ goes back, ↺ goes on"
        found.append(Line2D([], [], color=LINE, linestyle="--", label=said))
    return found
