"""What is returned beside the loss is no gradient.

Wrong:
    return loss, scores
Right:
    return loss, dW
"""

MESSAGE = "what comes with the loss is no gradient"
