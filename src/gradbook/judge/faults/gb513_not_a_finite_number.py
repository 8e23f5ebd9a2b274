"""An entry of the gradient is no finite number.

Something is divided by 0, or is larger than a number can be.

Wrong:
    dW = dW / np.linalg.norm(dW)
Right:
    dW = dW
"""

MESSAGE = "the gradient has an entry that is not a finite number"
