"""What a command returns: its exit status."""

#: All holds; something is refuted, or wrong; something could not be read, decided, judged or run.
HOLDS, REFUTED, UNUSABLE = 0, 1, 2
#: By the user: 128 and the number of the signal SIGINT, as shells say it.
INTERRUPTED = 130
