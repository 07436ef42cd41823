"""A change planted in either engine is seen: the engines' agreement is a test that can fail.

Each change is made in a copy of the package, where the compiled engine is interpreted (so that
nothing is compiled anew), and the generated services of `test_compiled.py` are run on both engines.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMPARE = """
from tests.engines.generated import service_from
from tests.engines.test_compiled import assert_same
for seed in range(3000, 3080):
    try:
        assert_same(service_from(seed), seed=seed)
    except AssertionError:
        print("differs")
        break
else:
    print("the same")
"""

CHANGES = {
    "simpy: ties by the greater number": (
        "calendar.py", "(time, place, next(self._eid), event)",
        "(time, (place[0], *(-n for n in place[1:2] if n != place[-1]), *place[2:]), "
        "next(self._eid), event)",
    ),
    "simpy: a clock that is not listed goes on": (
        "change.py", "if name not in listed_names:", "if name not in listed_names and name == '':",
    ),
    "simpy: a queue that needs one place more": (
        "pool.py", "request.amount <= self.room]", "request.amount < self.room]",
    ),
    "simpy: hazard ratios are forgotten": (
        "patient.py", "product(clock.ratio, self)", "product((), self)",
    ),
    "simpy: a pause does not move the start": (
        "patient.py", "self.start += now - self.paused_at", "self.start += 0.0",
    ),
    "compiled: ties by the greater number": (
        "compiled/calendar.py", "entry.number < number", "entry.number > number",
    ),
    "compiled: clocks of one moment in another order": (
        "compiled/change.py", "running.name < name", "running.name > name",
    ),
    "compiled: a clock that is not listed goes on": (
        "compiled/change.py", "running.listed != run.change:", "running.listed < 0:",
    ),
    "compiled: a queue that needs one place more": (
        "compiled/pool.py", "asked <= most else NONE", "asked < most else NONE",
    ),
    "compiled: hazard ratios are forgotten": (
        "compiled/patient.py", "product(run, s, clock.first_factor, clock.factors)",
        "product(run, s, clock.first_factor, 0)",
    ),
    "compiled: a budget taken over is not spent": (
        "compiled/change.py", "        spend_until(run, s, i)\n", "        pass\n",
    ),
    "compiled: paused requests go first": (
        "compiled/pool.py", "return a.paused < b.paused", "return a.paused > b.paused",
    ),
    "compiled: a place is given back only in part": (
        "compiled/change.py", "give_back(run, r, held - wanted, False)",
        "give_back(run, r, held - wanted - 1, False)",
    ),
}  # fmt: skip
"""What is changed: the file within `engine`, what stands there, what is put in its place."""


def compared(folder: Path) -> str:
    """What the comparison says of the package in this folder."""
    path = os.pathsep.join([str(folder), str(ROOT), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path, "NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-W", "ignore", "-c", COMPARE]
    run = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def copied(folder: Path) -> Path:
    """A copy of the package and of what it reads; its engines."""
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "pathsim", folder / "pathsim", ignore=skip)
    for data in ("params", "scenarios"):
        (folder / data).symlink_to(ROOT / data)
    return folder / "pathsim" / "engine"


def test_the_engines_as_they_are_agree(tmp_path: Path) -> None:
    copied(tmp_path)
    assert compared(tmp_path) == "the same"


@pytest.mark.parametrize("change", CHANGES)
def test_a_planted_change_is_seen(change: str, tmp_path: Path) -> None:
    name, stands, planted = CHANGES[change]
    changed = copied(tmp_path) / name
    text = changed.read_text(encoding="utf-8")
    assert text.count(stands) == 1
    changed.write_text(text.replace(stands, planted), encoding="utf-8")
    assert compared(tmp_path) == "differs"
