"""kapteam: teams for ketamine-assisted psychotherapy, judged by cited rules and proven best."""
