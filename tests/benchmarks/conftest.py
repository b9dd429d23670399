"""The benchmarks are scripts beside the package: their folder is put where tests can import from it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
