"""Colours are told apart by the colour-blind, in grey, and by their dashes and markers."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from pathsim.figures import style
from pathsim.figures.style import COLOURS, THERAPIES, dashes, ink_on, luminance, marker, paints

BLIND = {
    "nobody": np.eye(3),
    "deuteranopia": [(0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                     (-0.011820, 0.042940, 0.968881)],
    "protanopia": [(0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
                   (-0.003882, -0.048116, 1.051998)],
}  # fmt: skip
"""How a colour is seen, in linear sRGB: Machado, Oliveira and Fernandes 2009, severity 1."""
XYZ = np.array([(0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)])
WHITE = np.array([0.9505, 1.0, 1.089])


def lab(paint: str, seen: np.ndarray) -> np.ndarray:
    """CIELAB of a colour as it is seen."""
    rgb = np.array(to_rgb(paint))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    f = np.cbrt(np.maximum(XYZ @ np.clip(seen @ linear, 0, 1) / WHITE, 0.008856))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("blind", BLIND)
@pytest.mark.parametrize(("colours", "least"), [(COLOURS[:4], 30), (COLOURS, 11), (THERAPIES, 18)])
def test_colours_are_told_apart(colours, least, blind):
    seen = [lab(paint, np.array(BLIND[blind])) for paint in colours]
    apart = min(np.linalg.norm(a - b) for a, b in combinations(seen, 2))
    assert apart >= least


def test_therapies_differ_in_grey_and_so_do_the_first_four_strategies():
    for colours, least in ((THERAPIES, 3.5), (COLOURS[:4], 8.0)):
        lightness = np.sort([lab(paint, np.eye(3))[0] for paint in colours])
        assert np.diff(lightness).min() >= least


def test_lines_stand_out_on_white_paper():
    assert all(1.05 / (luminance(paint) + 0.05) >= 3.0 for paint in COLOURS)


def test_ten_strategies_have_ten_colours_and_markers_and_no_two_the_same_dashes_side_by_side():
    assert len({style.colour(k) for k in range(10)}) == len({marker(k) for k in range(10)}) == 10
    assert all(dashes(k) != dashes(k + 1) for k in range(10))


def test_words_on_a_colour_are_read():
    for paint in THERAPIES:
        ground, ink = luminance(paint), luminance(ink_on(paint))
        assert (max(ground, ink) + 0.05) / (min(ground, ink) + 0.05) >= 4.3


def test_a_therapy_has_the_same_colour_wherever_the_same_list_is_given():
    names = ["car", "tec", "tal"]
    assert paints(names) == paints(list(names))
    assert len(set(paints(THERAPIES).values())) == 12
