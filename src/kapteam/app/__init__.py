"""The local page on which one tries what-ifs."""
