"""Whether the best strategy stays the best where all that is uncertain is drawn anew.

Called by the sentences of the answer; reads the first study of uncertainty of several strategies.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pathsim.outcomes.first_look import OFF
from pathsim.outcomes.labels import listed
from pathsim.study.kept import Result, Study

ALIVE = "overall survival from arrival, mean within"


def drawn_anew(result: Result) -> str:
    """In a sentence, how often which strategy is the best; nothing where no study tells."""
    return next(filter(None, map(_told, result.studies)), "")


def _told(study: Study) -> str:
    table = study.table("uncertainty") if study.has("uncertainty") else pd.DataFrame()
    if "p_best" not in table:
        return ""
    own = table[(table["minus"].fillna("") == "") & table["p_best"].notna()]
    own = own[own["structure"] == own["structure"].iloc[0]] if len(own) else own
    names, each = [str(name) for name in own["scenario"].unique()], [*_best(own)]
    if len(names) < 2 or not each:
        return ""
    return (f"Where all that is uncertain is drawn anew, {int(own['sets'].max())} times (study "
            f"{study.name}, of {listed(names)}), {listed(each)}.")  # fmt: skip


def _best(table: pd.DataFrame) -> Iterator[str]:
    """Under which strategy patients do best, and how often; chance is in that."""
    outcomes = [str(name) for name in table["outcome"].unique()]
    alive = next((name for name in outcomes if name.startswith(ALIVE)), "")
    kinds = {OFF: "patients are off treatment longest", alive: "they live longest"}
    for outcome, said in kinds.items():
        mine = table[table["outcome"] == outcome]
        if len(mine):
            (best,) = mine.nlargest(1, "p_best").to_dict("records")
            yield f"{said} under {best['scenario']} in {100 * best['p_best']:.0f} % of the draws"
