"""A page on paper: nothing cut, nothing lost, nothing torn.

Called as the other checks are. The layout in print is measured in the browser; that every word of
every table is there is read out of the PDF.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Any

from pypdfium2 import PdfDocument

from tests.browser.opened import Opened


def sheets(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return len(PdfDocument(pdf))


def laid_out(it: Opened) -> list[str]:
    """On A4 every table and figure lies within the paper, heads repeat, and nothing is torn."""
    with it.on_paper() as (width, height):
        return list(it.look("printed", width, height))


def read_back(it: Opened) -> list[str]:
    """In the PDF is every cell of every table, as often as on the page, and on the paper."""
    pages = (page.get_textpage() for page in PdfDocument(it.pdf))
    text = plain("".join(page.get_text_bounded() for page in pages))
    with it.on_paper() as (_, height):
        tables = it.look("written", height)
    cells = Counter(plain(cell) for table in tables for cell in table["cells"])
    lost = [cell for cell, times in cells.items() if text.count(cell) < times]
    return [
        *(f"the PDF lacks '{cell}'" for cell in lost),
        *(fault for table in tables for fault in _unrepeated(table, text)),
    ]


def _unrepeated(table: dict[str, Any], text: str) -> list[str]:
    if not table["long"] or text.count(plain(table["head"])) > 1:
        return []
    return [f"the head of '{table['caption']}' is not repeated"]


def plain(text: str) -> str:
    """A text without spaces, hyphens and ligatures, which printing adds and takes away.

    PDFium gives a mark that is no character for a hyphen at the end of a line.
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s\x02\ufffe\u00ad\u2010-\u2012-]+", "", text)
