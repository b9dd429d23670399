"""Who could work with whom: the candidate links, judged, and the graph they make."""
