"""From wrong answers to what is wrong.

edits, hypothesis       a fault as a change of one part, and what few of them predict
rewriting, printed      a fault as a change of the formula, and the formula as it is written
search, work            the hypotheses that predict every answer, within so much work
where                   where alone it is wrong
more_questions          asked where some answers are wrong and others right
answered, examples      the loss or the gradient alone; how much each example counts
constants, failures     answers that are always the same, or missing
diagnosis, fault        from answers to what is wrong; facts, where no fault explains it
table                   the coefficients, measured and right
numbers_in_words        measured numbers, as short as they can be said
"""
