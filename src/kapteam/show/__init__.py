"""Answers as people read them on a terminal and in a notebook."""
