"""The penalty is another one than reg·ΣW², and its gradient is not its own.

Wrong:
    loss += reg * np.abs(W).sum()
    dW += reg * np.abs(W)
Right:
    loss += reg * np.abs(W).sum()
    dW += reg * np.sign(W)
"""

MESSAGE = "the penalty is another one, and its gradient is not its own"
