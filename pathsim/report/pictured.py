"""The figures of a result as they stand in the page, by the part of the report that shows them.

Called by the sections. Which figures there are, `study.pictures` says.
"""

from __future__ import annotations

from pathsim.report.shapes import Drawn, drawn
from pathsim.study.kept import Result
from pathsim.study.pictures import Part, pictures_of


def pictured(result: Result, part: Part) -> tuple[Drawn, ...]:
    """The figures of a part, drawn now, in their order; none where nothing was run."""
    if not result.strategies:
        return ()
    each = pictures_of(result.models, result.measured)
    return tuple(drawn(picture) for picture in each if picture.part == part)
