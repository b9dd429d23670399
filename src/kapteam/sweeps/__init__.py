"""The same question asked of many worlds or laws: here, on every core, or on many machines; the same answer."""
