"""Is this function right, and if not, what is wrong with it? The judge of functions people have.

`judge(subject, loss)` asks a function exact questions (`gradbook.questions`) and explains what it
answers. Each folder's `__init__` says what is in it, in the order of reading:

    convention    how the function is called and what it means by the loss: found, and no error
    explain       from wrong answers to what is wrong
    faults        what people do instead of what the page says: a file each
    penalties     what reg adds
    memory        what is written to, and what is kept between calls
    beside        a bias, weights, a margin, types and layouts, overflow
    pages         functions of the letters of any page, instead of one loss of scores

    judge         all of it, in the order in which a function passes
    judgement     what was found; example, a call that shows it
"""

from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.forced import Forced
from gradbook.judge.judge import judge
from gradbook.judge.judgement import Finding, Judgement, Mend, Row

__all__ = ["Convention", "Finding", "Forced", "Judgement", "Mend", "Row", "judge"]
