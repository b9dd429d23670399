"""Pictures: the network and the week, laid out once, the same on paper, in the report and on the page."""
