"""gradbook: a page of mathematics, proved line by line, emitted as code, and checked."""

from gradbook.case import Case
from gradbook.derivation import Claim, Derivation, Line, Proof, gradient
from gradbook.loss import Loss

__version__ = "0.1.0"

__all__ = ["Case", "Claim", "Derivation", "Line", "Loss", "Proof", "gradient"]
