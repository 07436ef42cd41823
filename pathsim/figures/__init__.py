"""Figures: each function takes an `ax`, draws on it and returns it, with units, n and intervals.

`style` is what all share, `saving` writes PNG and SVG; every other module is a figure or two, which
knows no folder. Which figures a result has, `study.pictures` says: a line each.
"""
