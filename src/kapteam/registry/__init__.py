"""National registries: what a file of millions of practitioners says, as the columnar tables of a roster."""
