"""A study as it was asked for: from its file, with what the command line says otherwise.

Called by `pathsim sweep` and `show`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pathsim.inputs.document import Document
from pathsim.inputs.load import read
from pathsim.inputs.study_fields import Loaded
from pathsim.study.asked_outcomes import checked_study

SETS = {"sobol_indices": "base_sets", "morris": "trajectories"}
"""Kind of design -> the field that says how many sets there are, where it is not `sets`."""


def study_asked(path: Path, *, sets: int | None = None, **instead: Any) -> Loaded:
    """The study in a file, sound, with other values of its own fields where they are not None.

    `sets` is a field of its design. Raises InputError with all that is wrong.
    """
    document = read(path)
    data: dict[str, Any] = {**document.data, **{k: v for k, v in instead.items() if v is not None}}
    design = data.get("design")
    if sets is not None and isinstance(design, dict):
        data["design"] = {**design, SETS.get(str(design.get("kind")), "sets"): sets}
    return checked_study(Document(document.source, data, document.places))
