"""The functions that are judged: of this process, or of a file and in a process of its own."""

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
