"""The gradient that it returns shares its memory with an input.

Wrong:
    dW = W
    dW[:] = X.T @ M / n
Right:
    dW = X.T @ M / n
"""

MESSAGE = "the gradient shares its memory with an input"
