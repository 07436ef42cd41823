"""Uncertain numbers: their distributions, how they hang together, and how sets are drawn."""
