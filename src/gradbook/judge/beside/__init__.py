"""What is judged beside the base set: what a function takes or is given besides W, X, y and reg.

bias, weights           a bias beside W; weights of examples and of classes
other_margins           a margin that is a parameter
types_and_layouts       other dtypes, other layouts in memory
overflow                where no number comes out, in a loss with exp
"""
