"""Rosters, links, plans and findings as tables of Polars, pandas and Arrow."""
