"""A page on paper: nothing cut, nothing lost, nothing torn.

Called as the other checks are. The layout in print is measured in the browser; that every word of
every table is there is read out of the PDF.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from typing import Any

from pypdf import PageObject, PdfReader

from tests.browser.opened import Opened


def laid_out(it: Opened) -> list[str]:
    """On A4 every table and figure lies within the paper, heads repeat, and nothing is torn."""
    with it.on_paper() as (width, height):
        return list(it.look("printed", width, height))


def read_back(it: Opened) -> list[str]:
    """In the PDF is every cell of every table, as often as on the page, and on the paper."""
    beyond: list[str] = []
    pages = PdfReader(io.BytesIO(it.pdf)).pages
    text = plain("".join(_text(page, beyond) for page in pages))
    with it.on_paper() as (_, height):
        tables = it.look("written", height)
    cells = Counter(plain(cell) for table in tables for cell in table["cells"])
    lost = [cell for cell, times in cells.items() if text.count(cell) < times]
    return [
        *(f"the PDF lacks '{cell}'" for cell in lost),
        *(fault for table in tables for fault in _unrepeated(table, text)),
        *beyond,
    ]


def _unrepeated(table: dict[str, Any], text: str) -> list[str]:
    if not table["long"] or text.count(plain(table["head"])) > 1:
        return []
    return [f"the head of '{table['caption']}' is not repeated"]


def _text(page: PageObject, beyond: list[str]) -> str:
    """What a page says; `beyond` is told what begins outside the paper."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)

    def visit(words: str, matrix: list[float], text: list[float], *_: Any) -> None:
        x = text[4] * matrix[0] + text[5] * matrix[2] + matrix[4]
        y = text[4] * matrix[1] + text[5] * matrix[3] + matrix[5]
        if words.strip() and not (0 <= x <= width and 0 <= y <= height):
            beyond.append(f"'{words.strip()[:40]}' lies beside the paper")

    return page.extract_text(visitor_text=visit)


def plain(text: str) -> str:
    """A text without spaces, hyphens and ligatures, which printing adds and takes away."""
    return re.sub(r"[\s\u00ad\u2010-\u2012-]+", "", unicodedata.normalize("NFKC", text)).casefold()
