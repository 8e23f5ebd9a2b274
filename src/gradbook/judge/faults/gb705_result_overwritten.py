"""The gradient that it returned is overwritten by its next call.

Every call returns the same array.

Wrong:
    buffer[:] = X.T @ M / n
    return loss, buffer
Right:
    return loss, X.T @ M / n
"""

MESSAGE = "the gradient that it returned is overwritten by its next call"
