"""Single patients as pictures: one with a lane a therapy, one under every strategy, the first
twenty. Called by trace and by what draws a result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from pathsim.figures.style import GREY, PALE, ink_on, paints, short, step_of
from pathsim.figures.words import told
from pathsim.outcomes.folds import Measured, therapies_of
from pathsim.outcomes.lives import REPLICATION, numbers
from pathsim.outcomes.patients import INPATIENT
from pathsim.units import DAYS_PER_MONTH

# --- one patient, by therapy -------------------------------------------------------------------

_PREPARING = ("preparing", "#E69F00", None)
_GIVING = ("infusion, step-up", "#D55E00", None)
_OFTEN = ("weekly or in cycles", "#0072B2", None)
_FREE = ("free of treatment", "#009E73", None)
_BETWEEN = ("between lines, supportive care", "#BFBFBF", None)
_OTHER = ("other", GREY, None)
KINDS: dict[str, tuple[str, str, str | None]] = {
    **dict.fromkeys(("work_up", "waiting", "washout", "apheresis", "manufacture"), _PREPARING),
    "bridging": ("bridging", "#F0E442", None),
    **dict.fromkeys(("lymphodepletion", "infusion", "step_up"), _GIVING),
    **dict.fromkeys(("weekly", "on_regimen"), _OFTEN),
    "every_two_weeks": ("every two weeks", "#56B4E9", None),
    "every_four_weeks": ("every four weeks", "#56B4E9", "///"),
    **dict.fromkeys(("remission", "watch", "monitoring"), _FREE),
    "toxicity": ("toxicity", "#CC79A7", None),
    "infection": ("infection", "#CC79A7", "xxx"),
    **dict.fromkeys(("between_lines", "supportive_care"), _BETWEEN),
}
"""Phase -> (what the legend says, colour, hatch)."""


def swimlane(ax: Axes, lives: pd.DataFrame, patient: int) -> Axes:
    """Draw one patient; black bars below a lane are days in hospital. Times in days.

    `lives` are those of one replication. Raises ValueError for a patient who is not there.
    """
    mine = lives[lives["patient"] == patient]
    if not len(mine):
        raise ValueError(f"patient {patient} has no stays")
    rows = mine[mine["days"] > 0].to_dict("records")
    for row in rows:
        row["lane"] = "no therapy" if pd.isna(row["therapy"]) else str(row["therapy"])
    lanes = list(dict.fromkeys(row["lane"] for row in rows)) or ["no therapy"]
    kinds = {KINDS.get(str(row["phase"]), _OTHER) for row in rows}
    for row in rows:
        _, paint, hatch = KINDS.get(str(row["phase"]), _OTHER)
        lane = lanes.index(row["lane"])
        ax.barh(lane, row["days"], left=row["from"], height=0.55, color=paint, hatch=hatch,
                edgecolor="white", lw=0)  # fmt: skip
        if row["setting"] in INPATIENT:
            ax.barh(lane + 0.36, row["days"], left=row["from"], height=0.12, color="#000000")
    last = mine.iloc[-1]
    stays_on = bool(last["censored"])
    end = "still there at the horizon" if stays_on else str(last["state"])
    ax.plot([last["to"]], [lanes.index(rows[-1]["lane"]) if rows else 0],
            ">" if stays_on else "X", color="#000000", ms=10, clip_on=False)  # fmt: skip
    ax.set_yticks(range(len(lanes)), lanes)
    ax.set_ylim(len(lanes) - 0.4, -0.6)
    ax.set_xlim(float(mine["from"].iloc[0]), None)
    ax.set_xlabel("Days since the start of the run")
    ax.set_title(f"Patient {patient}: {end}", loc="left")
    shown = [kind for kind in dict.fromkeys((*KINDS.values(), _OTHER)) if kind in kinds]
    handles = [Patch(facecolor=paint, hatch=hatch, edgecolor="white", label=label)
               for label, paint, hatch in shown]  # fmt: skip
    _beside(ax, [*handles, Patch(facecolor="#000000", label="in hospital (bar below)")])
    return ax


# --- bars a life -------------------------------------------------------------------------------

FREE, ILL = "///", ("toxicity", "infection")
_ROOM = 0.0163
"""How much of the time axis a letter takes."""
MARKED: dict[str, dict[str, Any]] = {
    "infusion": {"marker": "D", "mfc": "white", "label": "infusion of CAR T cells"},
    "progression": {"marker": "|", "mew": 2.0, "ms": 11, "label": "progression"},
    "died": {"marker": "X", "ms": 8, "label": "died"},
    "left": {"marker": "s", "ms": 6, "label": "left"},
    "alive": {"marker": ">", "ms": 8, "label": "alive at the end of the run"},
}
"""What is marked on a bar -> how; all in black."""


def panel(ax: Axes, strategies: Mapping[str, Measured], name: str) -> Axes:
    """The first twenty patients under one of the strategies: a bar each, months since arrival.

    Colours, patients, their order and the time axis are the same under every strategy.
    """
    everybody = list(dict.fromkeys(p for m in strategies.values() for p in numbers(m.lives)))
    lives, every = strategies[name].lives, Drawing(ax, strategies, everybody, numbered=True)
    for row, patient in enumerate(everybody):
        every.life(row, lives[lives["patient"] == patient])
    every.finish([str(patient) for patient in everybody])
    came = int((strategies[name].patients["replication"] == REPLICATION).sum())
    ax.set_ylabel("Patient, in order of arrival")
    ax.set_title(f"{short(name)}: the first {len(everybody)} of {came:,} patients, not chosen"
                 if everybody else f"{short(name)}: no patients", loc="left")  # fmt: skip
    told(ax, " ".join(f"Patient {number}: {_said(life)}." for number, life in _lives(lives)))
    return ax


def under_each(ax: Axes, strategies: Mapping[str, Measured], patient: int) -> Axes:
    """One patient under every strategy: a bar each, months since arrival."""
    every = Drawing(ax, strategies, [patient], numbered=False)
    for row, measured in enumerate(strategies.values()):
        every.life(row, measured.lives[measured.lives["patient"] == patient])
    every.finish([short(name) for name in strategies])
    ax.set_title(f"Patient {patient} under each strategy", loc="left")
    own = ((name, dict(_lives(each.lives)).get(patient)) for name, each in strategies.items())
    told(ax, " ".join(f"{name}: {_said(life)}." for name, life in own if life is not None))
    return ax


def _lives(lives: pd.DataFrame) -> list[tuple[int, pd.DataFrame]]:
    by = lives.groupby("patient", sort=False) if len(lives) else ()
    return [(int(str(patient)), life) for patient, life in by]


def _said(life: pd.DataFrame) -> str:
    """A life in words: the therapies given, with the month in which each begins, and its end."""
    arrival, last = float(life["from"].iloc[0]), life.iloc[-1]
    labels, given = _labels(life), list[str]()
    for begin, label in zip(life["from"], labels, strict=True):
        _, _, therapy = label.partition(" ")
        if therapy and not (given and given[-1].startswith(f"{therapy} ")):
            given.append(f"{therapy} from month {(begin - arrival) / DAYS_PER_MONTH:.0f}")
    end = "alive" if last["censored"] else "died" if last["event"] == "death" else "left"
    month = (float(last["to"]) - arrival) / DAYS_PER_MONTH
    return ", ".join([*(given or ["no therapy"]), f"{end} at month {month:.0f}"])


class Drawing:
    """Bars on one ax, coloured alike for all strategies; what was drawn is in the legend.

    A therapy is told in its bars by its number or its name: colours are lost in grey print.
    """

    def __init__(
        self, ax: Axes, strategies: Mapping[str, Measured], patients: list[int], *, numbered: bool
    ) -> None:
        self.ax, self.numbered = ax, numbered
        self.therapies = list(therapies_of(strategies.values()))
        self.paints = paints(self.therapies)
        lives = [m.lives for m in strategies.values() if len(m.lives)]
        self.months = max([1.0, *(_ended(each, patients) for each in lives)])
        self.shown: set[str] = set()

    def life(self, row: int, life: pd.DataFrame) -> None:
        """One bar: what was given, and marks of what happened; nothing where nobody is."""
        if not len(life):
            return
        begin = (life["from"].to_numpy() - life["from"].iloc[0]) / DAYS_PER_MONTH
        length = life["days"].to_numpy() / DAYS_PER_MONTH
        for label, (left, right) in _runs(_labels(life), begin, begin + length):
            paint, hatch = self._look(label)
            self.ax.barh(row, right - left, left=left, height=0.56, color=paint, hatch=hatch,
                         edgecolor="white", lw=0, zorder=2)  # fmt: skip
            self.shown |= {label, "free"} if hatch else {label}
            self._name(row, label, left, right)
        for where, there in (("hospital", life["setting"].isin(INPATIENT)),
                             ("ill", life["phase"].isin(ILL))):  # fmt: skip
            self._strip(row, where, begin[there], length[there])
        self._marks(row, life, begin)

    def finish(self, names: list[str]) -> None:
        """Axes and legend, once all bars are drawn."""
        ax = self.ax
        ax.set_yticks(range(len(names)), names)
        ax.set_ylim(max(len(names), 1) - 0.4, -0.6)
        ax.set(xlim=(0, self.months * 1.02), xticks=np.arange(0, self.months, step_of(self.months)))
        ax.set_xlabel("Months since arrival")
        _beside(ax, list(self._handles()))

    def _look(self, label: str) -> tuple[str, str | None]:
        kind, _, therapy = label.partition(" ")
        if kind in ("treated", "free"):
            return self.paints[therapy], FREE if kind == "free" else None
        return (GREY if kind == "waiting" else PALE), None

    def _name(self, row: int, label: str, left: float, right: float) -> None:
        """The therapy's number or name inside its stretch, if there is room."""
        _, _, therapy = label.partition(" ")
        said = self._number(therapy) if self.numbered and therapy else therapy
        if not therapy or right - left < self.months * _ROOM * (len(said) + 0.5):
            return
        paint, hatch = self._look(label)
        text = self.ax.text((left + right) / 2, row, said, ha="center", va="center_baseline",
                            fontsize=9, color=ink_on(paint), zorder=4)  # fmt: skip
        if hatch:
            text.set_bbox({"facecolor": paint, "edgecolor": "none", "pad": 1.0})

    def _number(self, therapy: str) -> str:
        return str(self.therapies.index(therapy) + 1)

    def _strip(self, row: int, where: str, begin: Any, length: Any) -> None:
        some = length > 0
        if not some.any():
            return
        self.shown.add(where)
        below = where == "hospital"
        y = row + 0.30 if below else row - 0.42
        # A day is thinner than a line of print: what is drawn is at least as wide as one.
        wide = np.maximum(length[some], self.months / 300)
        self.ax.broken_barh(list(zip(begin[some], wide, strict=True)), (y, 0.12), zorder=3,
                            color="#000000" if below else "#B22222", lw=0)  # fmt: skip

    def _marks(self, row: int, life: pd.DataFrame, begin: Any) -> None:
        last = life.iloc[-1]
        end = (float(last["to"]) - float(life["from"].iloc[0])) / DAYS_PER_MONTH
        died = "died" if last["event"] == "death" else "left"
        at = {name: begin[life["event"] == name] for name in ("infusion", "progression")}
        at["alive" if last["censored"] else died] = [end]
        for name, x in at.items():
            if len(x):
                self.shown.add(name)
                self.ax.plot(x, [row] * len(x), **_mark(name), zorder=5, clip_on=False)

    def _handles(self) -> Iterator[Any]:
        for therapy in self.therapies:
            if {f"treated {therapy}", f"free {therapy}"} & self.shown:
                number = f"{self._number(therapy)} " if self.numbered else ""
                yield Patch(facecolor=self.paints[therapy], label=f"{number}{short(therapy)}")
        patches = {
            "free": (GREY, FREE, "hatched: in remission after it"),
            "waiting": (GREY, None, "waiting for a therapy"),
            "off": (PALE, None, "between lines, supportive care"),
            "ill": ("#B22222", None, "toxicity, infection (above)"),
            "hospital": ("#000000", None, "in hospital (below)"),
        }
        for name, (paint, hatch, label) in patches.items():
            if name in self.shown:
                yield Patch(facecolor=paint, hatch=hatch, edgecolor="white", lw=0, label=label)
        for name in MARKED:
            if name in self.shown:
                yield Line2D([], [], **_mark(name))


