"""What a function is asked: questions with their right answers.

dual, values            the right answer of any loss, with what rounding comes to
question, scene         one question; what is special about it, as the page sees it
deck                    every region, every kink, batches of every shape
disjoint_features       batches in which every example shows by itself
varied                  questions in which nothing goes with anything else
"""
