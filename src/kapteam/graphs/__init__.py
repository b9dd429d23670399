"""The network in the words of NetworkX: its graphs, their attributes, and files that other tools open."""
