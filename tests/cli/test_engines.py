"""The choice of an engine: named, recorded, and one clear line where it cannot be had."""

import json
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


def test_the_versions_of_the_compiler_are_kept_where_it_ran(pathsim: Call, tmp_path: Path) -> None:
    words = ("run", "standard_only", *SMALL, "--engine", "compiled", "--out", str(tmp_path))
    assert pathsim(*words).code == 0
    (record,) = (tmp_path / "standard_only").rglob("run.json")
    said = json.loads(record.read_text(encoding="utf-8"))
    assert said["engine"] == "compiled"
    assert {"numba", "llvmlite"} <= set(said["versions"])


def test_where_none_is_named_and_the_compiler_fails_the_plain_engine_runs_with_one_line(
    pathsim: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(ENGINES, "compiled", "no_such_numba")
    words = ("run", "standard_only", "--patients", "5", "--no-figures", "--out", str(tmp_path))
    assert pathsim(*words).code == 0
    (record,) = (tmp_path / "standard_only").rglob("run.json")
    assert json.loads(record.read_text(encoding="utf-8"))["engine"] == "simpy"
    assert len(caplog.records) == 1
    assert "no_such_numba" in caplog.text
