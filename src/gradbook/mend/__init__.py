"""Of a function that is wrong: a small change of its text with which it is right.

A slip is undone by trying: a sign, a number, a name, an axis, a line too much, one in the wrong
block or one that is lacking, a few thousand of them, the likeliest first. What passes is judged.
"""

from gradbook.mend.judged import mended, mended_function

__all__ = ["mended", "mended_function"]
