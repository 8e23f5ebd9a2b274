"""What reg adds is not what a penalty adds, and nothing known.

Wrong:
    loss += reg * np.sum(np.sin(W))
Right:
    loss += reg * np.sum(W * W)
"""

MESSAGE = "what reg adds is not understood"
