"""How long patients are treated, in remission, waiting and neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from pathsim.figures.states import What, handles_of, order_of, surface
from pathsim.figures.style import (
    INK,
    MANY,
    SIZE,
    SMALL,
    counts,
    nobody,
    paints,
    resized,
    short,
)
from pathsim.figures.words import number, told
from pathsim.outcomes.folds import Measured, therapies_of
from pathsim.outcomes.intervals import t_interval
from pathsim.units import DAYS_PER_MONTH


def time_on_therapy(
    ax: Axes, strategies: Mapping[str, Measured], *, therapies: Sequence[str] = ()
) -> Axes:
    """Mean time a patient spends treated, in remission, waiting and neither: a bar a strategy.

    The whisker is the 95 % interval of the whole over replications.
    """
    every = therapies or therapies_of(strategies.values())
    colours, rows = paints(every), {name: _months(m.patients) for name, m in strategies.items()}
    shown = [what for what in order_of(every) if any(row.get(what, 0) > 0 for row in rows.values())]
    left = np.zeros(len(rows))
    for what in shown:
        length = np.array([row.get(what, 0.0) for row in rows.values()])
        bars = ax.barh(range(len(rows)), length, left=left, color=what.paint(colours),
                       height=0.62, label=what.label)  # fmt: skip
        for bar in bars:
            surface(bar, what, colours)
        left = left + length
    said = [_whole(ax, place, measured, float(left[place]))
            for place, measured in enumerate(strategies.values())]  # fmt: skip
    if not shown:
        nobody(ax)
    figure = resized(ax, SIZE[0], max(SIZE[1], 2.4 + 0.5 * len(rows)))
    ax.set_yticks(range(len(rows)), [short(name) for name in rows])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(0, max(1.0, 1.32 * float(left.max(initial=0.0))))
    first = next(iter(strategies.values()))
    ax.set_xlabel("Months a patient (mean, from arrival to death or the end of the run)")
    over = ", 95 % interval of the whole" if first.replications > 1 else ""
    each = " each" if len(rows) > 1 else ""
    ax.set_title(f"Time on therapy and off{over}; {counts(first)}{each}", loc="left")
    figure.legend(handles=handles_of(shown, colours), loc="outside lower center", ncols=3,
                  fontsize=SMALL)  # fmt: skip
    told(ax, "Mean months a patient, from arrival to death or the end of the run. "
             + " ".join(f"{name}: {whole}{', ' + _kinds_told(row) if len(rows) <= MANY else ''}."
                        for (name, row), whole in zip(rows.items(), said, strict=True))
    )  # fmt: skip
    return ax


def _whole(ax: Axes, place: int, measured: Measured, end: float) -> str:
    """The interval of a whole bar, and beside it the mean; says both."""
    means = measured.patients.groupby("replication")["days"].mean().to_numpy() / DAYS_PER_MONTH
    if not len(means):
        return "nobody"
    _, low, high, n = t_interval(means).within(0.0, np.inf)
    text = f"{end:.1f}"
    if n > 1:
        ax.plot([low, high], [place, place], color="black", lw=1.4, marker="|", ms=9)
        text = f"{end:.1f} ({low:.1f} to {high:.1f})"
    ax.annotate(text, (max(end, high if n > 1 else end), place), (7, 0), va="center",
                textcoords="offset points", fontsize=SMALL, color=INK)  # fmt: skip
    return text


def _kinds_told(row: Mapping[What, float]) -> str:
    words = {"treated": "treated", "free": "in remission off it", "waiting": "waiting",
             "off": "neither"}  # fmt: skip
    sums = {kind: sum(v for what, v in row.items() if what.kind == kind) for kind in words}
    return ", ".join(f"{number(sums[kind])} {word}" for kind, word in words.items())


def _months(patients: pd.DataFrame) -> dict[What, float]:
    """What -> mean months a patient."""
    if not len(patients):
        return {}
    days = patients.filter(regex=r"^(on|free)\.").mean()
    found = {
        What("treated" if way == "on" else "free", name): float(mean)
        for (way, _, name), mean in ((str(c).partition("."), m) for c, m in days.items())
    }
    free = sum(mean for what, mean in found.items() if what.kind == "free")
    found[What("waiting")] = float(patients["waiting_days"].mean())
    found[What("off")] = max(float(patients["off_days"].mean()) - free, 0.0)
    return {what: mean / DAYS_PER_MONTH for what, mean in found.items()}
