"""Why, why not, and what would help."""
