"""A queue that people leave: M/M/3 with patience (Erlang A).

One person an hour comes, service takes four hours on average, three serve, and who waits loses
patience after ten hours on average. Prints how many wait, for how long, and how many leave.
"""

import pandas as pd

from pathsim import (
    Clock,
    Exponential,
    Log,
    Pathway,
    Poisson,
    Request,
    Resource,
    Service,
    State,
    Stream,
    simulate,
)

WARM_UP = 100.0  # hours left out: the queue starts empty

customer = Pathway(
    "customer",
    start="waiting",
    states=[
        State(
            "waiting",
            clocks=[Clock("patience", Exponential(mean=10.0), "left")],
            requests=[Request("server", "served")],
        ),
        State(
            "served",
            clocks=[Clock("service", Exponential(mean=4.0), "done")],
            holds={"server": 1},
        ),
        State("done", ends=True),
        State("left", ends=True),
    ],
)
queue = Service([Stream(customer, Poisson(1.0))], [Resource("server", places=3)])


def measured(log: Log) -> pd.DataFrame:
    """What became of those who came after the warm-up: one row an outcome."""
    rows = log.log.pivot_table(
        index=["replication", "patient"], columns="state", values="time", observed=True
    )
    came = rows[rows["waiting"].between(WARM_UP, log.horizon - WARM_UP)]
    until = came["served"].fillna(came["left"])
    waits = (until - came["waiting"]).groupby(came["served"].notna())
    table = pd.DataFrame({"people": waits.size(), "mean_wait_hours": waits.mean()})
    table["share"] = table["people"] / len(came)
    return table.rename(index={True: "served", False: "left"}).rename_axis("outcome")


def main() -> None:
    log = simulate(queue, horizon=2200.0, seed=1, replications=10)
    print(measured(log).round(3))


if __name__ == "__main__":
    main()
