"""Logs written by hand, one row a line."""

from __future__ import annotations

import pandas as pd
import pytest

from pathsim.events import CAPACITY_COLUMNS, LOG_COLUMNS, WORDS, Log


def written(text: str, *, horizon: float = 100.0, capacity: str = "") -> Log:
    """A Log from lines `replication patient time kind depth state cause option`; `-` is empty."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    rows = [["" if word == "-" else word for word in line] for line in lines]
    table = pd.DataFrame(rows, columns=[c for c in LOG_COLUMNS if c != "step"])
    table = table.astype(
        {"replication": "int32", "patient": "int64", "time": float, "depth": "int8"}
    )
    table["step"] = table.groupby(["replication", "patient"]).cumcount().astype("int32")
    log = table[list(LOG_COLUMNS)].astype(dict.fromkeys(WORDS, "category"))
    arrivals = table[table["kind"] == "arrive"]
    patients = arrivals[["replication", "patient"]].assign(stream=arrivals["option"])
    steps = pd.DataFrame([line.split() for line in capacity.strip().splitlines() if line],
                         columns=list(CAPACITY_COLUMNS))  # fmt: skip
    steps = steps.astype({"replication": "int32", "time": float, "amount": int, "stock": int})
    return Log(log, patients.reset_index(drop=True), steps, horizon)


@pytest.fixture
def write():
    return written
