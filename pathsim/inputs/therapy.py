"""A therapy as a person writes it: a CAR T product, a bispecific or a regimen.

Called by `load`; read by the pathway builders. Knows no file and no pathway.
"""

from typing import Annotated

from pydantic import Field, RootModel

from pathsim.inputs.therapy_bispecific import Bispecific
from pathsim.inputs.therapy_car_t import CarT
from pathsim.inputs.therapy_regimen import Regimen

__all__ = ["Bispecific", "CarT", "Regimen", "Therapy", "TherapyFile"]

Therapy = Annotated[CarT | Bispecific | Regimen, Field(discriminator="modality")]


class TherapyFile(RootModel[Therapy]):
    """One file of `params/therapies/`."""
