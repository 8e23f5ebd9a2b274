"""The base set: the questions of which a function must answer every one rightly to be right.

They are asked in an order in which every beginning holds some of every kind; afterwards they stand
in the deck's own, small ones first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import gcd

from gradbook.judge.convention.asking import ask, posed
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.convention.sizes import fits, native, whole_batches
from gradbook.loss import Loss
from gradbook.questions.deck import REGS, deck, far, further_penalties, penalty_deck
from gradbook.questions.question import Question
from gradbook.subjects import Subject

#: After so many calls that ended the process no more are made.
_FATAL = 3
#: Of this share of all questions each one asked is away from the one before: the golden section.
_STRIDE = 0.618

#: Answers without reg and with it.
Pair = tuple[Observation, Observation]


@dataclass(frozen=True)
class BaseSet:
    """usual, far: with reg = 0. pairs: without reg and with it; none if there is no reg."""

    usual: tuple[Question, ...]
    far: tuple[Question, ...]
    pairs: tuple[tuple[Question, Question], ...]

    def __len__(self) -> int:
        return len(self._all)

    @property
    def _all(self) -> list[Question]:
        with_reg = (one for _, one in self.pairs)
        return [*self.usual, *self.far, *with_reg]

    def in_order(self, seed: int) -> list[Question]:
        """All questions, as they are asked: without reg first, where one is asked with it."""
        everything, without = self._all, {one: base for base, one in self.pairs}
        count = len(everything)
        stride = next(n for n in range(int(_STRIDE * count) + 1, 2 * count) if gcd(n, count) == 1)
        asked = (everything[(seed + k * stride) % count] for k in range(count))
        return list(dict.fromkeys(each for one in asked for each in (without.get(one, one), one)))


def base_set(loss: Loss, convention: Convention, seed: int = 0) -> BaseSet:
    """What is asked in a convention. seed: which of many equally telling questions are taken.

    Raises Unsuitable for losses that are not judged.
    """

    def as_asked(questions: Sequence[Question]) -> list[Question]:
        there = (
            one if whole_batches(one, convention.batch) else native(one, 0, convention.batch)
            for one in questions
        )
        fitting = (question for question in there if fits(question, *convention.stated))
        return [posed(convention, question) for question in fitting]

    def with_penalty(questions: Sequence[Question]) -> list[Question]:
        C, _, n = convention.stated
        return as_asked([native(question, C, n) for question in questions])

    usual, pairs = as_asked(deck(loss, seed)), []
    if convention.has_reg:
        bases = with_penalty(penalty_deck(loss, seed))
        pairs = [(base, base.with_reg(reg)) for base in bases for reg in REGS]
        others = with_penalty(further_penalties(loss, seed))
        pairs += [(other.with_reg(0.0), other) for other in others]
        usual += dict.fromkeys(base for base, _ in pairs)
    return BaseSet(tuple(usual), tuple(as_asked(far(loss, seed))), tuple(pairs))


@dataclass
class Asking:
    """Puts questions one after the other, until too many have ended the process.

    None is put that is larger than one that took too long, unless a larger one was answered.
    """

    subject: Subject
    convention: Convention
    _seen: list[Observation] = field(default_factory=list)
    _ended: int = 0

    def __call__(self, question: Question) -> Observation | None:
        """The answer; None if it is not asked."""
        question = posed(self.convention, question)
        slow = too_slow(self._seen) if self._ended else []
        if self._ended >= _FATAL or any(one.question.is_within(question) for one in slow):
            return None
        one = Observation(question, ask(self.subject, self.convention, question), self.convention)
        self._seen.append(one)
        self._ended += one.reply.fatal
        return one


def too_slow(observations: Sequence[Observation]) -> list[Observation]:
    """Those that took too long where much was asked: what hangs has answered larger questions."""
    slow = [one for one in observations if one.reply.too_slow]
    answered = [one.question for one in observations if not one.failed] if slow else []
    return [one for one in slow if not any(map(one.question.is_within, answered))]


@dataclass(frozen=True)
class Answers:
    """Observations, as in a BaseSet; what was not answered is not there."""

    usual: tuple[Observation, ...]
    far: tuple[Observation, ...]
    pairs: tuple[Pair, ...]


def answers(base: BaseSet, seen: Sequence[Observation]) -> Answers:
    """What was answered to each, from all answers in any order."""
    by_question = {id(one.question): one for one in seen}

    def of(questions: Sequence[Question]) -> tuple[Observation, ...]:
        found = (by_question.get(id(question)) for question in questions)
        return tuple(one for one in found if one is not None)

    pairs = (of(pair) for pair in base.pairs)
    return Answers(of(base.usual), of(base.far), tuple(p for p in pairs if len(p) == 2))
