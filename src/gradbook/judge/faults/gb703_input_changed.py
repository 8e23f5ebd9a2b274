"""It writes to its inputs.

An operation in place, such as -=, changes the array of the caller.

Wrong:
    X -= X.mean(axis=0)
Right:
    X = X - X.mean(axis=0)
"""

MESSAGE = "it changes its inputs"
