"""STRESS-DES 5 and 6: software, random numbers, execution, machine, and how to get the model."""

from __future__ import annotations

from collections.abc import Iterator

from pathsim.pathway.phrases import a_number_of
from pathsim.report.basis import Asked
from pathsim.report.checklists.item import Answer, points

ENGINES = {
    "compiled": "the compiled engine (the pathway as flat arrays, walked by code that numba "
    "compiles)",
    "simpy": "the reference engine (SimPy walks the named pathway)",
}


def software(asked: Asked) -> Answer:
    versions: dict[str, str] = {}
    for b in asked.bases:
        versions.update(b.record.get("versions") or {})
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    system = asked.recorded("system")
    return (
        f"{listed or 'Versions were not recorded'}. Operating system: {system}.",
        "pathsim is a Python package; docs/law.md says what its models mean apart from any code.",
    )


def sampling(asked: Asked) -> Answer:
    seed = asked.recorded("seed")
    shared = (
        f"So a patient has the same luck under {asked.names}, in any order of events."
        if len(asked.bases) > 1
        else "So a patient's luck depends on no order of events and on no other patient."
    )
    return (
        f"Keyed draws, no shared stream: a number is a pure function of the seed ({seed}), the "
        "replication, the patient, the name of what is drawn (hashed by BLAKE2b to 64 bits) and "
        "how many were drawn under it before, mixed by the finaliser of splitmix64 (Stafford's "
        "mix 13) into 52 bits strictly between 0 and 1. " + shared,
        "Times are drawn by inverting the cumulative hazard. The tests of the project check the "
        "draws for uniformity and independence.",
    )


def execution(asked: Asked) -> Answer:
    engines = dict.fromkeys(str(b.record.get("engine") or "not recorded") for b in asked.bases)
    told = ", ".join(ENGINES.get(name, name) for name in engines)
    return (
        f"Next-event time advance by {told}. Both engines give the same events, row for row and "
        "bit for bit; `pathsim verify SCENARIO` shows it.",
        "Within an instant: first capacity steps and releases by name of resource; then all rings "
        "due, by patient number and clock; when none is due, one grant, to the first in order of "
        "the first queue that can be served; and again from the rings.",
        f"Priorities: {_ranked(asked)}. Replications are independent jobs over processes of one "
        "machine, or a Dask cluster; the result is the same for any number of workers.",
        points(f"{b.name}: {_jobs(b.record)}" for b in asked.bases),
    )


def _ranked(asked: Asked) -> str:
    ranks = dict.fromkeys(
        f"{name.replace('_', ' ')} ({', '.join(f'{k} {v}' for k, v in spec.ranks.items())})"
        for b in asked.bases
        for name, spec in b.scenario.centre.resources.items()
        if spec.ranks
    )
    return "; ".join(ranks).replace("_", " ") or "none but the order of asking"


def _jobs(record: object) -> str:
    said = record if isinstance(record, dict) else {}
    jobs = said.get("jobs") or {}
    events = said.get("events")
    done = f"{jobs.get('done', 0)} jobs done, {jobs.get('in_store', 0)} found in the store"
    return f"{done}; {events:,} events" if isinstance(events, int) else done


def machine(asked: Asked) -> Answer:
    work = [b.record.get("seconds_of_work") for b in asked.bases]
    known = [f"{seconds:.1f}" for seconds in dict.fromkeys(work) if isinstance(seconds, float)]
    ran = (f"{', '.join(known)} seconds of work, all jobs together" if known else
           "how long it took is not recorded")  # fmt: skip
    return (
        f"Run time: {ran}; {a_number_of(len(asked.bases), 'model')} "
        f"with {asked.recorded('replications')} replications.",
        f"Machine: {asked.recorded('system')}. No graphics processor and no network is needed.",
    )


def access(asked: Asked) -> Answer:
    return (
        f"pathsim {_version(asked)}, MIT licence, with its parameters, scenarios and tests; "
        "CITATION.cff says how to cite it. The files beside this page are enough to run it again:",
        points(_again(asked)),
        "A scenario is known by the digest of its resolved document: "
        + "; ".join(f"{b.name} {b.model.digest[:16]}" for b in asked.bases) + ".",
    )  # fmt: skip


def _version(asked: Asked) -> str:
    found = dict.fromkeys(str((b.record.get("versions") or {}).get("pathsim", "of no recorded "
                              "version")) for b in asked.bases)  # fmt: skip
    return ", ".join(found)


def _again(asked: Asked) -> Iterator[str]:
    for b in asked.bases:
        if b.name in asked.result.strategies:
            where = f"{b.name}/scenario.yaml" if len(asked.bases) > 1 else "scenario.yaml"
            yield (f"`pathsim run {where} --seed {b.record.get('seed')} "
                   f"--replications {b.record.get('replications')}`")  # fmt: skip
    for study in asked.studies:
        command = "size" if study.kind == "size" else "sweep"
        if (study.folder / "study.yaml").exists():
            yield f"`pathsim {command} study.yaml`, in the folder of {study.name}"
