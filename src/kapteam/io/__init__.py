"""Files: rosters in three formats, and what leaves kapteam for other programs."""
