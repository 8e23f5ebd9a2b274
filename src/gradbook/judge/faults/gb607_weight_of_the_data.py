"""A weight C of the data's part is missing in the loss or in the gradient, or multiplies all of it.

Where C multiplies the data's part, the penalty stands alone.

Wrong:
    loss = C * (losses.sum() + 0.5 * np.sum(W * W))
Right:
    loss = C * losses.sum() + 0.5 * np.sum(W * W)
"""

MESSAGE = "C does not multiply the data's part alone"
