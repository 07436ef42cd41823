"""How it was run: seed, replications, times, versions, and the command that does it again.

All of it is what run.json says; nothing of this computer or of today stands here.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pathsim.outcomes import dictionary
from pathsim.report.shapes import Row, Table, row
from pathsim.study.folders import README
from pathsim.study.kept import Result, Strategy, Study
from pathsim.units import DAYS_PER_YEAR

TITLE, TEMPLATE = "How it was run", "how.html"

ENGINES = {"compiled": "compiled, the fast one", "simpy": "SimPy, the plain one"}
"""An engine's name in the record -> what it is called here."""
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Again:
    """A command, and what must be there for it."""

    where: str
    command: str


def content(result: Result) -> Mapping[str, Any] | None:
    """How the strategies and the studies were run; None where there are neither."""
    records = [each.record for each in result.strategies.values()]
    records += [study.record for study in result.studies]
    if not records:
        return None
    return {
        "runs": [*_run(result), *map(_study, result.studies)],
        "versions": _versions(records),
        "again": [*_again(result), *map(_study_again, result.studies)],
        "digests": _digests(result),
        "files": _files(result),
    }


# --- how it went -------------------------------------------------------------------------------


def _run(result: Result) -> Iterator[Table]:
    """The strategies: what they share, and how much happened under each."""
    if result.base is None:
        return
    first = result.base.record
    rows = [
        row("Strategies", ", ".join(result.strategies)),
        row("Seed", f"{first['seed']}, the number from which all chance is drawn"),
        row("Replications", f"{first['replications']:,} of each strategy"),
        *_precision(result.precision),
        row("Patients", _shared(result, "patients", _patients)),
        row("Horizon", _shared(result, "horizon_days", _days)),
        row("Warm-up", _shared(result, "warm_up_days", _warm_up)),
        row("Processors", "no result depends on how many there were"),
        *_engine(first),
        *_times([each.record for each in result.strategies.values()]),
    ]
    yield Table("The run", ("What", "How"), tuple(rows))
    each = [
        row(name, f"{one.record['events']:,}", f"{one.record['off_label_entries']:,}")
        for name, one in result.strategies.items()
    ]
    head = ("Strategy", "Events simulated", "Therapies begun off label")
    yield Table("What was simulated, all replications together", head, tuple(each))


def _study(study: Study) -> Table:
    """A study, as far as its record tells."""
    record = study.record
    said = {
        "kind": "Kind", "seed": "Seed", "sets": "Sets of values", "sets_left_out": "Sets left out",
        "capacities": "Capacities that could be had", "capacities_looked_at": "Looked at",
        "replications": "Replications", "patients": "Patients a replication",
    }  # fmt: skip
    known = {word: record[key] for key, word in said.items() if record.get(key) is not None}
    rows = [row(word, _number(value)) for word, value in known.items()]
    rows += [*_engine(record), *_times([record])]
    return Table(f"{study.kind.capitalize()}: {study.name}", ("What", "How"), tuple(rows))


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value).replace("_", " ")


def _precision(precision: Record | None) -> Iterator[Row]:
    """What was asked for, where replications were added until it was met."""
    if precision is None:
        return
    for each in precision["outcomes"]:
        found = "" if each["half_width"] is None else f", reached ± {each['half_width']:.3g}"
        asked = f"{each['outcome']}, {each['strategy']}: {each['asked']}{found} ({each['verdict']})"
        yield row("Precision asked for", asked)
    most = f"{precision['most_replications']:,} were allowed"
    yield row("Replications at first", f"{precision['first_replications']:,}; {most}")


def _shared(result: Result, key: str, words: Callable[[Any], str]) -> str:
    """What the record says under a key, in words: once, or for each strategy where they differ."""
    said = {name: words(each.record[key]) for name, each in result.strategies.items()}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"{name}: {each}" for name, each in said.items())


def _patients(many: int | None) -> str:
    return "as many as come before the horizon" if many is None else f"{many:,} a replication"


def _days(days: float) -> str:
    return f"{days:,.6g} days ({days / DAYS_PER_YEAR:.1f} years)"


def _warm_up(days: float) -> str:
    return f"{_days(days)}, not counted" if days else "none: what happens from day 0 on counts"


