"""Illness and death: healthy people fall ill, the healthy and the ill die.

Times are in years. Death after illness is a clock of its own, counted from falling ill. Prints what
share is healthy, ill and dead over time.
"""

import pandas as pd

from pathsim import At, Clock, Log, Pathway, Service, State, Stream, Weibull, simulate

people = Pathway(
    "illness and death",
    start="healthy",
    states=[
        State(
            "healthy",
            clocks=[
                Clock("falls_ill", Weibull(1.3, 20.0), "ill"),
                Clock("dies_healthy", Weibull(0.8, 60.0), "dead"),
            ],
        ),
        State("ill", clocks=[Clock("dies_ill", Weibull(1.5, 12.0), "dead")]),
        State("dead", ends=True),
    ],
)
cohort = Service([Stream(people, At([0.0] * 10_000))])


def occupied(log: Log, years: list[float]) -> pd.DataFrame:
    """The share of people in each state at these times: one row a year."""
    rows = log.log[log.log["kind"].isin(["enter", "end"])]
    shares = {}
    for year in years:
        latest = rows[rows["time"] <= year].groupby(["replication", "patient"]).tail(1)
        shares[year] = latest["state"].value_counts(normalize=True)
    return pd.DataFrame(shares).T[["healthy", "ill", "dead"]].rename_axis("year")


def main() -> None:
    log = simulate(cohort, horizon=60.0, seed=1)
    print(occupied(log, [12.0, 24.0, 60.0]).round(3))


if __name__ == "__main__":
    main()
