"""How a function is called, and what it means by the loss: none of it is an error.

signature, forced       what its parameters are, by their names, and what a person has said
convention, detect      how it wants its arguments, found by calling it
no_convention           what to say of a function that answered in none
of_scores, sizes        functions of given scores; functions that state their sizes
reduction               the sum or the mean over the examples
weight_of_the_data      C · Σ max(0, …) + ½ ΣW², in place of a strength of the penalty
kink_and_penalty        the value at a kink, and the penalty
other_losses            what is another loss, of those that are known (known_losses)
asking                  a question put in the function's own convention (presentation, reply)
evidence, base_set      the answers beside the right ones; which of them must all be right
"""
