"""The page: its sections in order, put together with the templates into one HTML file.

Called by the command line. A section turns a `Result` into plain data, or None where it has nothing
to show; a template beside it says how that is laid out. All text is escaped; nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pathsim.outcomes.written import OFF_LABEL
from pathsim.report import (
    answer,
    evidence,
    how,
    limits,
    lives,
    methods,
    outcomes,
    patients,
    service,
    strategies,
    studies,
)
from pathsim.study.folders import write_file
from pathsim.study.kept import Result

FEW = 2
"""So many first lines of tables stand open on top of the page; more are folded away."""
TEMPLATES = Path(__file__).parent / "templates"
INTERVAL = re.compile(r"\([-−+\d.,]+ to [-−+\d.,]+\)")
BREAKS = re.compile(r"[_/](?=\w{3})|[0-9a-f]{16}(?=[0-9a-f])")
"""Behind what a word may break: within names as files have them, and within digests."""


class Section(Protocol):
    """A module that shows one part of a result: its heading, its template, what stands in it."""

    TITLE: str
    TEMPLATE: str

    def content(self, result: Result) -> Mapping[str, Any] | None:
        """What the template shows; None where there is nothing to show."""


SECTIONS: tuple[Section, ...] = (
    *(answer, strategies, outcomes, patients, service, lives, studies),
    *(evidence, how, limits, methods),
)
"""Every section, in the order of the page."""


ANNEXES: tuple[tuple[Section, str, str], ...] = (
    (outcomes, "Annex: all outcomes", "all_outcomes.html"),
    (evidence, "Annex: every number and its source", "every_number.html"),
)
"""What of a section is too long to stand in it: the section, the heading, the template."""


@dataclass(frozen=True)
class Part:
    """A section as it stands in the page: what links name it, its heading, its HTML."""

    name: str
    title: str
    html: Markup


def page(result: Result, *, title: str = "") -> str:
    """The report as one HTML document."""
    templates = _templates()
    said = [(section, section.content(result)) for section in SECTIONS]
    known = [(section, content) for section, content in said if content is not None]
    parts = [_part(section.TITLE, section.TEMPLATE, content, templates)
             for section, content in known]  # fmt: skip
    parts += [_part(title, template, content, templates) for of, title, template in ANNEXES
              for section, content in known if section is of]  # fmt: skip
    return templates.get_template("page.html").render(
        title=title or result.title,
        header=result.header if len(result.header) <= FEW else (),
        headers=result.header if len(result.header) > FEW else (),
        off_label=[line for line in result.header if OFF_LABEL in line],
        parts=parts,
        style=Markup((TEMPLATES / "page.css").read_text(encoding="utf-8")),
    )


def write(result: Result, path: Path, *, title: str = "") -> Path:
    """The report in a file, whole or not at all; its path."""
    return write_file(path, page(result, title=title).encode("utf-8"))


def _part(title: str, template: str, content: Mapping[str, Any], templates: Environment) -> Part:
    html = templates.get_template(template).render(**content)
    return Part(Path(template).stem, title, Markup(html))


def breakable(words: object) -> Markup:
    """Words, with places at which a long name or a digest may break where a column is narrow."""
    return Markup("<wbr>").join(BREAKS.sub("\\g<0>\0", str(words)).split("\0"))


def tied(words: str) -> str:
    """Words whose intervals are not broken within their brackets."""
    return INTERVAL.sub(lambda found: found[0].replace(" ", "\u00a0"), words)


def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {"breakable": breakable, "tied": tied}
    return templates
