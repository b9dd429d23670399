"""The roster on a day as arrays: what rules, links and optimisers work on."""
