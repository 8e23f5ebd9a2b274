"""Weights of the examples, or of the classes, are not in the gradient as they are in the loss.

Wrong:
    loss = weights @ losses / n
    dW = X.T @ M / n
Right:
    loss = weights @ losses / n
    dW = X.T @ (weights[:, None] * M) / n
"""

MESSAGE = "the weights of the examples are not in the gradient as they are in the loss"
