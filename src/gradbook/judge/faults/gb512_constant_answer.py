"""The answer is the same whatever is asked.

Nothing is filled in yet, or no number comes out.

Wrong:
    dW = np.zeros(W.shape)
    return loss, dW
Right:
    dW = X.T @ M / n
    return loss, dW
"""

MESSAGE = "it is the same whatever it is given"
