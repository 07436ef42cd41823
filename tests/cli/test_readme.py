"""The README keeps its word: its code runs, its scenario is sound, its commands are there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from pathsim import cli
from pathsim.inputs.resolve import resolve

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, flags=re.DOTALL)


def blocks(language: str) -> list[str]:
    return [code for tongue, code in BLOCKS if tongue == language]


@pytest.mark.parametrize("number", range(len(blocks("python"))))
def test_every_python_block_runs_and_prints_something(number: int) -> None:
    run = subprocess.run(
        [sys.executable, "-c", blocks("python")[number]],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()


def test_the_scenario_of_the_readme_is_sound(tmp_path: Path) -> None:
    (written,) = blocks("yaml")
    path = tmp_path / "my_question.yaml"
    path.write_text(written, encoding="utf-8")
    slots = resolve(path).centre.resources["slots/cilta-cel"].allotments
    assert slots is not None
    assert (slots.amount, slots.carry) == (8, 2)


def test_every_command_of_the_readme_is_one_with_such_options() -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    called = [line.split("#")[0].split()[1:] for line in lines if line.startswith("pathsim ")]
    group = typer.main.get_command(cli.app)
    assert isinstance(group, TyperGroup)
    assert {words[0] for words in called} >= {"check", "show", "run", "compare", "trace"}
    for name, *words in called:
        command = group.commands[name] if not name.startswith("--") else group
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in (name, *words) if word.startswith("--")} <= known


def test_the_files_that_the_readme_links_to_are_there() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert link.startswith("http") or (ROOT / link).is_file(), link


def test_the_first_lines_say_what_is_needed() -> None:
    first = "\n".join(TEXT.splitlines()[:4])
    assert all(word in first for word in ("Python 3.11", "venv", "make"))
