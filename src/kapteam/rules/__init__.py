"""What must hold: the rules, written once for one pair and for millions, and what each says to a person."""
