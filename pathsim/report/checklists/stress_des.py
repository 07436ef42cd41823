"""STRESS-DES: every item of the checklist for reporting a discrete-event simulation.

Monks, Currie, Onggo, Robinson, Kunc and Taylor (J Simulation 2019; 13: 55). Numbers and names are
theirs, what an item asks is told in our words. Each is answered from the run; none may be empty.
"""

from __future__ import annotations

from pathsim.report.checklists import (
    components,
    data,
    experimentation,
    implementation,
    logic,
    objectives,
)
from pathsim.report.checklists.item import Item

ITEMS: dict[str, tuple[Item, ...]] = {
    "1 Objectives": (
        Item("1.1", "Purpose of the model", "why it was made", objectives.purpose),
        Item("1.2", "Model outputs", "what is measured, how, with which error",
             objectives.outputs),
        Item("1.3", "Experimentation aims", "scenarios, designs or optimisation",
             objectives.aims),
    ),
    "2 Logic": (
        Item("2.1", "Base model overview diagram", "the base model drawn", logic.diagram),
        Item("2.2", "Base model logic", "how it works", logic.logic),
        Item("2.3", "Scenario logic", "how scenarios differ from the base", logic.scenarios),
        Item("2.4", "Algorithms", "procedures that stand for real ones", logic.algorithms),
        Item("2.5.1", "Components: entities", "who moves, with what attributes",
             components.entities),
        Item("2.5.2", "Components: activities", "what they do, and how they get in and out",
             components.activities),
        Item("2.5.3", "Components: resources", "what is shared, and by which activities",
             components.resources),
        Item("2.5.4", "Components: queues", "discipline, priorities, leaving", components.queues),
        Item("2.5.5", "Components: entry and exit points", "the borders of the model",
             components.entry_and_exit),
    ),
    "3 Data": (
        Item("3.1", "Data sources", "where data come from", data.sources),
        Item("3.2", "Pre-processing", "what was done to them first", data.preprocessing),
        Item("3.3", "Input parameters", "values, distributions, time, correlation", data.inputs),
        Item("3.4", "Assumptions", "what stands in for what is not known", data.assumptions),
    ),
    "4 Experimentation": (
        Item("4.1", "Initialisation", "terminating or not, warm-up, day 0",
             experimentation.initialisation),
        Item("4.2", "Run length", "how long, in which unit", experimentation.run_length),
        Item("4.3", "Estimation approach", "how chance is dealt with",
             experimentation.estimation),
    ),
    "5 Implementation": (
        Item("5.1", "Software or programming language", "names and versions",
             implementation.software),
        Item("5.2", "Random sampling", "generator, common random numbers",
             implementation.sampling),
        Item("5.3", "Model execution", "event mechanism, ties, parallel work",
             implementation.execution),
        Item("5.4", "System specification", "run time and machine", implementation.machine),
    ),
    "6 Code access": (
        Item("6.1", "Computer model sharing statement", "how to get and run it",
             implementation.access),
    ),
}  # fmt: skip
"""Section -> its items, in order: 24 in all."""
