"""The browser that opens the pages: where it is, how it is started, what is said without one.

Called by the fixtures beside this, and as a program, which fails where there is none. Without a
browser no test is passed: the tests are reported as not run, and where they must run (CI=true)
they fail.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

ALONE = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
"""The browser asks for nothing by itself, so that every request is the page's."""

INSTALL = (
    "install Chromium (on Debian 'apt-get install chromium'), or name a browser in PATHSIM_BROWSER"
)


def must_run() -> bool:
    """Whether a test that cannot run counts as failed, as it does in CI."""
    return os.environ.get("CI", "").lower() in ("true", "1", "yes")


def found() -> str | None:
    """The path of the browser that PATHSIM_BROWSER names, else of the first in PATH; or None."""
    named = os.environ.get("PATHSIM_BROWSER")
    if named:
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def why_none() -> str:
    """One sentence: that no browser was found, and how to get one."""
    named = os.environ.get("PATHSIM_BROWSER")
    told = f"PATHSIM_BROWSER names '{named}', which is no program" if named else "none was found"
    return f"the browser tests need a browser and {told}: {INSTALL}"


def not_run(why: str) -> None:
    """End the test that calls this: as skipped, or as failed where it must run."""
    if must_run():
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


@contextmanager
def started(path: str) -> Iterator[Browser]:
    """A headless browser with an empty profile, closed at the end."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(ALONE))
        try:
            yield browser
        finally:
            browser.close()


if __name__ == "__main__":
    sys.exit(None if found() else f"There is no browser yet: {why_none()}.")
