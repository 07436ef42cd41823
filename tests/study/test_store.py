"""The store: whole results or none, for several studies at once, and after an accident."""

import errno
import multiprocessing
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pathsim.study.keys import key
from pathsim.study.packing import packed
from pathsim.study.store import STALE, Memory, Results, Store
from tests.study.toy import table

ONE, OTHER = key("one"), key("other")


def data(number: int) -> bytes:
    return packed(table(number))


def number(store: Results, of: str) -> int:
    return int(store.get(of)["toy"]["number"].iloc[0])


def all_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("make", [Memory, None])
def test_what_is_put_can_be_got(tmp_path: Path, make: Callable[[], Results] | None) -> None:
    store = make() if make else Store(tmp_path)
    assert not store.has(ONE)
    with pytest.raises(KeyError):
        store.get(ONE)
    store.put(ONE, data(5))
    assert store.has(ONE)
    assert not store.has(OTHER)
    assert number(store, ONE) == 5


def test_what_one_has_put_another_finds(tmp_path: Path) -> None:
    Store(tmp_path).put(ONE, data(5))
    assert number(Store(tmp_path), ONE) == 5


def test_a_fresh_store_has_only_what_it_was_given_itself(tmp_path: Path) -> None:
    Store(tmp_path).put(ONE, data(5))
    fresh = Store(tmp_path, fresh=True)
    assert not fresh.has(ONE)
    fresh.put(ONE, data(5))
    assert fresh.has(ONE)


def test_opening_makes_no_folder(tmp_path: Path) -> None:
    Store(tmp_path / "none").has(ONE)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_result_that_was_cut_counts_as_missing(tmp_path: Path, share: float) -> None:
    store = Store(tmp_path)
    store.put(ONE, data(5))
    whole = store.path(ONE).read_bytes()
    store.path(ONE).write_bytes(whole[: int(share * len(whole))])
    assert not store.has(ONE)
    with pytest.raises(KeyError):
        store.get(ONE)


def test_a_result_that_was_changed_is_removed_and_is_missing_from_then_on(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(ONE, data(5))
    whole = bytearray(store.path(ONE).read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    store.path(ONE).write_bytes(whole)
    with pytest.raises(KeyError):
        store.get(ONE)
    assert not store.has(ONE)
    store.put(ONE, data(5))
    assert number(store, ONE) == 5


def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, whole = Store(tmp_path), data(5)

    def full(path: Path, written: bytes) -> int:
        with path.open("wb") as file:
            file.write(written[:100])
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space"):
            store.put(ONE, whole)
    assert all_files(tmp_path) == []
    store.put(ONE, whole)
    assert number(store, ONE) == 5


def unfinished(folder: Path, process: int, host: str, *, seconds_ago: float = 0.0) -> Path:
    path = folder / ONE[:2] / f".0-{process}-{host}.part"
    path.parent.mkdir(exist_ok=True)
    path.touch()
    os.utime(path, (time.time() - seconds_ago,) * 2)
    return path


def test_what_a_dead_process_had_begun_is_removed_at_opening(tmp_path: Path) -> None:
    dead = multiprocessing.Process(target=int)
    dead.start()
    dead.join()
    assert dead.pid is not None
    left = unfinished(tmp_path, dead.pid, socket.gethostname())
    mine = unfinished(tmp_path, os.getpid(), socket.gethostname())
    elsewhere = unfinished(tmp_path, dead.pid, "else-where")
    old = unfinished(tmp_path, dead.pid, "long-ago", seconds_ago=2 * STALE)
    Store(tmp_path)
    assert [p.exists() for p in (left, mine, elsewhere, old)] == [False, True, True, False]


def test_results_are_counted_and_cleared_by_when_they_were_last_used(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for k, of in enumerate((ONE, OTHER)):
        store.put(of, data(k))
        os.utime(store.path(of), (time.time() - 1000.0,) * 2)
    store.get(OTHER)
    assert {entry.path for entry in store.entries()} == {store.path(ONE), store.path(OTHER)}
    assert sum(entry.size for entry in store.entries()) == len(data(0)) + len(data(1))
    assert [entry.path for entry in store.clear(older_than=500.0)] == [store.path(ONE)]
    assert not store.has(ONE)
    assert store.has(OTHER)
    store.clear()
    assert store.entries() == []


def write_many(folder: Path, many: int) -> None:
    store = Store(folder)
    for k in range(many):
        store.put(key(k), data(k))


def test_two_processes_that_write_the_same_results_at_once_do_no_harm(tmp_path: Path) -> None:
    many, context = 60, multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(tmp_path, many)) for _ in range(2)]
    for writer in writers:
        writer.start()
    store, seen = Store(tmp_path), set[int]()
    while any(writer.is_alive() for writer in writers):
        for k in range(many):
            if store.has(key(k)):  # as soon as it is there it is whole
                pd.testing.assert_frame_equal(store.get(key(k))["toy"], table(k)["toy"])
                seen.add(k)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert len(all_files(tmp_path)) == many
    assert seen
