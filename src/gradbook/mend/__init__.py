"""Of a function that is wrong: a small change of its text with which it is right.

A slip is undone by trying: a sign, a number, a name, an axis, a line too much, one in the wrong
block or one that is lacking, a few thousand of them, the likeliest first. What passes is judged.

    scope                 what a function has: names, letters, short expressions
    expressions, around, statements  the slips, by where they are; slips: all, the likeliest first
    change                one change, and what it costs
    search                the smallest change with which a function is right
    judged, of_function   a judgement with it, for a file's function and for a notebook's
"""

from gradbook.mend.judged import mended, mended_function

__all__ = ["mended", "mended_function"]
