"""The store: a result a file, named by the content key of its job, whole or not there.

Written by the parent of a study alone (`execute`), read by whoever made the jobs. Several studies
may use one store at once: a result is written under a name of its own and renamed, and two that
write the same key write the same bytes. Knows nothing of jobs, but that a key says all.

Written here rather than taken from a library. diskcache (5.6.3, without a release since 2023) keeps
an SQLite database, which must not lie on a network folder as stores of clusters do, and pickles;
joblib.Memory pickles too, and makes its keys of a function and its arguments. A file a result needs
neither, can be copied and counted like any other, and is some lines.
"""

from __future__ import annotations

import os
import socket
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Protocol

from pathsim.study.packing import unpacked

if TYPE_CHECKING:
    from pathsim.study.jobs import Tables

SUFFIX, UNFINISHED = ".zip", ".part"
STALE = 86_400.0
"""Seconds after which an unfinished file is nobody's any more."""


class Results(Protocol):
    """Where results are kept by key: a `Store`, or the `Memory` of this process."""

    def has(self, key: str) -> bool:
        """Whether there is a result of this key."""

    def get(self, key: str) -> Tables:
        """The result of this key; KeyError where there is none that can be read."""

    def put(self, key: str, data: bytes) -> None:
        """Keep the packed tables under this key."""


class Memory:
    """Results in the memory of this process: for a model run from Python."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def has(self, key: str) -> bool:
        return key in self._kept

    def get(self, key: str) -> Tables:
        return unpacked(self._kept[key])

    def put(self, key: str, data: bytes) -> None:
        self._kept[key] = data


@dataclass(frozen=True)
class Entry:
    """A result in a store: its file, its bytes, and when it was last made or read."""

    path: Path
    size: int
    used: float


class Store:
    """Results in a folder, which is made when the first is kept."""

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        """A `fresh` store has only what was put into it since it was opened."""
        self.folder = folder
        self._made: set[str] | None = set() if fresh else None
        self._number = count()
        self._tidy()

    def path(self, key: str) -> Path:
        """Where the result of this key is, or would be."""
        return self.folder / key[:2] / f"{key}{SUFFIX}"

    def has(self, key: str) -> bool:
        """Whether there is one, whole as far as its length and its end tell."""
        if self._made is not None and key not in self._made:
            return False
        return zipfile.is_zipfile(self.path(key))

    def get(self, key: str) -> Tables:
        """The result of this key; KeyError where there is none. One that is damaged is removed."""
        path = self.path(key)
        try:
            found = unpacked(path.read_bytes())
        except FileNotFoundError:
            raise KeyError(key) from None
        except ValueError as error:
            path.unlink(missing_ok=True)
            raise KeyError(key) from error
        with suppress(OSError):  # a store may be read by those who may not write to it
            os.utime(path)
        return found

    def put(self, key: str, data: bytes) -> None:
        """Keep it: written beside its place and renamed. Where that fails nothing is left."""
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(_own_name(next(self._number)))
        try:
            unfinished.write_bytes(data)
            unfinished.replace(path)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise
        if self._made is not None:
            self._made.add(key)

    def entries(self) -> list[Entry]:
        """The results that are there."""
        found = []
        for path in self.folder.glob(f"*/*{SUFFIX}"):
            with suppress(FileNotFoundError):  # another study may have removed it
                told = path.stat()
                found.append(Entry(path, told.st_size, told.st_mtime))
        return found

    def clear(self, *, older_than: float = 0.0) -> list[Entry]:
        """Remove what was neither made nor read for so many seconds; what was removed."""
        now = time()
        gone = [entry for entry in self.entries() if now - entry.used >= older_than]
        for entry in gone:
            entry.path.unlink(missing_ok=True)
        return gone

    def _tidy(self) -> None:
        """Remove what a study that is no more had begun to write."""
        for path in self.folder.glob(f"*/.*{UNFINISHED}"):
            with suppress(OSError):
                if _ended(path.name) or time() - path.stat().st_mtime > STALE:
                    path.unlink()


def _own_name(number: int) -> str:
    """A name that no other process writes to, on whatever machine."""
    return f".{number}-{os.getpid()}-{socket.gethostname()}{UNFINISHED}"


def _ended(name: str) -> bool:
    """Whether the process that began a file was on this machine and is no more."""
    _, process, host = name.removesuffix(UNFINISHED).split("-", 2)
    if host != socket.gethostname() or os.name != "posix":
        return False
    try:
        os.kill(int(process), 0)  # signal 0 only asks
    except ProcessLookupError:
        return True
    return False
