"""There is no answer at some sizes, or nowhere.

It raises, returns something else, or ends the process.

Wrong:
    loss = losses[10]
Right:
    loss = losses.sum()
"""

MESSAGE = "there is no answer"
