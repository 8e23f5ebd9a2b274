"""A bias b beside W does not do what another feature of 1s does.

It is forgotten in the scores, or its gradient lacks the mean, a sign or a penalty.

Wrong:
    scores = X @ W
    db = M.sum(axis=0)
Right:
    scores = X @ W + b
    db = M.sum(axis=0) / n
"""

MESSAGE = "the bias b is right for b = 0 alone"
