"""What pydantic complains of, in our words and at the line where somebody wrote it.

Called by `load.validate` alone. The only module that knows pydantic's error codes.
"""

from typing import Any
from pydantic import ValidationError
from pathsim.errors import Problem
from pathsim.inputs.document import Document, Where


def complaints(
    error: ValidationError, document: Document, *, kind: Any, at: Where
) -> list[Problem]:
    return [document.problem((*at, *e["loc"]), e["msg"]) for e in error.errors(include_url=False)]
