"""Drop the rows of evidence and the sources that nothing cites: python tools/prune_evidence.py.

Keeps the order of both files, and the comments of sources.yaml. Prints what it dropped; `--dry-run`
only prints.
"""

import re
import sys
from pathlib import Path

from pathsim.inputs.citations import rows_file, sources_file, uncited_rows, unused_sources

ENTRY = re.compile(r"([\w-]+):")
"""How an entry of sources.yaml begins: a key at the left margin."""


def without_rows(text: str, rows: set[str]) -> str:
    """The table without these rows, each of which is one line."""
    kept = [line for line in text.splitlines(keepends=True) if line.partition(",")[0] not in rows]
    return "".join(kept)


def without_sources(text: str, keys: set[str]) -> str:
    """The list without these keys; an entry's further lines are indented and go with it."""
    kept, dropping = [], False
    for line in text.splitlines(keepends=True):
        if begun := ENTRY.match(line):
            dropping = begun[1] in keys
        elif not line.startswith(" "):
            dropping = False
        if not dropping:
            kept.append(line)
    return "".join(kept)


def main(*, write: bool) -> None:
    """Prune the rows, then the sources."""
    rows, keys = uncited_rows(), unused_sources()
    print(f"{len(rows)} rows that nothing cites: {', '.join(rows) or 'none'}")
    print(f"{len(keys)} sources that nothing cites: {', '.join(keys) or 'none'}")
    if write:
        for path, text in (
            (rows_file(), without_rows(_text(rows_file()), set(rows))),
            (sources_file(), without_sources(_text(sources_file()), set(keys))),
        ):
            path.write_bytes(text.encode("utf-8"))


def _text(path: Path) -> str:
    """A file with the ends of its lines as they are."""
    return path.read_bytes().decode("utf-8")


if __name__ == "__main__":
    main(write="--dry-run" not in sys.argv)
