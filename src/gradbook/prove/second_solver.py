"""What z3 answered, put to a second solver: it reads standard text, and shares nothing with z3.

The text is a translation of its own (`smt_text`), so that a fault of the first translation, or of
z3, makes the two disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

from gradbook.prove.query import Asked

Agreement = Literal["agreed", "not answered", "disagreed"]

#: So much of its own count of its work cvc5 may spend on a query, about a second; no clock decides.
UNITS = 500_000
#: Products of letters by coverings alone, which decide them and count what they do: what cvc5 does
#: else, tangent planes, may go on for ever without spending a unit.
PRODUCTS = {"nl-ext": "none", "nl-cov": "true"}


def cvc5_answer(text: str, units: int = UNITS) -> str:
    """What cvc5 answers to SMT-LIB 2 text: "unsat", "sat", or "unknown" where the units ran out.

    Raises ValueError for text that it cannot read.
    """
    cvc5 = import_module("cvc5")
    solver = cvc5.Solver(cvc5.TermManager())
    for option, value in (("rlimit", str(units)), *PRODUCTS.items()):
        solver.setOption(option, value)
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "query")
    symbols = parser.getSymbolManager()
    said = []
    try:
        while not (command := parser.nextCommand()).isNull():
            said.append(command.invoke(solver, symbols).strip())
    except RuntimeError as error:
        raise ValueError(f"cvc5 cannot read the query: {error}") from None
    (answer,) = filter(None, said)
    verdict = str(answer).partition(" ")[0]  # unknown (RESOURCEOUT)
    if verdict not in ("sat", "unsat", "unknown"):
        raise ValueError(f"cvc5 cannot read the query: {answer}")
    return verdict


#: A second solver: text → its answer.
SECOND: Mapping[str, Callable[[str], str]] = {"cvc5": cvc5_answer}


def require_second(name: str) -> None:
    """Raises ValueError for a solver that is not among SECOND, or not installed."""
    if name not in SECOND:
        raise ValueError(f"recheck must be among {', '.join(SECOND)}, not {name!r}")
    if find_spec(name) is None:
        raise ValueError(f"{name} is not installed: pip install gradbook[recheck]")


@dataclass(frozen=True)
class PutAgain:
    """A query of z3's, and what a second solver answers to it.

    of:     the line, or the property of the loss, that it was asked for.
    second: the answer; "" where it was not asked. why: it has none, in words.
    """

    of: str
    asked: Asked
    second: str = ""
    why: str = ""

    @property
    def agreement(self) -> Agreement:
        """A query that one of the two cannot answer is no disagreement."""
        answers = {self.asked.answer, self.second}
        if answers in ({"sat"}, {"unsat"}):
            return "agreed"
        return "disagreed" if answers == {"sat", "unsat"} else "not answered"

    @property
    def file(self) -> str:
        """The query as a file, with the answer of z3, which a solver may hold against its own."""
        return f"; {self.of}\n(set-info :status {self.asked.answer})\n{self.asked.text}"
