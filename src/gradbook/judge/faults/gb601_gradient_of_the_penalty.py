"""What reg adds to the gradient is not the gradient of the penalty in the loss.

The factor 2 is forgotten or is too much, the term is missing, or is divided by n with the data's
part.

Wrong:
    loss += reg * np.sum(W * W)
    dW += reg * W
Right:
    loss += reg * np.sum(W * W)
    dW += 2 * reg * W
"""

MESSAGE = "the gradient of the penalty is not that of its loss"
