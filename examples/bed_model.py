"""A ward of ten beds, two of them closed for a while, and an intensive care unit.

Patients come at random and are admitted on weekdays only. About once in thirty days on the ward a
patient must go to intensive care: the ward bed is kept, recovery stands still, and the rest of the
stay follows. Prints admissions, waits and occupancy before, during and after the closure.
"""

from collections.abc import Sequence

import pandas as pd

from pathsim import (
    Clock,
    Detour,
    Exponential,
    Log,
    LogNormal,
    Pathway,
    Poisson,
    Request,
    Resource,
    Service,
    State,
    Stream,
    simulate,
)
from pathsim.laws import Law

PERIODS = {"before": (60.0, 180.0), "closure": (180.0, 270.0), "after": (270.0, 360.0)}
WEEKEND = (5, 6)


def ward(
    *,
    arrivals: float = 0.6,
    stay: Law = LogNormal(2.0, 0.8),  # noqa: B008 - frozen
    deterioration: float = 1 / 30,
    beds: int | Sequence[tuple[float, int]] = ((0.0, 10), (180.0, 8), (270.0, 10)),
    closed: Sequence[int] = WEEKEND,
) -> Service:
    """The service: arrivals and deteriorations a day, the law of the stay, beds over time."""
    pathway = Pathway(
        "patient",
        start="waiting",
        states=[
            State("waiting", requests=[Request("ward_bed", "on_ward")]),
            State(
                "on_ward",
                clocks=[
                    Clock("recovery", stay, "home"),
                    Clock("deterioration", Exponential(deterioration), "intensive_care"),
                ],
                holds={"ward_bed": 1},
            ),
            State("needs_icu", requests=[Request("icu_bed", "in_icu")]),
            State(
                "in_icu",
                clocks=[Clock("step_down", Exponential(mean=4.0), "return")],
                holds={"icu_bed": 1},
            ),
            State("home", ends=True),
        ],
        detours=[Detour("intensive_care", "needs_icu", pauses=["recovery"])],
    )
    return Service(
        [Stream(pathway, Poisson(arrivals))],
        [Resource("ward_bed", places=beds, closed=closed), Resource("icu_bed", places=4)],
    )


def spells(log: Log) -> pd.DataFrame:
    """One row a patient: when he came, was admitted and went home (NaN: not by the horizon)."""
    patient = ["replication", "patient"]
    rows = log.log[log.log["kind"] != "censor"]
    came = rows[rows["kind"] == "arrive"].set_index(patient)["time"]
    admitted = rows[rows["cause"] == "ward_bed"].set_index(patient)["time"]
    home = rows[rows["kind"] == "end"].set_index(patient)["time"]
    return pd.DataFrame({"came": came, "admitted": admitted, "home": home})


def period_figures(table: pd.DataFrame, first: float, last: float, runs: int) -> dict[str, float]:
    """Admissions, mean wait of those admitted and mean beds held in one period."""
    admitted = table[table["admitted"].between(first, last)]
    held = table["home"].fillna(last).clip(upper=last) - table["admitted"].clip(lower=first)
    return {
        "admissions": len(admitted) / runs,
        "wait_days": (admitted["admitted"] - admitted["came"]).mean(),
        "beds_held": held.clip(lower=0.0).sum() / (last - first) / runs,
    }


def measured(log: Log) -> pd.DataFrame:
    """One row a period, means over the replications."""
    table, runs = spells(log), log.log["replication"].nunique()
    figures = {name: period_figures(table, *days, runs) for name, days in PERIODS.items()}
    return pd.DataFrame(figures).T.rename_axis("period")


def main() -> None:
    log = simulate(ward(), horizon=360.0, seed=1, replications=30)
    print(measured(log).round(2))


if __name__ == "__main__":
    main()
