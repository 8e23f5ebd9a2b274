"""The penalty is right but for some calls, or is counted several times.

It stands within a loop over batches or examples, or under a condition.

Wrong:
    for i in range(n):
        loss += reg * np.sum(W * W)
Right:
    for i in range(n):
        loss += losses[i]
    loss = loss / n + reg * np.sum(W * W)
"""

MESSAGE = "the penalty is right but for some calls"
