"""Tables as bytes and back: the same tables give the same bytes, and come back as they were.

Called by `execute` (a worker packs, the parent keeps the bytes) and by the store. A zip of Arrow
files, one a table, with one fixed date: no time and no host is in it, every part has a check sum,
and other programs can open it. Arrow keeps types, categories and index (of NaN there is one only);
lz4 makes it small for next to no time. Knows nothing of what the tables mean.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pyarrow as pa

from pathsim.errors import demand

if TYPE_CHECKING:
    import pandas as pd

    from pathsim.study.jobs import Tables

SUFFIX = ".arrow"
DATE = (1980, 1, 1, 0, 0, 0)
"""The first that a zip can hold: when it was written is nobody's business."""

ROWS = 65_536
"""Rows of a table that are written at once."""


def packed(tables: Tables) -> bytes:
    """The bytes of tables. Takes them out of the mapping one by one, so that they may be let go."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name in list(tables):
            table = pa.Table.from_pandas(tables.pop(name), nthreads=1)
            with archive.open(_member(name), "w", force_zip64=True) as member:
                _write(table, member)
    return whole.getvalue()


def unpacked(data: bytes) -> Tables:
    """The tables of these bytes. Raises ValueError where they are damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {n.removesuffix(SUFFIX): _read(archive.read(n)) for n in archive.namelist()}
    except (zipfile.BadZipFile, pa.ArrowInvalid, OSError, EOFError) as error:
        raise ValueError(f"these are no packed tables: {error}") from error


def _member(name: str) -> zipfile.ZipInfo:
    demand(bool(name) and not name.startswith("/"), f"'{name}' is no name of a table")
    return zipfile.ZipInfo(name + SUFFIX, DATE)


def _write(table: pa.Table, member: io.RawIOBase | object) -> None:
    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
    with pa.ipc.new_file(member, table.schema, options=options) as writer:
        if len(table):
            writer.write_table(table, max_chunksize=ROWS)
        else:  # of no rows nothing would be written, not even the categories
            nothing = [column.chunk(0) for column in table.columns]
            writer.write_batch(pa.RecordBatch.from_arrays(nothing, schema=table.schema))


def _read(member: bytes) -> pd.DataFrame:
    options = pa.ipc.IpcReadOptions(use_threads=False)
    read = pa.ipc.open_file(member, options=options).read_all()
    table: pd.DataFrame = read.to_pandas(split_blocks=True, self_destruct=True, use_threads=False)
    # What was written at once is not copied by Arrow, and could not be written to.
    return table.copy() if len(table) <= ROWS else table
