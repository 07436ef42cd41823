"""Where patients are over time: on which therapy, in remission, waiting, neither or dead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from pathsim.figures.panels import heading, named, panels, replicated
from pathsim.figures.states import What, handles_of, order_of, surface
from pathsim.figures.style import (
    BAND,
    MANY,
    SIZE,
    SMALL,
    counts,
    months_axis,
    nobody,
    paints,
    resized,
    short,
    step_of,
    uncounted,
)
from pathsim.figures.words import number, told
from pathsim.outcomes.columns import Array
from pathsim.outcomes.folds import Measured, therapies_of
from pathsim.units import DAYS_PER_MONTH, DAYS_PER_YEAR

LONG, APART = 3 * DAYS_PER_YEAR, 28
"""Days of a run above which not every week is drawn, and from one that is to the next."""
FEW = 0.2
"""The share of all who must have come so long ago for a share of them to be shown."""


def on_therapy(
    ax: Axes, measured: Measured, *, title: str = "", therapies: Sequence[str] = ()
) -> Axes:
    """Patients treated with each therapy, in remission after one, waiting or neither, over time.

    Stacked means over replications at midnight of every seventh day, in runs of more than three
    years of every fourth such day; dotted lines hold the middle 80 % of the replications' totals.
    `therapies` are all of a page, so that each keeps its colour.
    """
    present, colours = measured.present, paints(therapies or therapies_of([measured]))
    if measured.horizon > LONG:
        present = present[present["day"] % APART == 0]
    wide = _stacked(present) / max(measured.replications, 1)
    ax.set_title(f"{short(title, 40)}: where patients are; {counts(measured)}".removeprefix(": "),
                 loc="left")  # fmt: skip
    ax.set_ylabel("Patients (mean of replications)")
    x = np.asarray(wide.columns, dtype=float) / DAYS_PER_MONTH
    if not len(wide):
        months_axis(ax, np.zeros(1))
        nobody(ax, "nobody there at any seventh midnight")
        told(ax, "Nobody is there at any seventh midnight.")
        return ax
    _layers(ax, x, wide, colours)
    if measured.replications > 1:
        totals = present.groupby(["replication", "day"])["number"].sum().unstack("day")
        low, high = np.percentile(totals.to_numpy(), BAND, axis=0)
        ax.plot(x, low, color="black", lw=0.9, ls=":", label="all: middle 80 %\nof replications")
        ax.plot(x, high, color="black", lw=0.9, ls=":")
    months_axis(ax, x)
    uncounted(ax, measured.warm_up)
    handles = [*handles_of(wide.index, colours), *ax.get_lines()[:1]]
    ax.legend(handles=handles, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=SMALL)
    told(ax, f"Across: months since the start. Up: patients, mean of {measured.replications} "
             f"replications, stacked. {_stack_told(x, wide, '')}")  # fmt: skip
    return ax


def cohort(ax: Axes, strategies: Mapping[str, Measured], *, therapies: Sequence[str] = ()) -> Axes:
    """The share of patients in each state by the time since their arrival, a panel a strategy.

    The dead stay where they are, so that each column is all who came so long before the end of the
    run. It ends where fewer than a fifth of all did.
    """
    colours = paints(therapies or therapies_of(strategies.values()))
    every, shown, said = panels(ax, len(strategies)), set[What](), list[str]()
    shares = {name: _shares(measured.cohort) for name, measured in strategies.items()}
    end = max(
        1.0,
        *(
            float(np.max(np.asarray(wide.columns), initial=0)) / DAYS_PER_MONTH
            for wide in shares.values()
        ),
    )
    for panel, (name, wide) in zip(every, shares.items(), strict=True):
        x = np.asarray(wide.columns, dtype=float) / DAYS_PER_MONTH
        if len(x):
            _layers(panel, x, wide, colours)
            said.append(f"{name}: {_stack_told(x, wide, ' %', most=_told_of(strategies))}")
        named(panel, name, len(every), f", n = {len(strategies[name].patients):,}")
        shown |= {what for what in wide.index if wide.loc[what].max() >= 0.05}
    step = step_of(end) * (1 if len(every) == 1 else 2)
    ax.set(xlim=(0, end), ylim=(0, 100), xticks=np.arange(0.0, end + 1e-9, step))
    for panel in every:
        panel.set_xlabel(
            "Months since arrival" if panel.xaxis.get_tick_params()["labelbottom"] else ""
        )
        panel.set_ylabel("Patients (%)" if panel.yaxis.get_tick_params()["labelleft"] else "")
    heading(ax, "Where patients are, by the time since each arrived; "
                f"{replicated(strategies, banded=False)}")  # fmt: skip
    figure = resized(ax, SIZE[0], _tall(len(every)))
    order = [what for what in order_of(colours) if what in shown]
    if order:
        figure.legend(handles=handles_of(order, colours), loc="outside lower center", ncols=3,
                      fontsize=SMALL)  # fmt: skip
    told(ax, "Across: months since arrival. Up: share of patients (%), stacked. "
             + (" ".join(said) or "There are no patients."))  # fmt: skip
    return ax


def _tall(many: int) -> float:
    """Inches, by the rows that panels make."""
    return SIZE[1] if many <= 2 else 7.0 if many <= 4 else 8.2 if many <= 9 else 10.0


def _stacked(table: pd.DataFrame) -> pd.DataFrame:
    """What -> day -> number, over all replications; what nobody is in is left out."""
    keys = [table["kind"].astype(str), table["therapy"].astype(object).fillna("")]
    wide = table["number"].groupby([*keys, table["day"]], sort=False).sum().unstack("day")
    wide.index = pd.Index([What(*map(str, key)) for key in wide.index], dtype=object)
    return wide[wide.max(axis=1) > 0]


def _shares(table: pd.DataFrame) -> pd.DataFrame:
    """What -> day -> share (%) of those who came so long before the end."""
    if not len(table):
        return pd.DataFrame()
    followed = table.groupby(["replication", "day"])["followed"].first().groupby("day").sum()
    days = followed.index[followed >= FEW * followed.iloc[0]]
    shares: pd.DataFrame = 100 * _stacked(table)[days] / followed[days]
    return shares


def _layers(ax: Axes, x: Array, wide: pd.DataFrame, colours: Mapping[str, str]) -> None:
    whats: list[What] = list(wide.index)
    drawn = ax.stackplot(x, wide.to_numpy(), labels=[what.label for what in whats],
                         colors=[what.paint(colours) for what in whats])  # fmt: skip
    for what, layer in zip(whats, drawn, strict=True):
        surface(layer, what, colours)


def _told_of(strategies: Mapping[str, Measured]) -> int:
    """Of how many layers a strategy is told: the more strategies, the fewer."""
    return 5 if len(strategies) < 3 else 3 if len(strategies) <= MANY else 1


def _stack_told(x: Array, wide: pd.DataFrame, unit: str, *, most: int = 5) -> str:
    """The largest layers at a third of the time and at its end; of fewer at its end alone."""
    at = [len(x) // 3, len(x) - 1] if most == 5 else [len(x) - 1]
    said = []
    for k in at:
        whats: list[What] = list(wide.index)
        ranked = sorted(zip(wide.iloc[:, k], whats, strict=True), key=lambda pair: -pair[0])
        parts = [f"{what.label} {number(v)}{unit}" for v, what in ranked if v > 0][:most]
        said.append(f"at {x[k]:.0f} months {', '.join(parts) or 'nobody'}")
    return f"{'; '.join(said)}."
