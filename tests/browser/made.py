"""Reports as people make them: each by the command line, out of small runs.

Called by the tests of reports. Two are made at a time while others are looked at; what a run shows
is of no account here, only that it has all that a page may have to show.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

SMALL = ("--replications", "2", "--patients", "40", "--workers", "1", "--no-figures", "--quiet")

FOUR = ("cart_first", "bispecific_first", "gprc5d_then_cart", "standard_only")
TEN = (
    *FOUR, "without_cart_talquetamab_weekly", "step_up_outpatient_tocilizumab",
    "without_cart_linvoseltamab", "dexamethasone_by_lymphocytes",
    "supply_stops_choose_by_wait", "europe_cart_first",
)  # fmt: skip
LONG = tuple(f"{name}_in_a_region_of_three_centres_that_all_grow"[:60].strip("_") for name in TEN)
"""The ten under names as long as a name may be."""

Words = tuple[str, ...]

COMMANDS: Mapping[str, tuple[Words, ...]] = {
    "four-strategies": (("compare", *FOUR, *SMALL),),
    "one-strategy": (("run", "cart_first", *SMALL),),
    "ten-with-long-names": (("compare", *(f"{name}.yaml" for name in LONG), *SMALL),),
    "without-car-t": (("run", "without_cart", *SMALL),),
    "with-studies": (
        ("compare", "cart_first", "bispecific_first", *SMALL),
        ("sweep", "beds-and-referrals", *SMALL[:6], "--quiet"),
        ("size", "size-ward-beds", *SMALL[2:6], "--quiet"),
    ),
}
"""A report -> the commands whose folders it is made of."""


@dataclass(frozen=True)
class Report:
    """A page, and the folders of results that it shows."""

    page: Path
    folders: tuple[Path, ...]


@contextmanager
def making(folder: Path) -> Iterator[Mapping[str, Future[Report]]]:
    """All reports, each a promise that is kept while others are looked at."""
    with ThreadPoolExecutor(2) as hands:
        promised = {name: hands.submit(_made, name, folder / name) for name in COMMANDS}
        try:
            yield promised
        finally:
            hands.shutdown(cancel_futures=True)


def _made(name: str, folder: Path) -> Report:
    folder.mkdir(parents=True)
    for shipped, long in zip(TEN, LONG, strict=True):
        text = f"title: Does a long name fit?\nextends: {shipped}\n"
        (folder / f"{long}.yaml").write_text(text, encoding="utf-8")
    for words in COMMANDS[name]:
        pathsim(*words, "--out", "results", cwd=folder)
    folders = tuple(sorted(each.parent for each in folder.glob("results/*/*/run.json")))
    page = folder / "report.html"
    pathsim("report", *map(str, folders), "--out", str(page), cwd=folder)
    return Report(page, folders)


def pathsim(*words: str, cwd: Path) -> None:
    """The command line in a process of its own; what it said, if it fails."""
    ended = subprocess.run(
        [sys.executable, "-c", "from pathsim.cli import main; main()", *words],
        cwd=cwd, env={**os.environ, "PYTHONPATH": str(ROOT), "PATHSIM_STORE": str(cwd / "store")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, f"pathsim {' '.join(words)}\n{ended.stdout}\n{ended.stderr}"
