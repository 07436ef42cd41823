"""What must hold of a page: each check gives a list of complaints, empty if nothing is wrong.

Called by the tests of reports, which want every list empty, and by the tests of the checks, which
want the complaint that a broken page deserves. What is read off the page is in `looks.js`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.opened import NARROW, WIDE, Opened

Check = Callable[[Opened], list[str]]

HEAVIEST = 5_000_000
"""Bytes that a page may have."""

GRAVE = ("serious", "critical")
OF_WIDTH = ("scrollable-region-focusable", "target-size", "meta-viewport")


def quiet(it: Opened) -> list[str]:
    """Nothing on the console, neither error nor warning."""
    return it.said


def nothing_asked(it: Opened) -> list[str]:
    """The page itself is all that was asked for, and nothing in it would ever ask for more."""
    own = it.path.as_uri()
    outside = [url for url in it.asked if url != own and not url.startswith(("data:", "blob:"))]
    return [f"asks for {url}" for url in outside] + it.look("alone")


def light(it: Opened) -> list[str]:
    """A page that can be sent by mail."""
    weight = it.path.stat().st_size
    return [f"has {weight} bytes, over {HEAVIEST}"] if weight > HEAVIEST else []


def figures(it: Opened) -> list[str]:
    """Every picture is drawn, captioned and told in words."""
    return list(it.look("figures"))


def outline(it: Opened) -> list[str]:
    """Headings in order, landmarks, language, title, a skip link."""
    return list(it.look("outline"))


def tables(it: Opened) -> list[str]:
    """Captions, heads with a scope, rows of one length."""
    return list(it.look("tables"))


def links(it: Opened) -> list[str]:
    """Every link has its target, every id is there once."""
    return list(it.look("links"))


def fits(it: Opened) -> list[str]:
    """No scrolling to the side on a desk's screen or a telephone's, but in marked regions."""
    faults = []
    for width in (WIDE, NARROW):
        it.widen(width)
        faults += it.look("fits")
    it.widen(WIDE)
    return faults


def keyboard(it: Opened) -> list[str]:
    """Tab reaches all that can be used, in the order of the page, and shows where it is."""
    expected = it.look("reachable")
    it.page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    stops = [_tab(it) for _ in expected]
    it.look("unmark")
    order = [stop["nth"] for stop in stops]
    unreached = [told for nth, told in enumerate(expected) if nth not in order]
    astray = order != sorted(order, key=_last)
    return [
        *(f"Tab does not reach {told}" for told in unreached),
        *(["Tab does not follow the order of the page"] if astray else []),
        *(f"the focus is not to be seen on {stop['told']}" for stop in stops if not stop["seen"]),
        *(fault for stop in stops for fault in stop["faults"]),
    ]


def _last(nth: int | None) -> float:
    return float("inf") if nth is None else nth


def _tab(it: Opened) -> dict[str, Any]:
    """Where one more Tab leads; a summary is opened and closed by the keys that open it."""
    it.page.keyboard.press("Tab")
    stop: dict[str, Any] = it.look("focused")
    stop["faults"] = []
    if stop["summary"]:
        was = it.page.evaluate(_OPEN)
        it.page.keyboard.press("Enter")
        if it.page.evaluate(_OPEN) == was:
            stop["faults"] = [f"Enter does not open {stop['told']}"]
        it.page.keyboard.press("Enter")
    return stop


_OPEN = "() => document.activeElement.closest('details').open"


def accessible(it: Opened) -> list[str]:
    """What axe finds that is serious or critical, on a wide and a narrow screen, all opened."""
    return [told for impact, told in found_by_axe(it) if impact in GRAVE]


def found_by_axe(it: Opened, *, unfolded: bool = True) -> list[tuple[str, str]]:
    """(impact, what and where) of every fault that axe finds with all its rules up to AA.

    What is folded away is looked at too if it is unfolded, which takes long where it is much. On
    the narrow screen only the rules are asked again whose answer depends on the width.
    """
    axe = Axe()
    it.page.evaluate(axe.axe_script)
    tags = dict(it.page.evaluate("() => axe.getRules().map(rule => [rule.ruleId, rule.tags])"))
    rules = [name for name in tags if "wcag2aaa" not in tags[name]]
    it.page.evaluate(f"() => {_DETAILS}.forEach(each => each.open = {str(unfolded).lower()})")
    faults: dict[str, str] = {}
    for width, asked in ((WIDE, rules), (NARROW, [*OF_WIDTH])):
        it.widen(width)
        options = {"resultTypes": ["violations"], "runOnly": asked}
        for rule in axe.run(it.page, options=options).response["violations"]:
            for node in rule["nodes"]:
                where = f"{rule['id']}: {rule['help']}: {node['target']} {node['html'][:120]}"
                faults[where] = node["impact"] or rule["impact"]
    it.widen(WIDE)
    it.page.evaluate(f"() => {_DETAILS}.forEach(each => each.open = false)")
    return [(impact, where) for where, impact in faults.items()]


_DETAILS = "document.querySelectorAll('details')"
