"""`pathsim fit`: what it prints and draws, and what it refuses."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pathsim.cli import app
from pathsim.errors import InputError
from pathsim.inputs.places import params_dir


def invoke(*words: str) -> str:
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_fit_is_told_and_drawn_and_writes_nothing_unless_asked(tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in params_dir().rglob("*.yaml")}
    said = invoke("fit", "locommotion-standard-of-care", "--patients", "500", "--quiet",
                  "--out", str(tmp_path))  # fmt: skip
    assert "locommotion/pfs-median" in said
    assert "nothing written" in said
    assert (tmp_path / "locommotion-standard-of-care" / "curves.svg").stat().st_size > 1000
    assert {path: path.read_bytes() for path in params_dir().rglob("*.yaml")} == before


def test_an_unknown_fit_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match="did you mean 'cilta-cel'"):
        CliRunner().invoke(app, ["fit", "cilta-sel"], catch_exceptions=False)
