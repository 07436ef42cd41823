"""Who is lost before an infusion, by cause."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from pathsim.figures.panels import heading, replicated
from pathsim.figures.style import PALE, THERAPIES, short
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.losses import Lost, lost

HATCHES = ("", "///", "---", "\\\\\\", "xxx", "|||")
MOST = 5
"""Causes that have a part of a bar to themselves; the rest share one."""


def losses(ax: Axes, strategies: Mapping[str, Measured]) -> Axes:
    """The share of those referred who are lost before infusion, by cause: a bar a strategy.

    The whisker is the 95 % interval of the whole over replications.
    """
    found = {name: lost(measured) for name, measured in strategies.items()}
    rows = np.arange(len(found))
    left = np.zeros(len(found))
    for number, (label, shares) in enumerate(_parts([*found.values()])):
        paint = THERAPIES[number] if label != OTHER else PALE
        ax.barh(rows, shares, left=left, height=0.55, color=paint, edgecolor="white",
                hatch=HATCHES[number % len(HATCHES)], label=label)  # fmt: skip
        left = left + shares
    highest = _ends(ax, found)
    ax.set_yticks(rows, [short(name) for name in found])
    ax.set_ylim(len(found) - 0.4, -0.6)
    ax.set_xlim(0.0, max(1.0, 1.4 * highest))
    ax.set_xlabel("Lost before infusion, % of the referred")
    if ax.containers:
        ax.figure.legend(loc="outside lower left", ncols=2, frameon=False, fontsize=10)
    several = any(measured.replications > 1 for measured in strategies.values())
    over = "whisker: 95 % interval over replications" if several else "no interval of one"
    under = f"{replicated(strategies, banded=False)}; {over}"
    heading(ax, "Lost between referral for CAR T and its infusion, by cause", under)
    return ax


OTHER = "other causes"


def _parts(found: list[Lost]) -> list[tuple[str, np.ndarray]]:
    """Causes and their share of the referred under each strategy, the most frequent first."""
    total: dict[str, float] = {}
    for one in found:
        for loss in one.losses[1:]:
            total[loss.cause] = total.get(loss.cause, 0.0) + loss.share.mean
    causes = sorted(total, key=lambda cause: -total[cause])
    kept = causes if len(causes) <= MOST + 1 else causes[:MOST]
    by = [{loss.cause: loss.share.mean for loss in one.losses[1:]} for one in found]
    parts = [(cause, np.array([each.get(cause, 0.0) for each in by])) for cause in kept]
    if len(kept) < len(causes):
        rest = [sum(share for cause, share in each.items() if cause not in kept) for each in by]
        parts.append((OTHER, np.array(rest)))
    return parts


def _ends(ax: Axes, found: Mapping[str, Lost]) -> float:
    """Whiskers, and how many were referred; how far the longest reaches."""
    highest = 0.0
    for row, one in enumerate(found.values()):
        if not one.referred:
            _beside(ax, "nobody is referred", 0.0, row)
            continue
        share = one.losses[0].share
        end = share.mean if np.isnan(share.high) else share.high
        if not np.isnan(share.low):
            ax.plot([share.low, share.high], [row, row], color="black", lw=1.6, marker="|", ms=10)
        _beside(ax, f"{share.mean:.0f} %, n = {one.referred:,} referred", end, row)
        highest = max(highest, end)
    return highest


def _beside(ax: Axes, text: str, x: float, y: float) -> None:
    ax.annotate(text, (x, y), (8, 0), textcoords="offset points", va="center", fontsize=10)
