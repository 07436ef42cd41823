"""The project speaks of itself alone, and what it needs is written down whole."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Written in two parts, so that this file does not say them either.
UNSAID = [
    *(
        "py" + "pi.org",
        "python" + "hosted",
        "npm" + "js.",
        "conda" + ".anaconda",
        "--index" + "-url",
    ),
    *("/ho" + "me/", "/Us" + "ers/", "/ro" + "ot/", "/wo" + "rk/", "/tm" + "p/", "file" + "://"),
    "../sha" + "red",
]


def committed() -> list[Path]:
    """The files that git keeps, or an empty list outside a checkout."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [ROOT / name for name in listing.stdout.split("\0") if name]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> dict[str, str]:
    """The version of each package in the lock, by normal name."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return {normal(name): version for name, version in (line.split("==") for line in lines)}


@pytest.mark.skipif(not committed(), reason="not a git checkout")
@pytest.mark.parametrize("word", UNSAID)
def test_no_committed_file_names_a_place_outside_the_project(word: str) -> None:
    saying = [
        path.relative_to(ROOT)
        for path in committed()
        if path.is_file() and word.encode() in path.read_bytes()
    ]
    assert saying == []


def test_the_lock_holds_names_and_versions_and_nothing_else() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    odd = [line for line in text.splitlines() if not re.fullmatch(r"[\w.-]+==[\w.]+", line)]
    assert odd == []
    assert text.endswith("\n")


def test_the_lock_holds_every_package_that_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["dev"],
        *project["build-system"]["requires"],
    ]
    names = {normal(re.split(r"[<>=!~ \[;]", each, maxsplit=1)[0]) for each in asked}
    assert names - set(locked()) == set()
