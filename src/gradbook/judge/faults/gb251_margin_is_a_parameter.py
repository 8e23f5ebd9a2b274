"""A margin that is a parameter does not mean in the loss what it means in the gradient.

It is used in one of the two, or not at all.

Wrong:
    def svm_loss(W, X, y, reg, delta=1.0):
        margins = np.maximum(0, scores - own + 1)
Right:
    def svm_loss(W, X, y, reg, delta=1.0):
        margins = np.maximum(0, scores - own + delta)
"""

MESSAGE = "right for a margin of 1 alone"
