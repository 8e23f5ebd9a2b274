"""The result has few digits.

It is computed in single or half precision, rounded, or approximated by differences.

Wrong:
    scores = X.astype(np.float32) @ W.astype(np.float32)
Right:
    scores = X @ W
"""

MESSAGE = "it is right to a few digits only"
