"""The practice that ships with kapteam: made up, but with everything in it that a real one has."""

from datetime import date
from pathlib import Path

#: The day on which the practice is looked at.
DAY = date(2026, 12, 7)


def practice_folder() -> Path:
    """The practice as a folder of CSV files."""
    return Path(__file__).parent / "practice"


def practice_workbook() -> Path:
    """The same practice as a workbook."""
    return Path(__file__).parent / "practice.xlsx"
