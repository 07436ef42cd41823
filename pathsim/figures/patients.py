"""Where patients are: on which therapy, in remission, waiting, neither or dead, and for how long.

A therapy has one colour in all of them, hatched while patients are in remission after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch

from pathsim.figures.panels import heading, named, panels, replicated
from pathsim.figures.style import (
    BAND,
    GREY,
    INK,
    MANY,
    PALE,
    SIZE,
    SMALL,
    counts,
    ink_on,
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
from pathsim.outcomes.intervals import t_interval
from pathsim.units import DAYS_PER_MONTH

SAID = {
    "treated": "on {}", "free": "in remission after {}", "waiting": "waiting for a therapy",
    "off": "between lines, supportive care", "left": "left alive", "dead": "dead",
}  # fmt: skip
PLAIN = {"waiting": GREY, "off": PALE, "left": "#9FB3B3", "dead": "#F6F6F6"}
"""What is no therapy -> its colour; the dead are nearly white, since they are most in the end."""
FREE = "////"
FEW = 0.2
"""The share of all who must have come so long ago for a share of them to be shown."""


@dataclass(frozen=True)
class What:
    """One thing that patients can be in: a kind of day, and the therapy if it is of one."""

    kind: str
    therapy: str = ""

    @property
    def label(self) -> str:
        return SAID[self.kind].format(self.therapy)

    def paint(self, colours: Mapping[str, str]) -> str:
        return PLAIN.get(self.kind) or colours[self.therapy]

    @property
    def hatch(self) -> str | None:
        return FREE if self.kind == "free" else None


# --- over time -----------------------------------------------------------------------------------


def on_therapy(
    ax: Axes, measured: Measured, *, title: str = "", therapies: Sequence[str] = ()
) -> Axes:
    """Patients treated with each therapy, in remission after one, waiting or neither, over time.

    Stacked means over replications at midnight of every seventh day; dotted lines hold the middle
    80 % of the replications' totals. `therapies` are all of a page, so that each keeps its colour.
    """
    present, colours = measured.present, paints(therapies or therapies_of([measured]))
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
    handles = [*_handles(wide.index, colours), *ax.get_lines()[:1]]
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
    order = [what for what in _order(colours) if what in shown]
    if order:
        figure.legend(handles=_handles(order, colours), loc="outside lower center", ncols=3,
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
        _surface(layer, what, colours)


def _surface(patch: PolyCollection | Patch, what: What, colours: Mapping[str, str]) -> None:
    """A white rim; in remission hatched, in white or black as is better seen."""
    patch.set_linewidth(0.0 if what.hatch else 0.4)
    patch.set_edgecolor(_rim(what, colours))
    if what.hatch:
        patch.set_hatch(what.hatch)


def _rim(what: What, colours: Mapping[str, str]) -> str:
    light = what.hatch and ink_on(what.paint(colours)) == "black"
    return INK if light else "white"


def _order(therapies: Iterable[str]) -> Iterator[What]:
    for therapy in therapies:
        yield from (What("treated", therapy), What("free", therapy))
    yield from map(What, PLAIN)


def _handles(whats: Iterable[What], colours: Mapping[str, str]) -> list[Any]:
    """One a therapy, one for all that is hatched, one for each of the rest; the last on top."""
    shown = list(whats)
    names = list(dict.fromkeys(what.therapy for what in shown if what.therapy))
    handles = [Patch(facecolor=colours[name], label=short(name)) for name in names]
    if any(what.hatch for what in shown):
        handles.append(Patch(facecolor="white", edgecolor=INK, hatch=FREE, lw=0.5,
                             label="hatched: in remission\nafter it"))  # fmt: skip
    handles += [Patch(facecolor=PLAIN[what.kind], edgecolor=GREY, lw=0.5, label=what.label)
                for what in shown if not what.therapy]  # fmt: skip
    return handles


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


# --- how long ------------------------------------------------------------------------------------


def time_on_therapy(
    ax: Axes, strategies: Mapping[str, Measured], *, therapies: Sequence[str] = ()
) -> Axes:
    """Mean time a patient spends treated, in remission, waiting and neither: a bar a strategy.

    The whisker is the 95 % interval of the whole over replications.
    """
    every = therapies or therapies_of(strategies.values())
    colours, rows = paints(every), {name: _months(m.patients) for name, m in strategies.items()}
    shown = [what for what in _order(every) if any(row.get(what, 0) > 0 for row in rows.values())]
    left = np.zeros(len(rows))
    for what in shown:
        length = np.array([row.get(what, 0.0) for row in rows.values()])
        bars = ax.barh(range(len(rows)), length, left=left, color=what.paint(colours),
                       height=0.62, label=what.label)  # fmt: skip
        for bar in bars:
            _surface(bar, what, colours)
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
    figure.legend(handles=_handles(shown, colours), loc="outside lower center", ncols=3,
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
