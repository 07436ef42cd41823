"""What is worth keeping of rebuilt results: python tools/reference.py REBUILT results/reference.

Called by `make reference`, after the commands that simulate. Copies, draws the figure that the
README begins with, and leaves what `make validate` keeps as it is.
"""

import shutil
import sys
from pathlib import Path

import pandas as pd

from pathsim.figures.cover import cover
from pathsim.figures.saving import save
from pathsim.study.folders import write_dictionary
from pathsim.study.kept import newest

TITLE = "Four ways to sequence CAR T cells and bispecific antibodies, the same patients under each"
STRATEGIES, STUDIES, VALIDATION, PAGE = "strategies", "studies", "validation", "README.md"
SHOWN = ("survival_death", "time", "differences")
"""Figures of the comparison that are kept beside its tables; the report has them all."""
LARGE = ("results", "differences", "inputs", "effects", "tornado")
"""Tables of a study that are left out: the same command makes them again."""


def main(rebuilt: Path, reference: Path) -> None:
    """Fill the reference from what was rebuilt; what was there before is replaced."""
    for each in reference.iterdir():
        if each.name in (STRATEGIES, STUDIES):
            shutil.rmtree(each)
        elif each.is_file() and each.name != PAGE:
            each.unlink()
    found = [newest(each) for each in sorted(rebuilt.iterdir()) if each.is_dir()]
    for folder in found:
        name = folder.parent.name
        if name.startswith("compare_"):
            keep_strategies(folder, reference)
        elif name.startswith("sweep_"):
            table = pd.read_parquet(folder / "results.parquet")
            table.to_csv(reference / "scenarios.csv", index=False, float_format="%.6g")
            copy(folder / "run.json", reference / "scenarios.json")
        else:
            keep_study(folder, reference / STUDIES / name)


def keep_strategies(folder: Path, reference: Path) -> None:
    """The tables of a comparison, some figures, and that of the README; the scenarios are ours."""
    kept = reference / STRATEGIES
    for name in ("run.json", "outcomes.csv", "differences.csv"):
        copy(folder / name, kept / name)
    for name in SHOWN:
        copy(folder / "figures" / f"{name}.svg", kept / "figures" / f"{name}.svg")
    write_dictionary(kept)
    save(cover(pd.read_parquet(folder / "outcomes.parquet"), title=TITLE), reference, "cover")
    (reference / "cover.png").unlink()


def keep_study(folder: Path, kept: Path) -> None:
    """The study, how it went, its small tables, its answer and its figures."""
    for path in sorted(folder.iterdir()):
        if path.suffix in (".csv", ".json", ".txt") and path.stem not in LARGE:
            copy(path, kept / path.name)
    copy(folder / "study.yaml", kept / "study.yaml")
    for path in sorted((folder / "figures").glob("*.svg")):
        copy(path, kept / "figures" / path.name)


def copy(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, to)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
