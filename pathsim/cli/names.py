"""Names that people type: which file they mean, and which to offer.

Called by the commands and by shell completion, so nothing heavy is loaded here.
"""

from __future__ import annotations

from pathlib import Path

import typer

from pathsim.errors import InputError, Problem, did_you_mean
from pathsim.inputs.places import BASES, named, params_dir, scenarios_dir, studies_dir

YAML = {".yaml", ".yml"}
PARTS = ("therapies", "populations", "supportive", "best_supportive_care", "background", "centres")
"""The folders of the catalogue that hold what scenarios are made of."""


def scenarios() -> dict[str, Path]:
    """The scenarios that come with pathsim, by name."""
    return named(scenarios_dir())


def therapies() -> dict[str, Path]:
    """The therapies of the catalogue, by name."""
    return named(params_dir() / "therapies")


def studies() -> dict[str, Path]:
    """The studies that come with pathsim, by name."""
    return named(studies_dir())


def parts() -> dict[str, Path]:
    """The files of the catalogue that hold numbers, by name: therapies, populations and others."""
    return {name: path for kind in PARTS for name, path in named(params_dir() / kind).items()}


def fit_files() -> dict[str, Path]:
    """The fits of the catalogue, by name."""
    return named(params_dir() / "fits")


def complete_fit(incomplete: str) -> list[str]:
    """Names of fits that begin like this, for the shell."""
    return [name for name in fit_files() if name.startswith(incomplete)]


def complete_scenario(incomplete: str) -> list[str]:
    """Names of scenarios that begin like this, for the shell."""
    return [n for n in scenarios() if n.startswith(incomplete) and n not in BASES]


def complete_study(incomplete: str) -> list[str]:
    """Names of studies that begin like this, for the shell."""
    return [name for name in studies() if name.startswith(incomplete)]


def complete_any(incomplete: str) -> list[str]:
    """Names of scenarios, therapies and studies that begin like this, for the shell."""
    known = {**scenarios(), **therapies(), **studies()}
    return [name for name in known if name.startswith(incomplete)]


def complete_catalogue(incomplete: str) -> list[str]:
    """Names of scenarios and of files of the catalogue that begin like this, for the shell."""
    return [name for name in {**scenarios(), **parts()} if name.startswith(incomplete)]


def complete_result(incomplete: str) -> list[str]:
    """Folders of results that begin like this, for the shell: below `results` if nothing is."""
    begun = Path(incomplete or "results/")
    above = begun if not incomplete or incomplete.endswith("/") else begun.parent
    try:
        there = [each for each in above.iterdir() if each.is_dir()]
    except OSError:
        return []
    return sorted(str(each) for each in there if str(each).startswith(incomplete))


def find(name: str, known: dict[str, Path]) -> Path:
    """The file of a name, or the YAML file at a path; InputError for what is neither."""
    if name in known:
        return known[name]
    if Path(name).suffix in YAML and not Path(name).is_dir():
        return Path(name)
    near = did_you_mean(name, known)
    hint = f"did you mean '{near}'? " if near else ""
    offered = ", ".join(each for each in known if each not in BASES)
    remedy = f"{hint}choose from {offered}, or name a .yaml file"
    what = "a folder, not a file" if name and Path(name).is_dir() else "nothing of this name"
    raise InputError(Problem(name[:80] or "(no name)", 1, "", what, remedy))


def find_study(name: str) -> Path:
    """The file of a study; InputError for what is none, with what a scenario is asked by."""
    if name in scenarios() and name not in studies():
        remedy = (
            "write a study of it (docs/studies.md, docs/sizing.md), or say what to change: "
            f"pathsim sweep {name} --vary PATH=VALUES"
        )
        raise InputError(Problem(name, 0, "", "a scenario, not a study", remedy))
    return find(name, studies())


def find_all(names: list[str], known: dict[str, Path]) -> list[Path]:
    """The files of several names; InputError with every name that is none."""
    found: list[Path] = []
    problems: list[Problem] = []
    for name in names:
        try:
            found.append(find(name, known))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def writable(out: Path, *, option: str = "--out") -> Path:
    """A folder to write to, made if need be; one clear sentence where it cannot be."""
    import os

    if out.is_file():
        said = f"'{out}' cannot be made: it is a file; name a folder."
        raise typer.BadParameter(said, param_hint=option)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        said = error.strerror or str(error)
        raise typer.BadParameter(f"'{out}' cannot be made ({said}).", param_hint=option) from None
    if not os.access(out, os.W_OK):
        raise typer.BadParameter(f"'{out}' cannot be written to.", param_hint=option)
    return out
