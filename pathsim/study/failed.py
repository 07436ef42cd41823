"""What failed, told so that it can be run alone: grouped by cause, documents kept.

Called by the command line with the failures that `execute` found. Runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pathsim.study.execute import Failure

TOLD = 10
"""So many causes are told on the screen; the file tells all."""


def kept_alone(failures: Sequence[Failure], folder: Path) -> Iterator[str]:
    """Keep the document of each failing job, and tell of them: how many, why, which, and how to
    run one alone. `failures.txt` in the folder tells of each."""
    folder.mkdir(parents=True, exist_ok=True)
    groups = by_cause(failures)
    commands = {id(failure): failure.job.keep_alone(folder) for failure in failures}
    file = folder / "failures.txt"
    lines = [_each(failure, commands[id(failure)]) for failure in failures]
    file.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    yield f"{_many(len(failures))} failed; what the others gave is kept."
    for cause, group in list(groups.items())[:TOLD]:
        first = group[0]
        yield f"{_many(len(group))}: {cause}"
        yield f"  such as {first.job.name}; alone: {commands[id(first)]}"
    if len(groups) > TOLD:
        yield f"... and {len(groups) - TOLD} other causes."
    yield f"Each of them, with its traceback: {file}"


def by_cause(failures: Sequence[Failure]) -> dict[str, list[Failure]]:
    """The failures of each cause, the most frequent first."""
    groups: dict[str, list[Failure]] = {}
    for failure in failures:
        groups.setdefault(failure.cause, []).append(failure)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))


def _each(failure: Failure, command: str) -> str:
    said = f"{failure.job.name}\n{failure.cause}\nalone: {command}"
    return f"{said}\n{failure.trace.rstrip()}" if failure.trace else said


def _many(jobs: int) -> str:
    return f"{jobs} job" + ("s" if jobs > 1 else "")
