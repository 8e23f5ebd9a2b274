"""For data of another type the answer is wrong.

Images are bytes, of which −X wraps around; whole numbers have no fractions.

Wrong:
    dW = np.zeros_like(X[0])
Right:
    dW = np.zeros(W.shape)
"""

MESSAGE = "the answer is wrong for data of another type"
