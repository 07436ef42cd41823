"""The folder of a search for capacities: the answer in words, as a scenario, as tables, as figure.

All but `run.json` is the same, byte for byte, for any number of workers and after any interruption.
Called by the command line.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from pathsim.inputs.plain import dump, plain
from pathsim.inputs.study_size import first_look
from pathsim.inputs.vary import whole
from pathsim.outcomes.size_dictionary import size_readme
from pathsim.pathway.phrases import a_number_of
from pathsim.study import folders, keys
from pathsim.study.plan import with_patients
from pathsim.study.size import Sized
from pathsim.study.sizing import tables, words


def keep(
    sized: Sized, out: Path, *, pictures: bool = True, report: folders.Report | None = None
) -> Path:
    """Write `out/<study>/<run id>/`; its path. `report` adds its page."""

    def write(folder: Path) -> None:
        _write_documents(sized, folder)
        _write_tables(sized, folder)
        if pictures:
            _draw(sized, folder / "figures")
        folders.write_record(folder, _record(sized), command="size")
        if report:
            report(folder)
        capacities = {
            axis.name: f"{axis.many + ': ' if axis.many else ''}{each.field}"
            for axis, each in zip(
                sized.sizing.lattice.axes, sized.sizing.design.capacities, strict=True
            )
        }
        folders.write_dictionary(folder, lambda present: size_readme(present, capacities))

    name = folders.run_id(sized.started, digest(sized))
    return folders.write_whole(out / sized.sizing.study.study, name, write)


def digest(sized: Sized) -> str:
    """What tells a search from all others: its study as it was read, its scenario and its seed."""
    return keys.key(_study(sized), dump(sized.sizing.scenario.document()), sized.seed)


def _study(sized: Sized) -> str:
    """The study as it was carried out, its scenario the one that stands beside it."""
    study = sized.sizing.study
    said = {k: v for k, v in plain(study).items() if k not in ("outcomes", "structures")}
    own = {"scenarios": ["scenario.yaml"], "replications": first_look(study), "seed": sized.seed}
    return dump({**said, **own})


def _write_documents(sized: Sized, folder: Path) -> None:
    """The study, its scenario, and the answer in words and as a scenario ready to run."""
    sizing, found = sized.sizing, sized.found
    documents = {"study": _study(sized), "scenario": dump(sizing.scenario.document())}
    if found.cheapest is not None:
        answer = whole(sizing.scenario, sizing.changes(found.cheapest))
        if sizing.study.patients is not None:
            answer = with_patients(answer, sizing.study.patients)
        documents["answer"] = dump(answer.document())
    for name, text in documents.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    lines = [words.answer(found), *words.undecided(found), *words.at_the_edge(found),
             *words.just_fails(found), words.confidence(found),
             *words.assumption(found)]  # fmt: skip
    (folder / "answer.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_tables(sized: Sized, folder: Path) -> None:
    of = sized.found
    made = {"evaluated": tables.evaluated(of), "capacities": tables.capacities(of),
            "frontier": tables.frontier(of), "effects": tables.effects(of)}  # fmt: skip
    for name, table in made.items():
        folders.write_plain(folder, name, table)


def _draw(sized: Sized, folder: Path) -> None:
    from pathsim.figures.frontier import frontier
    from pathsim.figures.saving import save
    from pathsim.figures.style import new_axes

    found = sized.found
    axes = found.lattice.axes
    wide = 9.0 if len(axes) == 1 else 11.0
    ax = frontier(
        new_axes(width=wide, height=6.2),
        tables.capacities(found),
        tables.evaluated(found),
        names=[axis.name for axis in axes],
        labels=[(axis.many or axis.name).capitalize() for axis in axes],
        header=_header(sized),
    )
    save(ax, folder, "frontier")


def _header(sized: Sized) -> str:
    """What was found, and how much stands behind it."""
    found, patients = sized.found, sized.sizing.study.patients
    said = "No capacity looked at keeps every promise"
    if found.cheapest is not None:
        said = f"Enough: {found.lattice.words(found.cheapest)}"
    people = "" if patients is None else f" of {a_number_of(patients, 'patient')}"
    bounds = "bars: bounds with " if len(found.lattice.axes) == 1 else ""
    sure = f"{bounds}{100 * found.seen.rule.confidence:g} % confidence for all together"
    n = f"n = {found.seen.rule.told}{people} for each dot; {sure}"
    return "\n".join(textwrap.fill(line, 80) for line in (said, n))


def _record(sized: Sized) -> dict[str, Any]:
    """How it went, and what it was done with: all that may differ when it is done again."""
    found, rule = sized.found, sized.found.seen.rule
    return {
        "study": sized.sizing.study.study,
        "digest": digest(sized),
        "kind": "size",
        "scenario": sized.sizing.scenario.name,
        "patients": sized.sizing.study.patients,
        "seed": sized.seed,
        "engine": sized.engine,
        "confidence": rule.confidence,
        "looks": list(rule.looks),
        "level_of_each_bound": found.seen.level,
        "capacities": found.lattice.size,
        "capacities_looked_at": len(found.seen.values),
        "replications": found.seen.replications,
        "frontier": [list(found.lattice.values(point)) for point in found.frontier],
        "cheapest": found.cheapest and list(found.lattice.values(found.cheapest)),
        "software": keys.software(),
        **folders.how(sized.carried, sized.started, sized.finished, sized.engine),
    }
