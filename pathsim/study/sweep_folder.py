"""The folder of a study: tidy tables, the design, the study and its scenarios, and what each is.

`keep` reads the sets back from the store in order and writes them as they come, whole or not at
all. All but `run.json` is the same, byte for byte, for any number of workers and after any
interruption. Called by the command line.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pathsim.inputs.plain import dump, plain
from pathsim.outcomes.study_dictionary import study_readme
from pathsim.study import folders, keys
from pathsim.study.accounts import Account, account_of
from pathsim.study.execute import Carried
from pathsim.study.store import Results
from pathsim.study.sweep import Plan, cells
from pathsim.study.sweep_tables import (
    Shown,
    Table,
    add_design,
    add_differences,
    add_results,
    design_columns,
    difference_columns,
    result_columns,
)

SCENARIOS = "scenarios"


@dataclass(frozen=True)
class Kept:
    """The folder that was written, and the account of what is in it."""

    folder: Path
    account: Account


def keep(
    plan: Plan,
    store: Results,
    carried: Carried,
    out: Path,
    *,
    started: datetime,
    pictures: bool = True,
    report: folders.Report | None = None,
) -> Kept:
    """Write `out/<study>/<run id>/` and say what is in it; `report` adds its page."""
    accounts: list[Account] = []

    def write(folder: Path) -> None:
        account = account_of(plan, folder)
        accounts.append(account)
        _write_documents(plan, folder)
        left_out = _write_tables(plan, store, carried, folder, account)
        if pictures:
            account.draw(folder / "figures")
        folders.write_record(folder, _record(plan, carried, started, left_out), command="sweep")
        if report:
            report(folder)
        folders.write_dictionary(folder, lambda present: _readme(plan, present, account))

    name = folders.run_id(started, digest(plan))
    folder = folders.write_whole(out / plan.study.study, name, write)
    return Kept(folder, accounts[-1])


def digest(plan: Plan) -> str:
    """What tells a study from all others: its file as it was read, and its scenarios."""
    return keys.key(_study(plan), *(base.digest for base in plan.bases))


def _study(plan: Plan) -> str:
    """The study as it was read, its scenarios those that stand beside it in the folder."""
    beside = [f"{SCENARIOS}/{scenario.name}.yaml" for scenario in plan.scenarios]
    return dump({**plain(plan.study), "scenarios": beside})


def _write_documents(plan: Plan, folder: Path) -> None:
    """The study and its resolved scenarios: what is needed to do it again."""
    (folder / "study.yaml").write_text(_study(plan), encoding="utf-8")
    (folder / SCENARIOS).mkdir()
    for scenario in plan.scenarios:
        text = dump(scenario.document())
        (folder / SCENARIOS / f"{scenario.name}.yaml").write_text(text, encoding="utf-8")


def _write_tables(
    plan: Plan, store: Results, carried: Carried, folder: Path, account: Account
) -> int:
    """The tables, read and written set by set; the account hears of each set as well.

    Gives the number of sets that are left out, as a job of theirs failed.
    """
    failed = {failure.job.key for failure in carried.failures}
    written = 0
    shown = Shown.of(plan.design, plan.scenarios)
    name = "inputs" if plan.design.wide else "design"
    with Table(folder, name, design_columns(plan.design.factors)) as design:
        add_design(design, plan.design)
    with ExitStack() as open_:
        results = open_.enter_context(Table(folder, "results", result_columns(shown.factors)))
        between = len(plan.scenarios) > 1
        columns = difference_columns(shown.factors)
        differences = (
            open_.enter_context(Table(folder, "differences", columns)) if between else None
        )
        for number, found in cells(plan, store, failed=failed):
            written += 1
            add_results(results, number, found, shown)
            if differences is not None:
                add_differences(differences, number, found, shown)
            account.add(number, found)
    account.finish()
    return len(plan.design) - written


def _readme(plan: Plan, present: set[str], account: Account) -> str:
    return study_readme(
        present,
        {factor.name: (factor.unit, factor.path) for factor in plan.design.factors},
        files=account.files,
        columns=account.columns,
        wide=plan.design.wide,
    )


def _factors(plan: Plan) -> list[dict[str, Any]]:
    """What is changed, and what it is in the first scenario; of very many only the paths."""
    if plan.design.wide:
        return [{"path": factor.path} for factor in plan.design.factors]
    return [
        {"name": f.name, "path": f.path, "unit": f.unit, "base": f.cell(f.base)}
        for f in plan.design.factors
    ]


def _record(plan: Plan, carried: Carried, started: datetime, left_out: int) -> dict[str, Any]:
    """How it went, and what it was done with: all that may differ when it is done again."""
    return {
        "study": plan.study.study,
        "digest": digest(plan),
        "kind": plan.design.kind,
        "sets": len(plan.design),
        "factors": _factors(plan),
        "sets_left_out": left_out,
        "scenarios": [base.name for base in plan.bases],
        "digests": [base.digest for base in plan.bases],
        "structures": list(plan.study.every_structure),
        "replications": plan.study.replications,
        "patients": plan.study.patients,
        "seed": plan.study.seed,
        "left_out": list(plan.design.left_out),
        "engine": plan.engine,
        "software": keys.software(),
        **folders.how(carried, started, folders.now(), plan.engine),
    }
