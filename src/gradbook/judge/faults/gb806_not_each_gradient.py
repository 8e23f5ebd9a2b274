"""A gradient that the page has is not returned.

Of the loss, and of what is returned with it, nothing is wrong: it is right as far as it goes.

Wrong:
    return loss, {"W2": dW2, "b2": db2}
Right:
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
"""

MESSAGE = "not each gradient is returned"
