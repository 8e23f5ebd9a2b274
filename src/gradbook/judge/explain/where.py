"""Where something happens: the narrowest true description of the questions at which it does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from gradbook.questions.conditions import Condition, Language, language, narrowest, telling
from gradbook.questions.question import Question
from gradbook.questions.rows import Row, rows_of_calls, rows_of_singles


class Asked(Protocol):
    """What was asked, and perhaps answered."""

    @property
    def question(self) -> Question: ...


@dataclass(frozen=True)
class Where:
    """words: to follow "where", or "" for everywhere. exactly: nowhere else, and always there.

    contrary: whether the words say where it does not happen.
    """

    words: str
    exactly: bool
    contrary: bool = False

    def __str__(self) -> str:
        preposition = "except where" if self.contrary else "where"
        return f" {preposition} {self.words}" if self.words else ""

    @property
    def only(self) -> str:
        """As a clause that says how far it goes."""
        if not self.words:
            return ""
        return str(self) if self.exactly else f", and only where {self.words}"


EVERYWHERE = Where("", True)
#: What costs more, or has a gap beside its threshold, says nothing where it is not exact.
_PLAIN = 1.8
#: Fewer have something in common by chance.
_FEW = 4
#: Of so many others a condition may hold, and still say something.
_NARROW = 0.7


def where(those: Sequence[Asked], among: Sequence[Asked]) -> Where:
    """What `those` have in common that not all `among` have.

    A condition that exactly these fulfil is best; failing that, one of two parts, or the narrowest
    one that all of these fulfil, unless they are so few that something is true of them by chance.
    """
    if len(those) == len(among):
        return EVERYWHERE
    chosen = {id(one) for one in those}
    others = [one for one in among if id(one) not in chosen]
    tables = list(_tables(_questions(those), _questions(others)))
    few = len(those) < _FEW
    for found in (
        (one for table in tables for one in telling(*table, pairs=False)),
        (one for table in tables if not few for one in _of_two(*table)),
    ):
        if exact := list(found):
            best = min(exact, key=_cost)
            return Where(best.words, True, best.inverted)
    if few:
        return EVERYWHERE
    narrow = [pair for table in tables for pair in narrowest(*table) if _is_plain(pair[0])]
    condition, count = min(narrow, key=_count, default=(None, 0))
    if condition is None or count >= _NARROW * len(others):
        return EVERYWHERE
    return Where(condition.words, False)


def _of_two(words: Language, those: Row, others: Row) -> list[Condition]:
    """Two conditions together: where it happens, or where alone it does not."""
    contrary = telling(words, others, those)
    return [*telling(words, those, others), *(one.elsewhere for one in contrary)]


def _questions(asked: Iterable[Asked]) -> list[Question]:
    return [one.question for one in asked]


def _tables(
    those: Sequence[Question], others: Sequence[Question]
) -> Iterable[tuple[Language, Row, Row]]:
    """The questions in the words for calls, and in those for examples if there is one in each."""
    yield language(False), rows_of_calls(those), rows_of_calls(others)
    if all(question.n == 1 for question in (*those, *others)):
        yield language(True), rows_of_singles(those), rows_of_singles(others)


def _count(pair: tuple[Condition, int]) -> int:
    return pair[1]


def _is_plain(condition: Condition) -> bool:
    open_ended = condition.threshold is not None and not condition.threshold[1].closed
    return condition.cost <= _PLAIN and not open_ended


def _cost(condition: Condition) -> float:
    return condition.cost
