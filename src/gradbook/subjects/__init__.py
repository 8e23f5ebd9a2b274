"""The functions that are judged: of this process, or of a file and in a process of its own.

subject               what is judged, and what one call of it gave
in_process            a function of this process
isolated              a function of a file, in a process of its own
process, sandbox, channel  that process: its limits, what shuts it in, what goes to it and back
child                 what runs there: guard, stand_ins, loading, calls, apart, returned

targets, files        what is asked for on the command line
reading, reader       which functions a file has, read in a process with limits
source, candidates    the statements of a file; which functions look like what can be judged
forms, methods, made  what counts as one function: methods, results of other functions
parameters, names     what a function takes, and what people call it
promises, numbers_written  what the text of a function says of its result and its sizes
"""

from gradbook.subjects.in_process import InProcess
from gradbook.subjects.isolated import Isolated, Limits
from gradbook.subjects.subject import EARLIER_GRADIENT, Answer, Argument, Obstacle, Subject, TooSlow

__all__ = [
    "EARLIER_GRADIENT",
    "Answer",
    "Argument",
    "InProcess",
    "Isolated",
    "Limits",
    "Obstacle",
    "Subject",
    "TooSlow",
]
