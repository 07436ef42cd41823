"""The figures of a result as they stand in the page, by the part of the report that shows them.

Called by the sections. Which figures there are, `study.pictures` says.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pathsim.report.shapes import Drawn, drawn, kept
from pathsim.study.kept import Result
from pathsim.study.pictures import Part, Picture, pictures_of


def pictured(
    result: Result, part: Part, wanted: Callable[[str], bool] = lambda name: True
) -> tuple[Drawn, ...]:
    """The figures of a part in their order, those whose names are wanted; none of nothing run.

    They are drawn now, unless the result has just been drawn: then they are those.
    """
    if not result.strategies:
        return ()
    table = result.differences if result.precision else None
    each = pictures_of(result.models, result.measured, table)
    return tuple(
        _drawn(picture, result.figures)
        for picture in each
        if picture.part == part and wanted(picture.name)
    )


def _drawn(picture: Picture, figures: Path | None) -> Drawn:
    path = figures and figures / f"{picture.name.replace('/', '_')}.svg"
    if path is None or not path.exists():
        return drawn(picture)
    return kept(path, name=picture.name, title=picture.title, says=picture.says)
