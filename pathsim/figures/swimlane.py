"""One patient's life as a picture: a lane a therapy, coloured by what is done. Called by trace."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from pathsim.figures.style import GREY
from pathsim.outcomes.patients import INPATIENT

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


def swimlane(ax: Axes, stays: pd.DataFrame, patient: int) -> Axes:
    """Draw one patient; black bars below a lane are days in hospital. Times in days.

    `stays` are those of one replication. Raises ValueError for a patient who is not there.
    """
    mine = stays[stays["patient"] == patient]
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
    _legend(ax, kinds)
    return ax


def _legend(ax: Axes, kinds: set[tuple[str, str, str | None]]) -> None:
    shown = [kind for kind in dict.fromkeys((*KINDS.values(), _OTHER)) if kind in kinds]
    handles = [Patch(facecolor=paint, hatch=hatch, edgecolor="white", label=label)
               for label, paint, hatch in shown]  # fmt: skip
    handles.append(Patch(facecolor="#000000", label="in hospital (bar below)"))
    ax.legend(handles=handles, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=10,
              frameon=False)  # fmt: skip
