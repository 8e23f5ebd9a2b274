"""What functions are asked, with the right answers: the data of every judge and check.

formula                 a formula of the scores in any arithmetic; rounding, exactness: two of them,
                        how far rounding may lead, and where nothing is rounded
rounding_in_a_box       how far it may lead at any weights and features of a box
regions                 scores in every region of a loss
dual, values            the right answer of any loss, with what rounding comes to
question, scene         one question; what is special about it, as the page sees it
deck                    every region, every kink, batches of every shape
batch_sizes             the sizes that people give to batches
disjoint_features       batches in which every example shows by itself
varied                  questions in which nothing goes with anything else
seen, traits, rows      what questions have, in words and as rows of numbers
thresholds, conditions  what some of them have that others have not
"""
