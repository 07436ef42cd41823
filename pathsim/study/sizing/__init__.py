"""The search for the smallest capacities that keep promises; it knows no scenario and no engine."""
