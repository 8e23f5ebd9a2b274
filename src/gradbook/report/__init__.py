"""Shows what the rest found: in a terminal, as data, as one HTML page. It decides nothing."""
