"""The figures that a study keeps, each with what it shows and how it is read.

Called by the section `studies`. Which outcome a figure is of, its number tells: figures stand in
the order in which the study shows its outcomes.
"""

from __future__ import annotations

import re
from itertools import product

import pandas as pd

from pathsim.report.shapes import Drawn, kept
from pathsim.report.study_read import Swept
from pathsim.study.kept import Study

MOST = 12
"""So many figures of a study stand in the page; the folder has all."""
SAYS = {
    "tornado": "Each bar is one field: how far the outcome moves when that field alone goes to its "
    "low end (blue) or its high end (orange). Thin lines are 95 % intervals of chance in the "
    "simulation, paired by replication. The longest bars are the fields that matter most.",
    "grid": "Each point is one set of values; its bar is the 95 % interval over replications, "
    "which is of chance in the simulation alone.",
    "uncertainty": "The coloured line is what is not known: where 95 % of the sets lie when every "
    "uncertain number is drawn anew, chance taken away. The pale band has chance as well.",
    "uncertainty_differences": "The coloured line is what is not known of the difference, chance "
    "taken away. Where it crosses the line at 0, the evidence does not tell which is better.",
    "indices": "The longer the bar, the more of the outcome hangs on it. Thin lines are 95 % "
    "intervals by bootstrap.",
    "frontier": "What keeps every promise, what breaks one, and what is the least that will do.",
    "calibration": "On the diagonal the model gives what was published. Horizontal bars are "
    "published 95 % intervals; a red rim is a figure that lies outside.",
    "survival": "Lines are simulated, points are published figures with their intervals.",
    "warm_up": "Thin lines are weekly means, thick ones their moving average, bands the middle "
    "80 % of replications; what is grey the rule would leave out.",
}  # fmt: skip
"""What a figure is called before its number -> how it is read."""
TITLES = {
    "frontier": "The capacities that keep every promise",
    "calibration": "Published against simulated",
    "survival": "Simulated curves over published landmarks",
    "warm_up": "How the service fills",
}
KINDS = {
    "one_way": ("tornado",),
    "grid": ("grid",),
    "uncertainty": ("uncertainty", "uncertainty_differences"),
    "sobol_indices": ("indices",),
    "morris": ("indices",),
    "size": ("frontier",),
    "validate": ("calibration", "survival"),
    "warm-up": ("warm_up",),
}
"""Kind of study -> the figures that it keeps."""
NAME = re.compile(r"(?P<head>[a-z_]+?)(_(?P<of>.*?))?_(?P<number>\d+)(?P<tail>_differences)?")


def figures_of(study: Study, kind: str) -> tuple[Drawn, ...]:
    """The figures of a study's folder, in their order; none where none were kept."""
    at = study.folder / "figures"
    paths = [*(at if at.is_dir() else study.folder).glob("*.svg")]
    shown = [path for path in paths if _kind_of(path.stem) in KINDS.get(kind, ())]
    order = sorted(shown, key=lambda path: (_number(path.stem), path.stem))
    titles = _titles(study, kind)
    return tuple(
        kept(path, title=titles.get(path.stem, TITLES.get(path.stem, "")),
             says=SAYS[_kind_of(path.stem)])
        for path in order[:MOST]
    )  # fmt: skip


def _kind_of(stem: str) -> str:
    found = NAME.fullmatch(stem)
    if found is None:
        return stem
    return stem.split("_")[0] + (found["tail"] or "")


def _number(stem: str) -> int:
    found = NAME.fullmatch(stem)
    return int(found["number"]) if found else 0


def _titles(study: Study, kind: str) -> dict[str, str]:
    """File -> its title, with the outcome that it shows."""
    swept, name = Swept(study), KINDS.get(kind, ("",))[0]
    tables = {"tornado": "tornado", "grid": "results", "uncertainty": "uncertainty",
              "indices": "indices"}  # fmt: skip
    if name not in tables:
        return {}
    table = swept.study.table(tables[name])
    first = swept.first(table)
    if name == "indices":
        own = table[table["minus"] == ""]
        cells = [*dict.fromkeys(zip(own["scenario"], own["structure"], strict=True))]
        many = len(cells) > 1
        each = [(o, f" ({s})" if many else "") for o, (s, _) in product(first, cells)]
        return {f"indices_{k}": f"What {o}{s} hangs on" for k, (o, s) in enumerate(each, start=1)}
    heads = {f"{head}_{k}": outcome for k, outcome in enumerate(first, start=1)
             for head in _heads(name, table)}  # fmt: skip
    differences = {f"{stem}_differences": f"Differences in {o}" for stem, o in heads.items()}
    told = {stem: _title(name, stem, outcome) for stem, outcome in heads.items()}
    return told | differences


def _heads(name: str, table: pd.DataFrame) -> list[str]:
    """What stands before the number: tornados have a file for each scenario and structure."""
    if name != "tornado":
        return [name]
    cells = [*dict.fromkeys(zip(table["scenario"], table["structure"], strict=True))]
    one = len({structure for _, structure in cells}) == 1
    return [f"tornado_{scenario}{'' if one else '_' + s}" for scenario, s in cells]


def _title(name: str, stem: str, outcome: str) -> str:
    if name == "tornado":
        return f"What moves {outcome}: {stem.removeprefix('tornado_').rpartition('_')[0]}"
    return outcome[:1].upper() + outcome[1:]
