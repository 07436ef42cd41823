"""Every figure of a result, of every case that figures must stand, on sheets to be looked at.

    python -m tools.gallery FOLDER [CASE...]

makes FOLDER/CASE/*.png and *.svg, and of each case a sheet in colour and one in grey, at the size
of a slide and at that of print (16 cm wide at 150 dots an inch). Called by people.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from PIL import Image

from tests.figures.cases import CASES

ACROSS = {"slide": 2, "print": 3}
WIDE = {"slide": 900, "print": 945}
"""Dots: a slide seen on a screen; 16 cm at 150 dots an inch."""


def main(folder: Path, names: Sequence[str]) -> None:
    """Draw the cases named, all if none is, and say how long a figure took."""
    for name in names or tuple(CASES):
        inside = folder / name.replace(" ", "_")
        pictures = CASES[name]().pictures().values()
        begun = perf_counter()
        for picture in pictures:
            picture.draw(inside)
        each = (perf_counter() - begun) / len(pictures)
        print(f"{name}: {len(pictures)} figures, {each:.2f} s each")
        paths = [inside / f"{picture.name}.png" for picture in pictures]
        for size in WIDE:
            for mode, kind in (("RGB", "colour"), ("L", "grey")):
                sheet(paths, size, mode).save(folder / f"{inside.name}-{size}-{kind}.png")


def sheet(paths: Sequence[Path], size: str, mode: str) -> Image.Image:
    """The pictures in rows, each as wide as it is shown."""
    wide, across = WIDE[size], ACROSS[size]
    images = [Image.open(path).convert(mode) for path in paths]
    images = [each.resize((wide, each.height * wide // each.width)) for each in images]
    rows = [images[k : k + across] for k in range(0, len(images), across)]
    tall = [max(each.height for each in row) for row in rows]
    whole = Image.new(mode, (wide * across, sum(tall)), "white")
    for row, top in zip(rows, (sum(tall[:k]) for k in range(len(rows))), strict=True):
        for k, each in enumerate(row):
            whole.paste(each, (k * wide, top))
    return whole


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
