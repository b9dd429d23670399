"""What people write for the words of the format: only to answer with the word, never to read it silently.

In small letters, without points, spaces or hyphens, as :class:`~kapteam.records.kinds.Choice` looks them up.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _meant(words: Mapping[str, str]) -> Mapping[str, str]:
    """By spelling, from the spellings of each word."""
    return MappingProxyType({spelling: word for word, all_of in words.items() for spelling in all_of.split()})


PROFESSIONS = _meant(
    {
        "physician": "md do mddo doctor doctorofmedicine psychiatrist anesthesiologist mbbs",
        "nurse_practitioner": "np aprn arnp pmhnp pmhnpbc fnp fnpbc dnp crnp advancedpracticeregisterednurse",
        "clinical_nurse_specialist": "cns pmhcns pmhcnsbc",
        "nurse_anesthetist": "crna",
        "physician_assistant": "pa pac physicianassociate",
        "naturopathic_physician": "nd nmd naturopath naturopathicdoctor",
        "prescribing_psychologist": "medicalpsychologist",
        "psychologist": "psyd phd",
        "clinical_social_worker": "lcsw lcswr lcswc licsw lisw csw socialworker licensedclinicalsocialworker",
        "marriage_family_therapist": "lmft mft marriageandfamilytherapist",
        "professional_counselor": "lpc lmhc lpcc lcpc lcmhc lpcmh counselor mentalhealthcounselor",
        "registered_nurse": "rn bsn nurse",
    }
)
ROLES = _meant(
    {
        "prescriber": "doctor physician md psychiatrist",
        "therapist": "psychotherapist counselor",
        "monitor": "sitter",
    }
)
ROUTES = _meant(
    {
        "sublingual": "sl lozenge troche",
        "oral": "po mouth bymouth",
        "nasal": "in intranasal nasalspray spray",
        "intramuscular": "im",
        "intravenous": "iv infusion",
    }
)
