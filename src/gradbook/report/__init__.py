"""Shows what the rest found: in a terminal, as data, as one HTML page. It decides nothing.

shows                 how each type of value is shown: the table of all that follows
terminal, data, html  a report of `verify`; progress: a bar, while it is made
against, strength, answers  what a page has of a model, what notices its edits, what it says
show, show_any_size   a page, and the derivation for any size, as mathematics
written, in_unicode   how formulas are written: in LaTeX, and of that on one line
places                what is wrong on a page, with file, line and column
judgement, explain    one function that was judged, and the faults by their codes
verdicts              one kernel that was checked
grades                many functions: in a terminal, as data (grades_data), as HTML (grades_html)
graded                a class with its points
trust                 what each kind of claim rests on
page                  the frame of every HTML page
markdown, plain       what a notebook shows, and plain text
sketches, plots, experiments  pictures: of the mathematics, of what was found, of what was measured
"""
