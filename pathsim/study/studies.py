"""A study as it was asked for: from its file, or a grid from the words of a command line.

Called by `pathsim sweep`, `size` and `show`. What is wrong with a command line
is told as a file's is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pathsim.errors import InputError, Problem
from pathsim.inputs.document import Document
from pathsim.inputs.load import read
from pathsim.inputs.study_fields import Loaded
from pathsim.inputs.yaml_text import parse
from pathsim.study.asked_outcomes import checked_study

SETS = {"sobol_indices": "base_sets", "morris": "trajectories"}
"""Kind of design -> the field that says how many sets there are, where it is not `sets`."""
UNCOUNTED = ("grid", "one_way", "size")
"""Kinds of design whose sets follow from their values."""


def study_asked(path: Path, *, sets: int | None = None, **instead: Any) -> Loaded:
    """The study in a file, sound, with other values of its own fields where they are not None.

    `sets` is a field of its design. Raises InputError with all that is wrong.
    """
    document = read(path)
    data: dict[str, Any] = {**document.data, **{k: v for k, v in instead.items() if v is not None}}
    design = data.get("design")
    if sets is not None and isinstance(design, dict):
        kind = str(design.get("kind"))
        if kind in UNCOUNTED:
            remedy = "leave --sets out"
            raise InputError(
                document.problem(("design",), f"a {kind} draws no sets", remedy=remedy)
            )
        data["design"] = {**design, SETS.get(kind, "sets"): sets}
    return checked_study(Document(document.source, data, document.places))


LINE = "command-line"
"""What is told as the file where a study was not written in one."""
REPLICATIONS = 4
"""Of a grid from the command line, unless it says how many: with fewer no interval is of use."""


def quick_grid(scenarios: Sequence[str], vary: Sequence[str], **said: Any) -> Loaded:
    """The grid of `PATH=VALUE,VALUE,...`, one a field; raises InputError with all that is wrong."""
    fields, problems = list[dict[str, Any]](), list[Problem]()
    for text in vary:
        path, equals, values = text.partition("=")
        if equals and values.strip(", "):
            fields.append({"path": path.strip(), "values": [_value(v) for v in values.split(",")]})
        else:
            remedy = "write it like accrual.rate='6 per month,8 per month'"
            problems.append(Problem(LINE, 1, text, "no values are given", remedy))
    if problems:
        raise InputError(problems)
    data = {
        "study": re.sub(r"[^a-z0-9]+", "_", f"sweep_{Path(scenarios[0]).stem}".lower())[:60],
        "title": f"{', '.join(scenarios)} with other values.",
        "scenarios": list(scenarios),
        "replications": REPLICATIONS,
        **{name: value for name, value in said.items() if value is not None},
        "design": {"kind": "grid", "vary": fields},
    }
    return checked_study(Document(Path(LINE).absolute(), data, {}))


def _value(text: str) -> Any:
    """A value as a file would have it: a number, true or false, or text."""
    parsed = parse(f"value: {text.strip()}\n")
    return text.strip() if parsed.flaws else parsed.data["value"]
