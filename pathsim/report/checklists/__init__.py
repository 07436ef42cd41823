"""Checklists of reporting, a module each: an item, what it asks, and the function that answers."""
