"""The practice file of every made-up roster: three states' law as it is to be here, and carriers that do not exist."""

from __future__ import annotations

from typing import Any

PRACTICE: dict[str, Any] = {
    "protocol": {"session_minutes": 180, "dosing_minutes": 60, "route": "intramuscular"},
    "federal": {"telehealth": "yes"},
    "jurisdictions": {
        "NY": {
            "state_registration": "no",
            "telehealth": "yes",
            "nurse_practitioner": {
                "ketamine": "yes",
                "autonomy": "transition",
                "agreement_with": ["physician"],
            },
            "physician_assistant": {
                "ketamine": "yes",
                "autonomy": "agreement",
                "agreement_with": ["physician"],
            },
        },
        "NJ": {
            "state_registration": "yes",
            "presence": "dosing",
            "nurse_practitioner": {
                "ketamine": "yes",
                "autonomy": "agreement",
                "agreement_with": ["physician"],
            },
            "physician_assistant": {"ketamine": "limited", "autonomy": "agreement"},
        },
        "CO": {
            "state_registration": "no",
            "nurse_practitioner": {
                "ketamine": "yes",
                "autonomy": "transition",
                "agreement_with": ["physician", "nurse_practitioner"],
            },
            "physician_assistant": {"ketamine": "unknown", "autonomy": "agreement"},
        },
    },
    "modalities": {
        "internal_family_systems": {"complementary": True, "trauma": False},
        "somatic_experiencing": {"complementary": True, "trauma": True},
        "emdr": {"complementary": True, "trauma": True},
        "acceptance_commitment_therapy": {"complementary": True, "trauma": False},
        "cbt": {"complementary": False, "trauma": False},
        "psychodynamic": {"complementary": False, "trauma": False},
    },
    "carriers": {
        "Acorn Mutual": {
            "ketamine": True,
            "presence": "throughout",
            "same_site": True,
            "in_clinic_only": True,
            "max_concurrent_sessions": 1,
        },
        "Birchwood Reciprocal": {
            "ketamine": True,
            "presence": "dosing",
            "same_site": True,
            "in_clinic_only": False,
            "max_concurrent_sessions": 2,
        },
        "Clearwater Assurance": {
            "ketamine": True,
            "presence": "available",
            "same_site": False,
            "in_clinic_only": False,
        },
        "Tidewater Trust": {"ketamine": True, "in_clinic_only": True},
        "Ridgeline Casualty": {"presence": "dosing", "in_clinic_only": False},
        "Old Mill Indemnity": {"ketamine": False},
        "Fernwood Guild": {"ketamine": True},
        "High Plains Mutual": {"ketamine": True, "same_site": True},
        "Larkspur Professional": {"ketamine": True, "presence": "dosing"},
    },
}
