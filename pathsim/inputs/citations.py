"""Whether what is cited is there, and what is there is cited: sources and rows of evidence.

Called by `pathsim check` and by tools/prune_evidence.py. A source or a row is cited by any file of
the catalogue or of the scenarios that names it, the second entry included; a row in a note counts.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pathsim.errors import Problem
from pathsim.inputs.assemble import sourced
from pathsim.inputs.document import shown
from pathsim.inputs.load import read
from pathsim.inputs.places import params_dir, scenarios_dir

ROW = re.compile(r"\bE[0-9]{4}\b")
SAID = 8
"""How many uncited rows are named before the rest are only counted."""


def sources_file() -> Path:
    return params_dir() / "sources.yaml"


def rows_file() -> Path:
    return params_dir() / "evidence.csv"


def unused_sources() -> list[str]:
    """Keys of sources.yaml that nothing cites, in their order."""
    cited = {source for path in _citing() for _, source in sourced(read(path))}
    return [key for key in read(sources_file()).data if key not in cited]


def uncited_rows() -> list[str]:
    """Rows of evidence.csv that nothing names, in their order."""
    named = {row for path in _citing() for _, row in _named_in(path)}
    return [row for row in _rows() if row not in named]


def missing_rows() -> Iterator[Problem]:
    """A problem for each place that names a row that evidence.csv does not have."""
    rows = set(_rows())
    for path in _citing():
        for line, row in _named_in(path):
            if row not in rows:
                remedy = "correct it, or add the row to params/evidence.csv"
                yield Problem(shown(path), line, row, "no such row of evidence", remedy)


def citation_problems(*, rows: bool = False) -> Iterator[Problem]:
    """Unused sources and missing rows; with `rows` also the rows that nothing cites."""
    document = read(sources_file())
    for key in unused_sources():
        yield document.problem((key,), "a source that nothing cites", remedy="cite or remove it")
    yield from missing_rows()
    if rows and (uncited := uncited_rows()):
        more = f" and {len(uncited) - SAID} more" if len(uncited) > SAID else ""
        cause = f"rows that nothing cites: {', '.join(uncited[:SAID])}{more}"
        yield Problem(shown(rows_file()), 1, "", cause, "run tools/prune_evidence.py")


def _citing() -> list[Path]:
    """Every file that may cite a source or a row."""
    folders = (params_dir(), scenarios_dir())
    found = (path for folder in folders for path in sorted(folder.rglob("*.yaml")))
    return [path for path in found if path != sources_file()]


def _rows() -> list[str]:
    with rows_file().open(newline="", encoding="utf-8") as file:
        return [row["id"] for row in csv.DictReader(file)]


def _named_in(path: Path) -> Iterable[tuple[int, str]]:
    """Each row that a file names, with the line."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        yield from ((number, row) for row in ROW.findall(line))
