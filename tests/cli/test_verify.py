"""`pathsim verify`: the same is said to be the same, and the first difference is told in words."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pathsim.engine.simulate import ENGINES, simulate
from pathsim.errors import PathwayError
from pathsim.events import Log
from pathsim.study import verify as verifying
from pathsim.study.plan import Model
from pathsim.study.verify import Difference, first_difference, verify
from tests.cli.small_service import small_service
from tests.cli.test_commands import Call, pathsim

__all__ = ["pathsim"]
ENGINES_NAMED = ("simpy", "compiled")
MODEL = Model("small", small_service(), 500.0)
Change = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture(scope="module")
def log() -> Log:
    return simulate(MODEL.service, horizon=MODEL.horizon, seed=3)


def changed(log: Log, table: str, row: int, column: str, value: Any) -> Log:
    """The log with one value changed by hand."""
    other = getattr(log, table).copy()
    if isinstance(other[column].dtype, pd.CategoricalDtype):
        other[column] = other[column].astype("object")
    other.loc[row, column] = value
    return replace(log, **{table: other})


def found(one: Log, other: Log) -> tuple[Difference, str]:
    difference = first_difference(one, other)
    assert difference is not None
    return difference, "\n".join(difference.words(ENGINES_NAMED))


def later(log: Log, row: int) -> float:
    return float(np.nextafter(log.log["time"][row], np.inf))


def middle(log: Log) -> int:
    """A row in the middle of a patient's story, at least three steps in."""
    return int(log.log.index[(log.log["step"] >= 3) & (log.log["time"] > 100)][0])


def test_a_log_is_the_same_as_itself_in_any_order_of_categories(log: Log) -> None:
    table = log.log.copy()
    words = table["state"].cat
    table["state"] = words.reorder_categories(list(words.categories[::-1]))
    assert first_difference(log, replace(log, log=table)) is None


def test_the_last_bit_of_a_time_is_seen_and_shown_at_full_precision(log: Log) -> None:
    row = middle(log)
    difference, words = found(log, changed(log, "log", row, "time", later(log, row)))
    assert difference.columns == ["time"]
    time = float(log.log["time"][row])
    assert f"Column 'time': simpy has {time!r}, compiled has {later(log, row)!r}" in words
    patient, step = log.log["patient"][row], log.log["step"][row]
    assert f"replication 0: patient {patient}, step {step} is the first" in words


def test_minus_zero_is_not_zero(log: Log) -> None:
    zero = log.capacity.index[log.capacity["time"] == 0.0][0]
    difference, _ = found(log, changed(log, "capacity", int(zero), "time", -0.0))
    assert difference.table == "capacity"


def test_every_column_that_differs_is_named_with_both_values(log: Log) -> None:
    row = middle(log)
    other = changed(changed(log, "log", row, "cause", "whim"), "log", row, "depth", 7)
    difference, words = found(log, other)
    assert difference.columns == ["depth", "cause"]
    assert f"simpy has {log.log['cause'][row]!r}, compiled has 'whim'" in words


def test_the_three_rows_before_are_told(log: Log) -> None:
    row = middle(log)
    difference, words = found(log, changed(log, "log", row, "cause", "whim"))
    assert [r["step"] for r in difference.before[0]] == list(log.log["step"][row - 3 : row])
    assert words.split("Before it both say:")[1].count("\n  Day ") == 3


def test_the_first_is_what_happens_first_not_what_stands_first(log: Log) -> None:
    times = log.log["time"].to_numpy()
    early, late = int(times.argmin()), int(times.argmax())
    both = changed(changed(log, "log", late, "cause", "x"), "log", early, "cause", "y")
    difference, _ = found(log, both)
    assert difference.rows[0] is not None
    assert difference.rows[0]["time"] == times[early] < times[late]


