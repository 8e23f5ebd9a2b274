"""What reg adds to the loss is not the penalty whose gradient is right.

It is the norm and not its square, is divided by n, or is missing.

Wrong:
    loss += reg * np.sqrt(np.sum(W * W))
    dW += 2 * reg * W
Right:
    loss += reg * np.sum(W * W)
    dW += 2 * reg * W
"""

MESSAGE = "the penalty of the loss is not that of its gradient"
