"""What reg adds to the loss and to the gradient, measured apart from the data.

penalty                 what is wrong with it
forms, strength         other forms than ΣW², another strength than reg
where                   right but for some calls
other_penalty           penalties that are consistent, and not reg · ΣW²: a convention
"""
