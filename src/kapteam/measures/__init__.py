"""Measures of a network: who is reached, how well, and what is fragile; each with its definition and source."""
