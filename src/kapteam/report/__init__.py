"""The report: one page in one file that opens from disk."""
