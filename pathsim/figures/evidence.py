"""How much of the numbers rests on what: a bar a part, by kind of number."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from pathsim.figures.style import COLOURS, GREY, PALE, short

PAINTS = {
    "trial": (COLOURS[0], None), "cohort": (COLOURS[5], "///"), "label": (COLOURS[2], None),
    "calibrated": (COLOURS[4], "..."), "expert": (COLOURS[3], None), "assumption": (PALE, "xx"),
}  # fmt: skip
"""Kind of number -> colour and hatch; an assumption is the palest."""


def kinds(ax: Axes, parts: Mapping[str, Mapping[str, int]]) -> Axes:
    """How many numbers of each part are of each kind, as shares; part -> kind -> how many.

    The count stands behind the name of a part. A kind that no part has is left out.
    """
    names = [f"{short(name)}\nn = {sum(counts.values())}" for name, counts in parts.items()]
    totals = np.array([max(sum(counts.values()), 1) for counts in parts.values()], dtype=float)
    left = np.zeros(len(parts))
    for kind, (paint, hatch) in PAINTS.items():
        length = 100 * np.array([counts.get(kind, 0) for counts in parts.values()]) / totals
        if length.any():
            ax.barh(names, length, left=left, color=paint, hatch=hatch, edgecolor=GREY,
                    linewidth=0.5, height=0.7, label=kind)  # fmt: skip
        left = left + length
    ax.invert_yaxis()
    ax.set(xlim=(0, 100), xlabel="Share of the numbers (%)")
    ax.tick_params(axis="y", labelsize=10)
    ax.set_title("What the numbers rest on", loc="left")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14 - 0.4 / max(len(parts), 4)),
              ncols=6, fontsize=10, frameon=False, columnspacing=1.2)  # fmt: skip
    return ax
