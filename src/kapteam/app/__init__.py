"""The local page on which a manager tries what-ifs: no step of it changes a file, and no datum leaves the machine."""
