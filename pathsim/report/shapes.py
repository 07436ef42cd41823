"""What sections are made of: tables, figures, and how a figure comes to stand in a page.

Called by the sections and drawn by `templates/macros.html`. Knows no outcome and no result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree

if TYPE_CHECKING:
    from pathsim.study.pictures import Picture

FIGURE = re.compile(r"^\s*[-+−±<]?[\d.,]+(?!\w)")
"""How a cell begins that holds a figure; a column of these stands to the right."""
NOTHING = ("", "-", "–")
TALL = 0.8
"""Height over width above which a figure is no slide: two of a slide's shape share a sheet."""
AS_IS = " !$'()*+,-./:;=?@_~"
"""What needs no escape in an address between double quotes."""
OUTLINE, COMMAND = re.compile(rb' d="[^"]*"'), re.compile(rb" ?(?<=[ \d])([MLCQz]) ?")
TENTH = re.compile(rb"(\d\.\d)\d+")
"""What a shape is drawn by in an SVG; a command in it; a number with more digits than one."""
SVG, DC = "{http://www.w3.org/2000/svg}", "{http://purl.org/dc/elements/1.1/}"


@dataclass(frozen=True)
class Row:
    """The cells of a row, in words; with `group` one cell that heads the rows which follow."""

    cells: tuple[str, ...]
    group: bool = False


@dataclass(frozen=True)
class Table:
    """A table in words: the first `row_heads` cells of a row are its headings.

    `head` has an entry a column. Columns of figures stand to the right. `note` is said below.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    row_heads: int = 1

    def __post_init__(self) -> None:
        for row in self.rows:
            assert len(row.cells) == (1 if row.group else len(self.head)), (self.caption, row)

    @property
    def figures(self) -> tuple[bool, ...]:
        """For each column whether all that it says are figures."""
        cells = zip(*(row.cells for row in self.rows if not row.group), strict=True)
        known = [[cell for cell in column if cell not in NOTHING] for column in cells]
        found = [bool(column) and all(map(FIGURE.match, column)) for column in known]
        return tuple(found) or (False,) * len(self.head)


def row(*cells: object) -> Row:
    """A row of these cells."""
    return Row(tuple(map(str, cells)))


def heading(words: str) -> Row:
    """A row that heads those which follow."""
    return Row((words,), group=True)


@dataclass(frozen=True)
class Drawn:
    """A figure as it stands in a page: what it shows, how it is read, what it says to who cannot
    see it, and its SVG."""

    name: str
    title: str
    says: str
    alt: str
    svg: bytes

    @property
    def address(self) -> str:
        """The figure itself as an address, so that the page needs no other file.

        Percent signs cost less than base64: a page is a fifth smaller. Outlines are on a tenth of a
        point, as no screen or paper shows more: a tenth smaller again.
        """
        svg = OUTLINE.sub(_shorter, b" ".join(self.svg.split()))
        return f"data:image/svg+xml,{quote(svg, safe=AS_IS)}"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of CSS: what a page leaves free for it."""
        _, _, width, height = _root(self.svg).get("viewBox", "0 0 648 403").split()
        return round(float(width) * 96 / 72), round(float(height) * 96 / 72)

    @property
    def tall(self) -> bool:
        """Whether it needs a sheet of its own to be read on paper."""
        width, height = self.size
        return height > TALL * width


def _shorter(outline: re.Match[bytes]) -> bytes:
    return COMMAND.sub(rb"\1", TENTH.sub(rb"\1", outline[0]))


def drawn(picture: Picture) -> Drawn:
    """The figure of a picture, drawn now; what it says in words is what its SVG says of itself."""
    from pathsim.figures.saving import svg_of

    svg = svg_of(picture.axes())
    return Drawn(picture.name, picture.title, picture.says, _words(svg) or picture.title, svg)


def kept(path: Path, *, name: str = "", title: str = "", says: str = "") -> Drawn:
    """A figure from a folder of results; title and words are those in the SVG itself."""
    svg = path.read_bytes()
    title = title or _text(svg, "title") or path.stem.replace("_", " ").capitalize()
    return Drawn(name or path.stem, title, says, _words(svg) or title, svg)


def _words(svg: bytes) -> str:
    return _text(svg, "desc", "description")


def _root(svg: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def _text(svg: bytes, *names: str) -> str:
    """What the first element says that has one of these names, in SVG or in its metadata."""
    tags = {f"{space}{name}" for name in names for space in (SVG, DC)}
    found = (" ".join((e.text or "").split()) for e in _root(svg).iter() if e.tag in tags)
    return next(filter(None, found), "")