def _mark(name: str) -> dict[str, Any]:
    return {"color": "#000000", "ls": "none", "ms": 5, **MARKED[name]}


def _ended(lives: pd.DataFrame, patients: list[int]) -> float:
    """Months from arrival to the last day, the longest of any of these patients."""
    by = lives[lives["patient"].isin(patients)].groupby("patient")
    return float((by["to"].max() - by["from"].min()).max()) / DAYS_PER_MONTH


def _labels(life: pd.DataFrame) -> list[str]:
    """What each stay is: "treated THERAPY", "free THERAPY", "waiting" or "off"."""
    kinds, therapies = life["kind"].astype(str), life["therapy"].astype("object")
    return [
        f"{kind} {therapy}" if kind in ("treated", "free") and isinstance(therapy, str) else
        kind if kind == "waiting" else "off"
        for kind, therapy in zip(kinds, therapies, strict=True)
    ]  # fmt: skip


def _runs(labels: list[str], begin: Any, end: Any) -> Iterator[tuple[str, tuple[float, float]]]:
    """Stretches of one label, with where each begins and ends; those of no length are left out."""
    for label, rows in groupby(range(len(labels)), key=labels.__getitem__):
        mine = list(rows)
        left, right = float(begin[mine[0]]), float(end[mine[-1]])
        if right > left:
            yield label, (left, right)


def _beside(ax: Axes, handles: list[Any]) -> None:
    ax.legend(handles=handles, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=10,
              frameon=False)  # fmt: skip
