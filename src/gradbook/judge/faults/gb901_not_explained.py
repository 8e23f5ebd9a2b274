"""The answer is wrong, and no fault that is known explains it.

It is said where it is wrong, and what stands there. Several faults together, or one that nobody
has written down, show so.

Wrong:
    dW = X.T @ M / n * (1 + np.sin(np.arange(C)))
Right:
    dW = X.T @ M / n
"""

MESSAGE = "no known fault explains it"
