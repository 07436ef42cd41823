"""Tables become bytes and come back as they were: values, types, categories, index."""

import zipfile
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pathsim.study import packing
from pathsim.study.packing import packed, unpacked
from pathsim.study.plan import Model
from pathsim.study.simulation import LOG, Simulation
from tests.cli.small_service import small_service

WORDS = st.sampled_from(["", "bed", "a wait", "é/ß", "x" * 40])
KINDS = {
    "float64": st.floats(width=64, allow_nan=False) | st.just(np.nan),
    "float32": st.floats(width=32, allow_nan=False) | st.just(np.nan),
    "int8": st.integers(-128, 127),
    "int32": st.integers(-(2**31), 2**31 - 1),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "bool": st.booleans(),
}


@st.composite
def columns(draw: st.DrawFn, n: int) -> object:
    kind = draw(st.sampled_from([*KINDS, "words", "categories", "Int64"]))
    if kind == "words":
        return np.array(draw(st.lists(WORDS | st.none(), min_size=n, max_size=n)), dtype=object)
    if kind == "Int64":
        values = st.integers(0, 99) | st.none()
        return pd.array(draw(st.lists(values, min_size=n, max_size=n)), dtype="Int64")
    if kind == "categories":
        names = draw(st.lists(WORDS, unique=True))
        codes = draw(st.lists(st.integers(-1, len(names) - 1), min_size=n, max_size=n))
        index = pd.Index(names, dtype=object)
        return pd.Categorical.from_codes(codes, index, ordered=draw(st.booleans()))
    return draw(arrays(kind, n, elements=KINDS[kind]))


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    n = draw(st.integers(0, 12))
    names = draw(st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=5))
    return pd.DataFrame({name: draw(columns(n)) for name in names}, index=pd.RangeIndex(n))


def assert_same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """The same to the type of every code and value."""
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert type(one.index) is type(other.index)
    for name in one.columns:
        a, b = one[name], other[name]
        if isinstance(a.dtype, pd.CategoricalDtype):
            assert a.cat.codes.dtype == b.cat.codes.dtype
            assert a.cat.categories.dtype == b.cat.categories.dtype
        elif a.dtype == object:
            assert [type(x) for x in a] == [type(x) for x in b]


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "b", "log/log"]), frames(), max_size=3))
def test_any_tables_come_back_as_they_were(tables: dict[str, pd.DataFrame]) -> None:
    data = packed(dict(tables))
    back = unpacked(data)
    assert list(back) == list(tables)
    for name in tables:
        assert_same(tables[name], back[name])
    assert packed(back) == data


def test_what_is_measured_with_its_log_comes_back_as_it_was() -> None:
    job = Simulation(Model("small", small_service(), 500.0), 3, 0, 2, log=True)
    tables = job.carry_out()
    back = unpacked(packed(dict(tables)))
    assert set(LOG.values()) < set(back)
    for name, table in tables.items():
        assert_same(table, back[name])


def test_a_table_larger_than_what_is_written_at_once_comes_back_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(packing, "ROWS", 7)
    words = pd.Categorical(["a", "b", None] * 10)
    table = pd.DataFrame({"x": np.arange(30.0), "words": words})
    assert_same(table, unpacked(packed({"t": table}))["t"])


def test_the_same_tables_give_the_same_bytes_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"x": [1.0, np.nan]})
    first = packed({"t": table})
    monkeypatch.setattr("time.time", lambda: 4e9)
    assert packed({"t": table.copy()}) == first


def test_tables_are_let_go_as_they_are_packed() -> None:
    tables = {"a": pd.DataFrame({"x": [1]}), "b": pd.DataFrame()}
    packed(tables)
    assert tables == {}


def test_what_comes_back_can_be_written_to() -> None:
    back = unpacked(packed({"t": pd.DataFrame({"x": [1.0, 2.0], "n": [1, 2]})}))["t"]
    back.loc[0, ["x", "n"]] = 9
    assert list(back.loc[0]) == [9, 9]


def test_bytes_that_are_cut_or_changed_anywhere_are_damaged() -> None:
    data = packed({"t": pd.DataFrame({"x": np.arange(50.0)})})
    for length in (0, 1, len(data) // 2, len(data) - 1):
        with pytest.raises(ValueError, match="no packed tables"):
            unpacked(data[:length])
    with zipfile.ZipFile(BytesIO(data)) as archive:
        begins = archive.infolist()[0].header_offset + 60
    for at in range(begins, begins + 900, 50):
        changed = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        with pytest.raises(ValueError, match="no packed tables"):
            unpacked(changed)
