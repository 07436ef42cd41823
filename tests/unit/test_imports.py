"""The house stands: imports run downwards, in no circle, and asking for help loads little."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

import pytest

import pathsim

ROOT = Path(__file__).parents[2]
FLOORS = [
    {"laws", "hazards", "normal", "twins", "events", "units", "draws", "errors", "sources"},
    {"inputs"},
    {"outcomes"},
    {"figures"},
    {"pathway"},
    {"engine"},
    {"study"},
    {"report"},
    {"cli", "app", "__main__"},
]
"""The rooms from the ground up; a room may lean on its own floor and on those below."""

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "pathsim").rglob("*.py"))
}


def floor(module: str) -> int:
    """The floor of a module; fails for one that has no room in the house."""
    room = module.split(".")[1]
    floors = [level for level, rooms in enumerate(FLOORS) if room in rooms]
    assert floors, f"{module} stands on no floor"
    return floors[0]


def imported(module: str, *, on_loading: bool = False) -> set[str]:
    """The modules of ours that a module imports, or only those that loading it loads."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    later = {id(each) for node in ast.walk(tree) if waits(node) for each in ast.walk(node)}
    nodes = (node for node in ast.walk(tree) if not (on_loading and id(node) in later))
    return {name for node in nodes for name in named(node)} - {"pathsim"}


def waits(node: ast.AST) -> bool:
    """Whether what stands in a statement is not run on loading: a function, or types only."""
    types_only = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    return types_only or isinstance(node, ast.FunctionDef)


def named(node: ast.AST) -> Iterator[str]:
    """The modules of ours that one statement imports."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in MODULES)
    elif isinstance(node, ast.ImportFrom):
        whole = (f"{node.module}.{alias.name}" for alias in node.names)
        yield from (n for n in (*whole, str(node.module)) if n in MODULES)


def test_no_module_imports_by_a_relative_name() -> None:
    relative = [
        module
        for module, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


@pytest.mark.parametrize("module", [name for name in MODULES if name != "pathsim"])
def test_a_module_imports_only_from_its_own_floor_and_below(module: str) -> None:
    above = [each for each in imported(module) if floor(each) > floor(module)]
    assert not above, f"{module} reaches up to {above}"


def test_loading_runs_in_no_circle() -> None:
    graph = {module: imported(module, on_loading=True) for module in MODULES}
    assert set(TopologicalSorter(graph).static_order()) == set(MODULES)


def test_the_package_itself_loads_nothing_of_ours() -> None:
    assert imported("pathsim", on_loading=True) == set()


def test_type_checkers_see_every_public_name_where_it_is_defined() -> None:
    tree = ast.parse(MODULES["pathsim"].read_text(encoding="utf-8"))
    block = next(node for node in tree.body if waits(node))
    seen = {
        str(alias.asname): node.module
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == pathsim._PUBLIC
    assert all(getattr(pathsim, name) is not None for name in seen)
    assert set(seen) < set(dir(pathsim))


@pytest.mark.skipif(find_spec("pathsim.cli") is None, reason="there is no command line yet")
def test_asking_for_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['pathsim', '--help']\n"
        "from pathsim.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('LOADED', *(m for m in ('numba', 'pandas', 'matplotlib') if m in sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "compare" in run.stdout
    assert run.stdout.splitlines()[-1].split() == ["LOADED"]