def _engine(record: Record) -> Iterator[Row]:
    if name := record.get("engine"):
        yield row("Engine", f"{ENGINES.get(name, name)}; both give the same events")


def _times(records: list[Record]) -> Iterator[Row]:
    """When it was done, how long it took, and how much work it was; in UTC."""
    started = [datetime.fromisoformat(r["started"]) for r in records if r.get("started")]
    finished = [datetime.fromisoformat(r["finished"]) for r in records if r.get("finished")]
    if started:
        yield row("Started", f"{min(started):%Y-%m-%d %H:%M:%S} UTC")
    if finished:
        yield row("Finished", f"{max(finished):%Y-%m-%d %H:%M:%S} UTC")
    if started and finished:
        yield row("Duration", f"{(max(finished) - min(started)).total_seconds():,.1f} seconds")
    if work := [r["seconds_of_work"] for r in records if r.get("seconds_of_work") is not None]:
        yield row("Work", f"{max(work):,.1f} seconds, all processes together")
    if "date" in records[0]:
        yield row("Date", records[0]["date"])


# --- what it rests on, and how it is done again ------------------------------------------------


def _versions(records: list[Record]) -> Table:
    """The software: a row a package, all versions where folders differ."""
    packages = dict.fromkeys(package for record in records for package in record["versions"])
    rows = []
    for package in packages:
        each = dict.fromkeys(r["versions"].get(package, "not used") for r in records)
        rows.append(row(package.capitalize() if package == "python" else package, *_one(each)))
    return Table("Software", ("Package", "Version"), tuple(rows))


def _one(each: Mapping[str, None]) -> tuple[str]:
    return (" and ".join(each),)


def _digests(result: Result) -> Table | None:
    """What tells each resolved scenario, or study, from all others."""
    named = [*((name, each.record) for name, each in result.strategies.items()),
             *((study.name, study.record) for study in result.studies)]  # fmt: skip
    rows = [row(name, record["digest"]) for name, record in named if "digest" in record]
    if not rows:
        return None
    note = "A scenario with the same digest has the same numbers and rules, to the last digit."
    head = ("Scenario or study", "Digest (SHA-256)")
    return Table("Fingerprints of what was run", head, tuple(rows), note)


def _again(result: Result) -> Iterator[Again]:
    """The command that gives the same strategies again, from the folders of results."""
    each = [*result.strategies.values()]
    if len(each) == 1:
        yield Again(
            "In the folder of results", f"pathsim run scenario.yaml {_options(each[0].record)}"
        )
    elif each:
        together = all(one.folder.parent == each[0].folder.parent for one in each)
        where = "In the folder of results" if together else "In the folder of all results"
        named = " ".join(shlex.quote(_document(one, together=together)) for one in each)
        yield Again(where, f"pathsim compare {named} {_options(each[0].record)}")


def _document(strategy: Strategy, *, together: bool) -> str:
    """A scenario as it was resolved, seen from the folder of a comparison, or from that of all."""
    folder = strategy.folder.absolute()
    above = folder.parent if together else folder.parents[1]
    return f"{folder.relative_to(above).as_posix()}/scenario.yaml"


def _options(record: Record) -> str:
    return f"--seed {record['seed']} --replications {record['replications']}"


def _study_again(study: Study) -> Again:
    """The command that does a study again."""
    record = study.record
    if study.kind == "validate":
        said = f"pathsim validate --patients {record['patients']} --seed {record['seed']}"
        return Again("With the catalogue of this version", said)
    if study.kind == "warm-up":
        said = f"pathsim warm-up {shlex.quote(study.name)} {_options(record)}"
        return Again("Where the scenario is", said)
    return Again("In the folder of the study", f"pathsim {study.kind} study.yaml")


def _files(result: Result) -> tuple[tuple[str, str], ...]:
    """What is in a folder of strategies -> what it is."""
    if result.base is None:
        return ()
    folders = {each.folder for each in result.strategies.values()}
    folders |= {folder.parent for folder in folders if len(folders) > 1}
    there = {README, "report.html"}  # the page is made before they are there
    there |= {path.relative_to(f).as_posix() for f in folders for path in f.rglob("*")}
    return tuple(dictionary.of_files(dictionary.FILES, there).items())
