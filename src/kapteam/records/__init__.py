"""Who and where: the records that a practice writes down, frozen and checked."""
