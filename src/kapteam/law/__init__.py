"""The law, the carriers, the compacts and the trainings as dated, cited data: what kapteam knows by itself.

The packs are TOML files beside this module, one per jurisdiction and carrier. They are read when first asked
for and never on import, so a program that judges one state pays for one state.
"""

from kapteam.law.entries import Carrier, Compact, Entry, Modality, SpecialtyCode, TrainingProgramme
from kapteam.law.packs import Packs

__all__ = ["Carrier", "Compact", "Entry", "Modality", "Packs", "SpecialtyCode", "TrainingProgramme"]
