"""Where the catalogue and the scenarios are kept.

Called by the modules that read them and by the command line. In a checkout they are the folders
beside the package; in an installed package, copies inside it.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


BASES = {"base"}
"""Scenarios that others are laid over: they state no strategy and cannot be run."""


def params_dir() -> Path:
    """The folder of the parameter catalogue."""
    return _kept("params")


def scenarios_dir() -> Path:
    """The folder of the scenarios that come with pathsim."""
    return _kept("scenarios")


def studies_dir() -> Path:
    """The folder of the studies that come with pathsim."""
    return scenarios_dir() / "studies"


def named(folder: Path) -> dict[str, Path]:
    """The YAML files of a folder, by name without ending; {} if there is no such folder."""
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def _kept(name: str) -> Path:
    """The folder in the checkout if this is one, otherwise the package's own copy."""
    checkout = _PACKAGE.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    return _PACKAGE / "_data" / name
