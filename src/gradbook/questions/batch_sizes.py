"""The sizes that people give to batches, and the numbers of examples at which they stop."""

USUAL = (2, 3, 4, 5, 8, 10, 16, 20, 25, 32, 50, 64, 100, 128, 200, 256, 500, 512, 1000, 1024)
