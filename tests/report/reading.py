"""A page of HTML as those see it who test it: its elements, its headings, whom it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "img", "br", "hr", "link", "input", "col", "wbr"}


@dataclass(frozen=True)
class Element:
    """An element that was opened: its name and attributes."""

    name: str
    said: Mapping[str, str]


@dataclass
class Page(HTMLParser):
    """Every element in order, the text of each heading, and what is not closed as it should be."""

    elements: list[Element] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)
    within: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.within.append(tag)
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        if not self.within or self.within[-1] != tag:
            self.unsound.append(f"</{tag}> within {self.within[-3:]}")
        else:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        inside = self.within[-1] if self.within else ""
        if inside not in ("style", "script"):
            self.texts.append(data)
        if inside.startswith("h") and inside[1:].isdigit():
            level, said = self.headings[-1]
            self.headings[-1] = (level, (said + data).strip())

    def all(self, name: str) -> list[Element]:
        return [each for each in self.elements if each.name == name]

    @property
    def ids(self) -> list[str]:
        return [each.said["id"] for each in self.elements if "id" in each.said]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def parsed(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    return page
