"""The derivations: one file for each loss, each of them a page, line by line."""
