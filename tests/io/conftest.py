"""What the tests of every format share lies beside them: `roster_files` and `any_rosters`."""

from __future__ import annotations

import sys
from pathlib import Path

if (_HERE := str(Path(__file__).parent)) not in sys.path:
    sys.path.append(_HERE)
