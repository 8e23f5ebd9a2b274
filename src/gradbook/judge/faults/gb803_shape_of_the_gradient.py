"""The gradient has another shape than W.

Wrong:
    return loss, dW.T
Right:
    return loss, dW
"""

MESSAGE = "the gradient has another shape than W"
