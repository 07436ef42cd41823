"""Write on top of each case what is said of it now: python -m tests.invalid.restate [kind/name ...]

For whoever changes the words of a message. Read the difference before it is committed: what
stands on top of a case is the judge of the code, not its record.
"""

import os
import sys
from pathlib import Path

from pathsim.errors import InputError
from tests.invalid.cases import READERS, ROOT, cases, expected, name_of

SAYS = b"# says: "


def restate(path: Path) -> None:
    """Replace what a case is said to be told; more or fewer lines move the places, so twice."""
    for _ in range(2):
        now = said(path)
        if now == expected(path):
            return
        beside = path.with_suffix(".says")
        top = beside if beside.is_file() else path
        about, *rest = top.read_bytes().splitlines(keepends=True)
        told = [SAYS + f"{line}\n".encode() for line in now]
        top.write_bytes(b"".join([about, *told, *(r for r in rest if not r.startswith(SAYS))]))


def said(path: Path) -> list[str]:
    """What is said of a case; fails if nothing is."""
    try:
        READERS[path.parent.name](path)
    except InputError as error:
        return [str(problem) for problem in error.problems]
    raise SystemExit(f"nothing is said of {name_of(path)}")


if __name__ == "__main__":
    os.chdir(ROOT)
    for case in cases():
        if name_of(case) in sys.argv[1:] or len(sys.argv) == 1:
            restate(case)
