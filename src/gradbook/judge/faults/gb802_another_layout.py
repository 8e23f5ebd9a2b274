"""For arrays that lie otherwise in memory the answer is wrong.

X.T, a slice or an array that may not be written to is an array like any other.

Wrong:
    rows = X.view().reshape(-1)
Right:
    rows = X.reshape(-1)
"""

MESSAGE = "the answer is wrong for arrays that lie otherwise in memory"
