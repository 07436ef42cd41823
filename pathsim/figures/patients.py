"""Where patients are: on which therapy, in remission, waiting or neither, and for how long."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from pathsim.figures.style import (
    BAND,
    GREY,
    PALE,
    colour,
    counts,
    legend_beside,
    months_axis,
    short,
    uncounted,
)
from pathsim.outcomes.columns import Array
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.intervals import t_interval
from pathsim.units import DAYS_PER_MONTH


def on_therapy(ax: Axes, measured: Measured, *, title: str = "") -> Axes:
    """Patients treated with each therapy, in remission after one, waiting or neither, over time.

    Stacked means over replications at midnight of every seventh day; dotted lines hold the middle
    80 % of the replications' totals.
    """
    present = measured.present.copy()
    present["what"] = _labels(present["kind"], present["therapy"])
    every = list(dict.fromkeys(present["what"]))
    sums = present.groupby(["what", "day"], sort=False)["number"].sum() / measured.replications
    wide = sums.unstack("day")
    wide = wide[wide.max(axis=1) > 0]
    totals = present.groupby(["replication", "day"])["number"].sum().unstack("day")
    # Colours go by all therapies of the scenario, so that scenarios that share them look alike.
    paints = [_paint(str(w), every) for w in wide.index]
    x = np.asarray(wide.columns, dtype=float) / DAYS_PER_MONTH
    if not len(wide):
        ax.set_title("no patients", loc="left")
        return ax
    ax.stackplot(x, wide.to_numpy(), labels=list(wide.index), colors=[p for p, _ in paints],
                 edgecolor="white", linewidth=0.4)  # fmt: skip
    for drawn, (_, hatch) in zip(ax.collections, paints, strict=True):
        if hatch:
            drawn.set_hatch(hatch)
    if measured.replications > 1:
        low, high = np.percentile(totals.to_numpy(), BAND, axis=0)
        ax.plot(x, low, color="black", lw=0.9, ls=":", label="all: middle 80 % of replications")
        ax.plot(x, high, color="black", lw=0.9, ls=":")
    months_axis(ax, x)
    uncounted(ax, measured.warm_up)
    ax.set_ylabel("Patients (mean of replications)")
    ax.set_title(f"{title}: where patients are; {counts(measured)}".removeprefix(": "), loc="left")
    legend_beside(ax)
    return ax


def _labels(kinds: pd.Series, therapies: pd.Series) -> list[str]:
    said = {"treated": "on {}", "free": "in remission after {}", "waiting": "waiting for a therapy",
            "off": "between lines, supportive care"}  # fmt: skip
    return [said[str(k)].format(t) for k, t in zip(kinds, therapies, strict=True)]


def _paint(label: str, labels: list[str]) -> tuple[str, str | None]:
    """Colour and hatch: one colour a therapy, hatched in remission; waiting and the rest grey."""
    if label.startswith("waiting"):
        return GREY, None
    if label.startswith("between"):
        return PALE, None
    names = list(dict.fromkeys(_therapy(each) for each in labels if _therapy(each)))
    return colour(names.index(_therapy(label))), "///" if "remission" in label else None


def _therapy(label: str) -> str:
    return next((label.removeprefix(p) for p in ("on ", "in remission after ")
                 if label.startswith(p)), "")  # fmt: skip


def time_on_therapy(ax: Axes, strategies: Mapping[str, Measured]) -> Axes:
    """Mean time a patient spends treated, in remission, waiting and neither: a bar a strategy.

    The whisker is the 95 % interval of the whole over replications.
    """
    rows = {name: _mean_days(measured.patients) for name, measured in strategies.items()}
    table = pd.DataFrame(rows).fillna(0.0)
    every = [str(label) for label in table.index]
    table = table[table.max(axis=1) > 0]
    names = [short(name) for name in rows]
    left = np.zeros(len(rows))
    for label in table.index:
        paint, hatch = _paint(str(label), every)
        length = table.loc[label].to_numpy() / DAYS_PER_MONTH
        ax.barh(names, length, left=left, color=paint, hatch=hatch, edgecolor="white",
                height=0.6, label=str(label))  # fmt: skip
        left = left + length
    for row, measured in enumerate(strategies.values()):
        _, low, high, n = t_interval(_days_followed(measured) / DAYS_PER_MONTH).within(0.0, np.inf)
        if n > 1:
            ax.plot([low, high], [row, row], color="black", lw=1.4, marker="|", ms=9)
    ax.invert_yaxis()
    ax.set_xlabel("Months a patient (mean, from arrival to death or the horizon)")
    ax.set_title(f"Time by therapy; {counts(next(iter(strategies.values())))} each", loc="left")
    legend_beside(ax)
    return ax


def _days_followed(measured: Measured) -> Array:
    return measured.patients.groupby("replication")["days"].mean().to_numpy()


def _mean_days(patients: pd.DataFrame) -> dict[str, float]:
    """Label -> mean days, in the order of a legend."""
    names = [c.removeprefix("on.") for c in patients.columns if c.startswith("on.")]
    found: dict[str, float] = {}
    free = 0.0
    for name in names:
        found[f"on {name}"] = float(patients[f"on.{name}"].mean())
        found[f"in remission after {name}"] = float(patients[f"free.{name}"].mean())
        free += found[f"in remission after {name}"]
    found["waiting for a therapy"] = float(patients["waiting_days"].mean())
    found["between lines, supportive care"] = float(patients["off_days"].mean()) - free
    return found
