"""Medicine sessions on a calendar: who can meet when, the best plan, and a plan judged again."""
