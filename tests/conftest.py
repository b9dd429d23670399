"""How long the property tests look: `fast` by default, `thorough` with KAPTEAM_TESTS=thorough."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

for _name, _examples in (("fast", 25), ("thorough", 75)):
    settings.register_profile(
        _name,
        max_examples=_examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=_SLOW,
    )
settings.load_profile(os.environ.get("KAPTEAM_TESTS", "fast"))
