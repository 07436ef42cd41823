"""JSON Schemas, by which an editor completes and checks the files that people write.

`python -m pathsim.inputs.schema` writes them to `schemas/`; a test says when they are out of date.
They know fields, choices and units. What depends on several fields, `pathsim check` says.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from pathsim.inputs.background import Background
from pathsim.inputs.centre import Centre
from pathsim.inputs.places import params_dir
from pathsim.inputs.population import Population
from pathsim.inputs.scenario import Frame, Mortality
from pathsim.inputs.strategy import Strategy
from pathsim.inputs.study import Study
from pathsim.inputs.supportive import BestSupportiveCare, SupportiveCareFile
from pathsim.inputs.targets import TrialFile
from pathsim.inputs.therapy import Therapy, TherapyFile
from pathsim.inputs.therapy_car_t import BridgingOption


class Extending(BaseModel):
    """Changes to something in the catalogue: the name of that, and only what differs."""

    model_config = ConfigDict(extra="allow")
    extends: str


class Changes(BaseModel):
    """Changes to the therapy of the same name in the catalogue: only what differs."""

    model_config = ConfigDict(extra="allow")


class ScenarioFile(Frame):
    """A scenario as it is written: parts by name, as changes to a named one, or whole."""

    extends: str | None = None
    population: str | Extending | Population
    background: str | Mortality | None = None
    therapies: list[str] | dict[str, str | Therapy | Extending | Changes]
    centre: str | Extending | Centre
    strategy: str | Extending | Strategy
    supportive: str | Extending | SupportiveCareFile = "supportive-care"
    best_supportive_care: str | Extending | BestSupportiveCare = "best-supportive-care"


FILES: dict[str, type[BaseModel]] = {
    "therapy": TherapyFile,
    "bridging": BridgingOption,
    "population": Population,
    "supportive": SupportiveCareFile,
    "best_supportive_care": BestSupportiveCare,
    "background": Background,
    "centre": Centre,
    "strategy": Strategy,
    "scenario": ScenarioFile,
    "targets": TrialFile,
    "study": Study,
}
"""Kind of file -> the model that it is read by."""


def schemas() -> dict[str, str]:
    """The text of each schema, by kind of file."""
    return {kind: _text(kind, model) for kind, model in FILES.items()}


def write(folder: Path) -> list[Path]:
    """Writes every schema to a folder; gives the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, text in schemas().items():
        (folder / f"{kind}.json").write_text(text, encoding="utf-8")
    return [folder / f"{kind}.json" for kind in FILES]


def _text(kind: str, model: type[BaseModel]) -> str:
    schema = model.model_json_schema(by_alias=True)
    needed = schema.get("required", [])
    if kind == "scenario":  # one that extends another needs nothing; a base may lack a strategy
        written = [name for name in needed if name not in {"name", "strategy"}]
        schema["anyOf"] = [{"required": ["extends"]}, {"required": written}]
        schema.pop("required")
    elif kind == "therapy":
        options = schema["$defs"]["Bridging"]["properties"]["options"]
        names: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
        schema["$defs"]["Bridging"]["properties"]["options"] = {"anyOf": [names, options]}
        # one that extends another says only what differs
        whole = {key: schema.pop(key) for key in ("discriminator", "oneOf")}
        changes = {"properties": {"extends": {"type": "string"}}}
        schema |= {"if": {"required": ["extends"]}, "then": changes, "else": whole}
    elif kind in {"centre", "strategy", "population"}:
        schema["properties"]["extends"] = {"type": "string"}
        schema["anyOf"] = [{"required": ["extends"]}, {"required": schema.pop("required")}]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"pathsim {kind}"}
    return json.dumps(_untitled({**schema, **head}), indent=1, ensure_ascii=False) + "\n"


def _untitled(schema: Any) -> Any:
    """The schema without the titles that only repeat a field's name."""
    if isinstance(schema, list):
        return [_untitled(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    titled = isinstance(schema.get("title"), str) and not schema["title"].startswith("pathsim")
    return {k: _untitled(v) for k, v in schema.items() if not (titled and k == "title")}


if __name__ == "__main__":
    for path in write(params_dir().parent / "schemas"):
        print(path)
