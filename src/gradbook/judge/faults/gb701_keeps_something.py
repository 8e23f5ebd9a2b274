"""Something is kept between the calls.

An array is made once, a result is kept for the next call, or a sum is not set back to 0.

Wrong:
    def svm_loss(W, X, y, reg, dW=np.zeros((10, 3))):
        dW += X.T @ M / n
Right:
    def svm_loss(W, X, y, reg):
        dW = X.T @ M / n
"""

MESSAGE = "it keeps something between the calls"
