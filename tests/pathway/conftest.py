"""Scenarios of these tests are written where the test runs; the catalogue is read once."""

from pathlib import Path

import pytest

from tests.unit.scenario_files import read


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pathsim.inputs.load.read", read)
