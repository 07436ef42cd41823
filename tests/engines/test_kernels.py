"""The machine code of the compiled engine is kept on disk, and known by all it is made of."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pathsim.engine.compiled import kernels

MADE_OF = (
    "arriving broken calendar change conditions instants order patient pool setting transition"
)
NOT_IN_IT = {"pathsim.engine.compiled", "pathsim.errors"}
IN_ERRORS = {f"pathsim.pathway.{name}" for name in ("pathway", "problems", "reading")}
"""What only makes the words of an error, in Python."""

KEPT = """
from pathsim.engine.compiled import kernels
print(sum(kernels.enter.stats.cache_hits.values()))
"""


def ours(path: Path) -> set[str]:
    """The modules of pathsim that a file takes something from when it is loaded."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {n.module for n in tree.body if isinstance(n, ast.ImportFrom) and n.module}
    named = {f"{n.module}.{a.name}" for n in tree.body if isinstance(n, ast.ImportFrom)
             for a in n.names}  # fmt: skip
    return {m for m in found | named if m.startswith("pathsim.")}


@pytest.mark.parametrize("name", MADE_OF.split())
def test_all_that_goes_into_the_machine_code_is_in_its_digest(name: str) -> None:
    known = {".".join(path.relative_to(Path(kernels.__file__).parents[3]).with_suffix("").parts)
             for path in kernels.SOURCES}  # fmt: skip
    modules = {m for m in ours(kernels.HERE / f"{name}.py") if (_file(m)).exists()}
    assert modules - known - NOT_IN_IT <= (IN_ERRORS if name == "broken" else set())


def _file(module: str) -> Path:
    return Path(kernels.__file__).parents[3].joinpath(*module.split(".")).with_suffix(".py")


def test_a_change_in_any_source_gives_another_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kernels.digest()
    changed = tmp_path / "instants.py"
    changed.write_text((kernels.HERE / "instants.py").read_text(encoding="utf-8") + "\n")
    others = [path for path in kernels.SOURCES if path.name != "instants.py"]
    monkeypatch.setattr(kernels, "SOURCES", [*others, changed])
    assert kernels.digest() != before


@pytest.mark.slow
def test_machine_code_is_made_once_and_found_again(tmp_path: Path) -> None:
    def hits() -> tuple[str, str]:
        path = os.pathsep.join(["", *sys.path])
        environment = {**os.environ, "PYTHONPATH": path, "NUMBA_CACHE_DIR": str(tmp_path)}
        command = [sys.executable, "-c", KEPT]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return run.stdout.strip(), run.stderr

    first, second = hits(), hits()
    assert first[0] == "0"
    assert "Making the compiled engine ready" in first[1]
    assert second == ("1", "")