def test_a_row_that_one_engine_lacks_is_called_so(log: Log) -> None:
    row = middle(log)
    less = replace(log, log=log.log.drop(index=row).reset_index(drop=True))
    difference, words = found(log, less)
    assert difference.rows[1] is None
    assert "compiled: has no such row." in words
    assert "simpy: has no such row." in found(less, log)[1]


def test_a_feature_of_a_patient_comes_before_what_follows_from_it(log: Log) -> None:
    column = next(str(c) for c in log.patients if log.patients[c].dtype == "float64")
    patient = int(log.patients["patient"][5])
    first = int(log.log.index[log.log["patient"] == patient][0])
    other = changed(changed(log, "patients", 5, column, 1e9), "log", first, "option", "other")
    difference, words = found(log, other)
    assert difference.table == "patients"
    assert f"patient {patient} in the table of patients" in words
    assert f"Column '{column}'" in words


def test_a_step_of_capacity_is_told_with_its_resource(log: Log) -> None:
    difference, words = found(log, changed(log, "capacity", 0, "amount", 99))
    resource = log.capacity["resource"][0]
    assert difference.table == "capacity"
    assert f"of '{resource}' the capacity becomes 99" in words


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("patients", lambda t: t.drop(columns=t.columns[-1]), "the first alone has the columns"),
        ("capacity", lambda t: t.astype({"amount": "float64"}), "another type of number"),
        ("patients", lambda t: t.iloc[::-1].reset_index(drop=True), "another order"),
    ],
)
def test_what_differs_beside_rows_is_told(log: Log, table: str, change: Change, said: str) -> None:
    parts: dict[str, Any] = {table: change(getattr(log, table))}
    other = replace(log, **parts)
    assert said in found(log, other)[1]


def test_the_same_engine_twice_is_the_same_and_is_counted() -> None:
    heard: list[float] = []
    verdict = verify(MODEL, engines=("simpy", "simpy"), seed=3, replications=2,
                     progress=heard.append)  # fmt: skip
    whole = simulate(MODEL.service, horizon=MODEL.horizon, seed=3, replications=2)
    assert verdict.difference is None
    assert verdict.words()[0].startswith(
        f"The same: {len(whole.log):,} rows of the log, {len(whole.patients):,} patients, "
        f"{len(whole.capacity):,} capacity steps, replication by replication"
    )
    assert sum(heard) == 2


def broken(monkeypatch: pytest.MonkeyPatch, run: Callable[..., Log]) -> None:
    """Let the second engine be this."""

    def simulated(*args: Any, engine: str, **kwargs: Any) -> Log:
        log = simulate(*args, engine="simpy", **kwargs)
        return log if engine == "simpy" else run(log)

    monkeypatch.setattr(verifying, "simulate", simulated)


def test_a_later_replication_that_differs_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def second_wrong(log: Log) -> Log:
        wrong = log.log["replication"].iloc[0] == 1
        return changed(log, "log", 4, "cause", "whim") if wrong else log

    broken(monkeypatch, second_wrong)
    verdict = verify(MODEL, engines=ENGINES_NAMED, replications=3)
    assert verdict.difference is not None
    assert verdict.difference.replication == 1
    assert "replication 1" in "\n".join(verdict.words())


def test_a_model_that_one_engine_refuses_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(log: Log) -> Log:
        raise PathwayError("it does not move")

    broken(monkeypatch, refusing)
    words = "\n".join(verify(MODEL, engines=ENGINES_NAMED).words())
    assert "compiled ends with: it does not move; simpy does not" in words


def test_the_command_says_what_differs_and_ends_with_1(
    pathsim: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENGINES, "compiled", "pathsim.engine.reference")
    small = ("verify", "standard_only", "--patients", "5")
    same = pathsim(*small)
    assert same.code == 0, same.err
    assert same.out.startswith("The same: ")
    broken(monkeypatch, lambda log: changed(log, "log", 2, "cause", "whim"))
    differs = pathsim(*small)
    assert differs.code == 1
    assert "compiled has 'whim'" in differs.out
