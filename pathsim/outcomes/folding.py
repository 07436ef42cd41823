"""A patient's story made short: what happens at one moment, in one detour, or again and again is
told in one line.

Called by `trace`. Made from the sentences of `story` alone; nothing is told that is not in them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from pathsim import events
from pathsim.outcomes.catalogue import Marking
from pathsim.outcomes.story import Sentence, day_words, named

PREPARING = ("between_lines", "work_up")
"""Phases whose stays, one after another, are told in one line."""


@dataclass(frozen=True)
class Scene:
    """A line of the short story, from `start` to `end` in days.

    Scenes that follow each other and have the same `again` (not empty) are told as one; `causes`
    are what led to each.
    """

    start: float
    end: float
    text: str
    therapy: str | None = None
    again: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()

    @property
    def when(self) -> str:
        first, last = day_words(self.start), day_words(self.end)
        return f"Day {first}" if first == last else f"Day {first} to {last}"


def folded(sentences: Iterable[Sentence], marking: Marking) -> list[str]:
    """The short story, a line a scene, in order."""
    moments = [list(m) for _, m in groupby(sentences, key=lambda s: s.day)]
    scenes = _together(_scenes(_prepared(moments, marking), marking))
    lines, therapy = [], None
    for scene in scenes:
        text = _without(scene.text, therapy) if scene.therapy in (None, therapy) else scene.text
        therapy = scene.therapy or therapy
        lines.append(f"{scene.when}: {text}")
    return lines


def _prepared(moments: list[list[Sentence]], marking: Marking) -> Iterator[list[Sentence]]:
    """Moments, those that lead from one preparing state to another put together."""
    open_ones: list[Sentence] = []
    for moment in moments:
        last = moment[-1]
        prepares = last.kind == events.ENTER and _phase(last, marking) in PREPARING
        if prepares and open_ones:
            # A stay that simply ends says nothing; a choice passed on its end does.
            open_ones += [s for s in moment[:-1] if ";" in s.why]
            open_ones.append(last if ";" in last.why else replace(last, why=""))
        elif prepares:
            open_ones = list(moment)
        else:
            if open_ones:
                yield open_ones
            open_ones = []
            yield moment
    if open_ones:
        yield open_ones


def _phase(sentence: Sentence, marking: Marking) -> str | None:
    return marking[sentence.state].phase


def _scenes(moments: Iterable[list[Sentence]], marking: Marking) -> Iterator[Scene]:
    """A scene for each moment, or for all moments of a detour."""
    inside: list[Sentence] = []
    depth = 0
    for moment in moments:
        inside += moment
        for sentence in moment:
            # A move or a here may concern what lies below, and leaves nobody's detour.
            depth = depth if sentence.kind in (events.MOVE, events.HERE) else sentence.depth
        if depth == 0 or moment[-1].kind in (events.END, events.CENSOR):
            yield _of(inside, marking[moment[-1].state].therapy)
            inside = []


def _of(sentences: list[Sentence], therapy: str | None) -> Scene:
    if any(s.kind == events.DETOUR for s in sentences):
        return _detour(sentences, therapy)
    first, last, why = sentences[0], sentences[-1], _why(sentences)
    scene = Scene(first.day, last.day, f"{why}: {last.what}" if why else last.what, therapy)
    if any(s.kind != events.HERE for s in sentences):
        return scene
    return replace(scene, again=("here", last.state), causes=tuple(s.cause for s in sentences))


def _why(sentences: Iterable[Sentence]) -> str:
    """Why, of all sentences in turn; of an arrival, what it is."""
    said = [s.what.rstrip(".") if s.kind == events.ARRIVE else s.why for s in sentences]
    first, *others = [why for why in said if why] or [""]
    return "; ".join([first, *(why[:1].lower() + why[1:] for why in others)])


def _detour(sentences: list[Sentence], therapy: str | None) -> Scene:
    """From what interrupts to the return, or to what ends it: why, the states passed, and how."""
    first, last = sentences[0], sentences[-1]
    entries = [s for s in sentences if s.depth and s.kind in (events.DETOUR, events.ENTER)]
    # Of the states entered at one moment the last alone is stayed in.
    passed = dict.fromkeys(named([*m][-1].state) for _, m in groupby(entries, lambda s: s.day))
    begin = next(k for k, s in enumerate(sentences) if s.kind == events.DETOUR)
    inner = max(k for k, s in enumerate(sentences) if s.depth and s.kind != events.CENSOR)
    moved = [f"{s.why}: {s.what}".rstrip(".") for s in sentences if s.kind == events.MOVE]
    after = _why(s for s in sentences[inner + 1 :] if s.kind != events.MOVE)
    end = f"{after}: {last.what}" if after else last.what
    away = f"{_why(sentences[: begin + 1])}: {', then '.join(passed)}"
    text = "; ".join([away, *moved, end[:1].lower() + end[1:]])
    again = () if moved or last.kind != events.RETURN else ("away", *passed, last.state)
    return Scene(first.day, last.day, text, therapy, again, (sentences[begin].cause,))


def _together(scenes: Iterable[Scene]) -> Iterator[Scene]:
    """Scenes that repeat the one before become one, with how often."""
    for again, run in groupby(scenes, key=lambda scene: scene.again):
        mine = list(run)
        if not again or len(mine) == 1:
            yield from mine
            continue
        first, last = mine[0], mine[-1]
        counts = Counter(cause for scene in mine for cause in scene.causes)
        times = ", ".join(named(c) + (f" ({n} times)" if n > 1 else "") for c, n in counts.items())
        if again[0] == "here":
            text = f"{times}: stays in {named(again[1])}."
        else:
            away = sum(scene.end - scene.start for scene in mine)
            text = f"{times}, {day_words(away)} days in all: {', then '.join(again[1:-1])}; "
            text += f"each time goes back to {named(again[-1])}."
        yield replace(first, end=last.end, text=text[:1].upper() + text[1:])


def _without(text: str, therapy: str | None) -> str:
    """The text without the therapy's name before each of its states and clocks."""
    if therapy is None:
        return text
    name = re.escape(therapy)
    text = re.sub(rf"(?<![\w/-]){name}:? (?!granted)", "", text, flags=re.IGNORECASE)
    return text[:1].upper() + text[1:]
