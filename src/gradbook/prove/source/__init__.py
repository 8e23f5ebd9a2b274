"""The text of a program, run on letters: what it computes for all real numbers.

parsed        the text as a tree, and the types that it declares
memory        blocks of cells: every access within bounds, and of what was written before
signs         the signs of what a program compares, one choice of them after the other
arithmetic    what operators and functions mean
machine       the program, statement by statement
arrays        the same of a text for NumPy, which NumPy runs itself
identity      whether what it computes is what a page says
"""

from gradbook.prove.source.arrays import called
from gradbook.prove.source.identity import vanishes
from gradbook.prove.source.machine import Machine
from gradbook.prove.source.memory import Fault
from gradbook.prove.source.parsed import NotRead, Program, parsed, places
from gradbook.prove.source.signs import Signs, TooMany, Zero, every_way

__all__ = [
    "Fault",
    "Machine",
    "NotRead",
    "Program",
    "Signs",
    "TooMany",
    "Zero",
    "called",
    "every_way",
    "parsed",
    "places",
    "vanishes",
]
