"""The same data give another answer the second time.

Examples are drawn, or noise is added.

Wrong:
    batch = np.random.choice(n, n // 2)
    X, y = X[batch], y[batch]
Right:
    X, y = X, y
"""

MESSAGE = "the same data give another answer the second time: it is random"
