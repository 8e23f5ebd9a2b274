"""Functions of any page that has an objective: ridge regression, a network of two layers.

letters                 how a function takes and gives the letters of the page
of_page, times          its judgement; what its gradients are, as so many times what is right
"""
