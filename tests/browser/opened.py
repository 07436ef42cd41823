"""A page opened from the disk as a reader opens it: offline, and with an ear to all it says.

Called by the tests and by the checks, which look at what is opened here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page

LOOKS = (Path(__file__).parent / "looks.js").read_text(encoding="utf-8")

WIDE, NARROW = 1280, 360
"""Pixels: a desk's screen and a telephone's."""


@dataclass(frozen=True)
class Opened:
    """A page in the browser, with what it said on the console and what it asked the network for."""

    path: Path
    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def look(self, name: str, *values: Any) -> Any:
        """What the function of that name in `looks.js` gives of the page as it stands."""
        return self.page.evaluate(f"values => ({LOOKS}).{name}(...values)", list(values))

    def widen(self, width: int, *, height: int = 800) -> None:
        """Set the inner size of the window, in pixels, on a screen."""
        self.page.emulate_media(media="screen")
        self.page.set_viewport_size({"width": width, "height": height})

    @cached_property
    def paper(self) -> tuple[int, int]:
        """Width and height in pixels of what a page of A4 holds within the margins of its style."""
        width, height = self.look("paper")
        return int(width), int(height)

    @contextmanager
    def on_paper(self, *, unfolded: bool = True) -> Iterator[tuple[int, int]]:
        """Laid out as in print, on paper so wide and high; on the screen again at the end.

        What is folded is printed too, where the page asks whether it shall be.
        """
        width, height = self.paper
        for box in self.page.locator("#unfold").all():
            box.set_checked(unfolded)
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(media="print")
        try:
            yield width, height
        finally:
            self.widen(WIDE)

    @cached_property
    def pdf(self) -> bytes:
        """The whole page as it is printed on A4 with the margins of its own style."""
        return self.printed(unfolded=True)

    def printed(self, *, unfolded: bool) -> bytes:
        """The page as PDF, with what is folded in it or without."""
        with self.on_paper(unfolded=unfolded):
            return self.page.pdf(format="A4", prefer_css_page_size=True)


@contextmanager
def opened(browser: Browser, path: Path, *, scripts: bool = True) -> Iterator[Opened]:
    """A page of the disk, opened without a network; without scripts too if so asked."""
    context = browser.new_context(offline=True, java_script_enabled=scripts)
    context.set_default_timeout(20_000)
    it = Opened(path, context.new_page())
    it.page.on("request", lambda request: it.asked.append(request.url))
    it.page.on("pageerror", lambda error: it.said.append(f"error: {error}"))
    it.page.on("console", lambda message: _hear(message, it.said))
    it.widen(WIDE)
    try:
        it.page.goto(path.as_uri())
        yield it
    finally:
        context.close()


def _hear(message: ConsoleMessage, said: list[str]) -> None:
    if message.type in ("error", "warning", "assert"):
        said.append(f"{message.type}: {message.text}")
