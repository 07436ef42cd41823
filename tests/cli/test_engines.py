"""The choice of an engine: named, recorded, and one clear line where it cannot be had."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pathsim import cli
from pathsim.cli.options import Engine
from pathsim.engine.simulate import ENGINES
from tests.cli.test_commands import SMALL, Call, pathsim

__all__ = ["pathsim"]


def test_the_command_line_offers_the_engines_there_are() -> None:
    assert set(ENGINES) <= set(Engine)


@pytest.mark.parametrize("command", ["run", "compare", "trace"])
def test_an_engine_can_be_chosen_and_the_help_says_which(command: str) -> None:
    shown = CliRunner().invoke(cli.app, [command, "--help"], env={"COLUMNS": "200"})
    assert "--engine" in shown.output
    assert all(engine in shown.output for engine in Engine)


def test_the_engine_that_ran_is_kept_in_the_record(pathsim: Call, tmp_path: Path) -> None:
    ended = pathsim("run", "standard_only", *SMALL, "--engine", "simpy", "--out", str(tmp_path))
    assert ended.code == 0, ended.err
    (record,) = (tmp_path / "standard_only").rglob("run.json")
    said = json.loads(record.read_text(encoding="utf-8"))
    assert said["engine"] == "simpy"
    assert "numba" not in said["versions"]


@pytest.mark.parametrize("words", [("run", "cart_first", "--engine", "compiled"),
                                   ("verify", "cart_first")])  # fmt: skip
def test_a_named_engine_that_cannot_be_loaded_is_one_clear_line(
    words: tuple[str, ...], pathsim: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENGINES, "compiled", "no_such_numba")
    ended = pathsim(*words)
    assert ended.code == 2
    assert "--engine simpy" in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.skipif("compiled" not in ENGINES, reason="there is no compiled engine yet")
def test_the_versions_of_the_compiler_are_kept_where_it_ran(pathsim: Call, tmp_path: Path) -> None:
    words = ("run", "standard_only", *SMALL, "--engine", "compiled", "--out", str(tmp_path))
    assert pathsim(*words).code == 0
    (record,) = (tmp_path / "standard_only").rglob("run.json")
    said = json.loads(record.read_text(encoding="utf-8"))
    assert said["engine"] == "compiled"
    assert {"numba", "llvmlite"} <= set(said["versions"])


def test_a_warning_is_one_line_without_a_place_in_the_code(
    pathsim: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    import warnings

    def warned(path: object, **which: object) -> None:
        warnings.warn("the fast engine is away", stacklevel=1)
        sys.exit(0)

    monkeypatch.setattr("pathsim.study.showing.show", warned)
    assert pathsim("show", "cart_first").err == "the fast engine is away\n"
