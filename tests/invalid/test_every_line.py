"""Every line of every file that we ship, deleted, doubled or turned into nonsense.

The file is then either still right, or wrong at a line that is told; nothing else can happen. The
ordinary run tries a few of these for each file, the slow one all of them, and values also within a
scenario that is then built.
"""

import random
import shutil
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pytest

from pathsim.errors import InputError, PathwayError
from pathsim.inputs.places import params_dir, scenarios_dir
from pathsim.inputs.resolve import resolve
from pathsim.pathway.build import build
from pathsim.study.check import check
from tests.unit.scenario_files import read

FOLDERS = (params_dir(), scenarios_dir())
FILES = [path for folder in FOLDERS for path in sorted(folder.rglob("*.yaml"))]
A_FEW = 10

NONSENSE = [
    "?!",
    "- - -",
    "a: b: c",
    "{",
    "0",
    "nonsense: 1e999",
    "\t",
    "'",
    "nonsense: [1, {x: y}]",
]
"""What stands in place of a line; the line's own indentation is kept."""

VALUES = ["-1", "1e300", "nonsense", "null", "[]", "{}", "true", "''", "2024-02-30"]
"""What stands in place of all that follows the first colon of a line."""

WAYS: dict[str, Callable[[str, random.Random], list[str]]] = {
    "deleted": lambda line, luck: [],
    "doubled": lambda line, luck: [line, line],
    "replaced": lambda line, luck: [indented(line) + luck.choice(NONSENSE)],
    "given another value": lambda line, luck: [line.partition(":")[0] + ": " + luck.choice(VALUES)],
}

HOW_NAMED = {
    "therapies": "therapies: {{{name}: {file}}}",
    "bridging": "therapies: {{cilta-cel: {{bridging: {{options: {{{name}: {file}}}}}}}}}",
    "populations": "population: {file}",
    "centres": "centre: {file}",
    "supportive": "supportive: {file}",
    "best_supportive_care": "best_supportive_care: {file}",
    "background": "background: {file}",
}
"""Folder of the catalogue -> how a scenario names a file of its own in place of one."""


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder of its own; the catalogue is parsed only once."""
    monkeypatch.chdir(tmp_path)
    for module in ("load", "agreement", "background"):
        monkeypatch.setattr(f"pathsim.inputs.{module}.read", read)


def indented(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def damaged(path: Path, *ways: str) -> list[tuple[str, str]]:
    """What was done to a line, and the file's text after it: for each line, and each way or all."""
    luck = random.Random(path.name)
    lines = path.read_text(encoding="utf-8").splitlines()
    found: list[tuple[str, str]] = []
    for number, line in enumerate(lines):
        for way in ways or WAYS:
            now = [*lines[:number], *WAYS[way](line, luck), *lines[number + 1 :]]
            found.append((f"line {number + 1} {way}", "\n".join(now) + "\n"))
    return found


def a_few(path: Path) -> list[tuple[str, str]]:
    """Some of the damaged texts of a file, the same ones each time."""
    return random.Random(path.stem).sample(damaged(path), A_FEW)


def copied(path: Path, text: str) -> Path:
    """The text in the place of the file, in a folder of the same name, with what stands beside."""
    folder = Path(path.parent.name)
    folder.mkdir(exist_ok=True)
    for table in path.parent.glob("*.csv"):
        shutil.copy(table, folder)
    (folder / path.name).write_text(text, encoding="utf-8")
    return folder / path.name


def trouble(step: Callable[[], object]) -> str:
    """What else happens in a step than that the file is right, or that each of its problems is
    told with file, line and cause; empty if nothing."""
    try:
        step()
    except PathwayError:
        return ""
    except InputError as error:
        told = all(p.line > 0 and p.file and p.cause for p in error.problems)
        return "" if told and error.problems else f"badly told: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def in_a_scenario(path: Path, file: Path) -> None:
    """Resolve and build a scenario that uses the file in place of the one we ship."""
    if read(path).data == read(file).data:
        return
    named = HOW_NAMED[path.parent.name].format(name=path.stem, file=file.absolute())
    scenario = Path("uses_it.yaml")
    scenario.write_text(f"extends: cart_first\n{named}\n", encoding="utf-8")
    build(resolve(scenario))


def troubles(path: Path, step: Callable[[Path], object], texts: Iterable[tuple[str, str]]) -> str:
    """Every trouble of a step with any of the damaged texts of a file."""
    found = ((what, trouble(partial(step, copied(path, text)))) for what, text in texts)
    return "\n".join(f"{what}: {said}" for what, said in found if said)


def checked(file: Path) -> object:
    return check([file])


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_damaged_line_is_right_or_told(path: Path) -> None:
    assert not troubles(path, checked, a_few(path))


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_damaged_line_is_right_or_told(path: Path) -> None:
    assert not troubles(path, checked, damaged(path))


@pytest.mark.slow
@pytest.mark.parametrize("path", [p for p in FILES if p.parent.name in HOW_NAMED], ids=name_of)
def test_every_other_value_is_right_or_told_within_a_scenario(path: Path) -> None:
    texts = damaged(path, "given another value")
    assert not troubles(path, partial(in_a_scenario, path), texts)
