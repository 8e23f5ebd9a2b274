"""Another number is taken for the strength of the penalty than the reg that is given.

It is cut to a whole number, is bounded, or is written into the program.

Wrong:
    loss += 0.001 * np.sum(W * W)
Right:
    loss += reg * np.sum(W * W)
"""

MESSAGE = "another number is taken for reg"
