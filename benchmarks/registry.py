"""What reading a national registry costs: made-up files of several sizes, each in a fresh process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import process_time

from judging import peak
from rows import Row

from kapteam.registry.importing import Asked, import_nppes
from kapteam.registry.made import made_rows, written

SIZES, QUICK_SIZES = [10_000, 100_000, 1_000_000], [10_000, 100_000]
_GOAL_BYTES = 2e9


def measured(sizes: list[int]) -> Iterator[Row]:
    """A row a size: processor seconds of all threads, and the most memory that the process ever held."""
    for count in sizes:
        with tempfile.TemporaryDirectory() as where:
            file = Path(where) / "npidata.csv"
            with file.open("w", encoding="utf-8", newline="") as made:
                made.writelines(written(made_rows(count)))
            size = file.stat().st_size
            asked = [sys.executable, __file__, str(file), str(Path(where) / "roster")]
            told = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
        assert told["rows"] == count
        yield Row(
            what=f"import NPPES, fresh process: {told['peak'] / 1e6:,.0f} MB at most",
            instance=f"{count:,} rows, {size / 1e6:,.0f} MB",
            seconds=told["cpu"],
            ratio=f"{count / told['cpu']:,.0f} rows a processor second",
            goal="under 2 GB",
            met=told["peak"] < _GOAL_BYTES,
        )


if __name__ == "__main__":
    _begin = process_time()
    _found = import_nppes(Path(sys.argv[1]), Path(sys.argv[2]), Asked())
    print(json.dumps({"cpu": process_time() - _begin, "peak": peak(), "rows": _found.counts.rows}))
