"""Who should work with whom: the provably best standing teams, and what lets anyone check them."""
