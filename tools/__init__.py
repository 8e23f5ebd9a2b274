"""The project's own chores, each a script that `make` runs."""
