"""Judges functions of any page that has an objective: ridge regression, a network of two layers.

Right is what the page's own kernel computes, which was held against the page before. Loss and
gradients are compared at sizes that are all different.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from sympy import Expr

from gradbook.called import is_called_so
from gradbook.judge.convention.no_convention import heard_from
from gradbook.judge.convention.signature import NoConvention
from gradbook.judge.judgement import (
    EXACT,
    NO_GRADIENT,
    NOT_EACH,
    NUMERICAL,
    PURITY,
    Finding,
    Judgement,
)
from gradbook.judge.pages.letters import Binding, Point, bindings
from gradbook.judge.pages.times import Part, compared, is_times, named, penalties
from gradbook.page import Page, read
from gradbook.page import core as c
from gradbook.page.core import parts_of
from gradbook.subjects import Answer, Subject
from gradbook.subjects.names import role_of

if TYPE_CHECKING:
    from gradbook.emit.pages import PageKernel

#: The sizes of a page, one after the other, all different, and the number of examples.
_SIZES = ((5, 3, 4, 7, 6), (4, 6, 3, 5, 7), (3, 4, 7, 6, 5))
_EXAMPLES = (8, 2, 9)
#: How many batches it is asked, and with which penalties.
_ASKED, _REGS = 6, (1.0, 0.5, 3.0)
#: After so many ways in which it answers no other is tried; nor, where it has, after so many calls.
_TRIED, _CALLED = 60, 300
#: What is less like the page is another function.
_LIKE = 0.3


@dataclass(frozen=True)
class PageObjective:
    """What a page differentiates. name, called: as of a Loss. path: of the page."""

    name: str
    called: tuple[str, ...]
    path: Path

    @staticmethod
    def of(page: Page) -> PageObjective:
        said = page.of_loss
        called = said.called or (page.path.stem.replace("_", " "), page.title)
        return PageObjective(said.name or page.title, called, page.path)

    @cached_property
    def page(self) -> Page:
        return read(self.path)

    @cached_property
    def kernel(self) -> PageKernel:
        """Raises NotEmitted, a ValueError, where the page differentiates nothing."""
        from gradbook.emit.pages import emit_page  # which a loss of scores does without

        return emit_page(self.page, "numpy")

    @cached_property
    def cites(self) -> Mapping[str, str]:
        """Which line states the gradient by each letter first, and under "" the objective."""
        from gradbook.emit.pages.names import name_of

        found: dict[str, str] = {}
        for line in self.page:
            for claim in line.claims:
                for part in parts_of(claim.left):
                    by = part.by if isinstance(part, c.GradientBy) else None
                    by = by.of if isinstance(by, c.At) else by
                    if isinstance(by, c.Ref):
                        found.setdefault(name_of(by.letter, self.page.letters), line.id)
            for letter in line.definitions:
                if name_of(letter, self.page.letters) == self.kernel.name.partition(" ")[0]:
                    found[""] = line.id
        return found


@dataclass(frozen=True)
class _Asking:
    """A function that is called in one way.

    known: what is right in each batch that was asked. given: the letters by which it gave gradients
    when it was first called so.
    """

    subject: Subject
    kernel: PageKernel
    binding: Binding
    known: dict[tuple[int, float], tuple[float, dict[str, np.ndarray]]] = field(
        default_factory=dict, compare=False
    )
    given: frozenset[str] = frozenset()

    @cached_property
    def strength(self) -> str:
        """The letter of the page that is the strength of a penalty; "" if it has none."""
        numbers = {
            a.name
            for a in self.kernel.arguments
            if not a.counts and a.labels is None and not a.domain.bounds
        }
        names = (letter for name, letter in self.binding.letters if role_of(name) == "reg")
        return next((letter for letter in names if letter in numbers), "")

    def __call__(self, number: int, reg: float = 0.0) -> tuple[Part | None, Answer]:
        """What is found and right in a batch, None where nothing was answered; and the answer."""
        lengths, point = _point(self.kernel, self.binding, number)
        if self.strength:
            point[self.strength] = np.asarray(reg)
        answer = self.binding.called(self.subject, point, reg)
        found = {} if answer.error else self.binding.gradients(answer, point, self.kernel.by)
        if answer.error or (answer.loss is None and not found):
            return None, answer
        if (number, reg) not in self.known:
            self.known[number, reg] = _right(self.kernel, self.binding, point)
        loss, slopes = self.known[number, reg]
        return Part(lengths, point, reg, answer.loss, loss, found, slopes), answer

    @property
    def roles(self) -> dict[str, str]:
        """What it calls W, X, y and reg, as far as it has them."""
        roles = {role_of(name): name for name, _ in self.binding.letters}
        return {role: name for role, name in roles.items() if role}

    def is_right(self) -> bool:
        """Whether it answers two batches rightly, as it is now, as much as it gave before, and
        changes nothing.
        """
        for number in range(2):
            part, answer = self(number)
            if part is None or answer.changed or not self.given <= part.found.keys():
                return False
            if compared([part], self.binding, {})[0]:
                return False
        return True


def answering(subject: Subject, of: PageObjective, letters: Mapping[str, str]) -> _Asking:
    """How a function is called. Raises NoConvention."""
    asking = _likest(subject, of.kernel, letters)[0]
    part, _ = asking(0)
    return asking if part is None else replace(asking, given=frozenset(part.found))


def judge_objective(
    subject: Subject, of: PageObjective, letters: Mapping[str, str] | None = None
) -> Judgement:
    """Whether a function computes what a page differentiates, and its gradients.

    letters: parameter ↦ letter, where a person says so; else they are found. Raises TooSlow.
    """
    began = perf_counter()
    judged = _judged(subject, of, letters or {})
    calls = getattr(subject, "calls", 0)
    return replace(judged, seconds=perf_counter() - began, calls=calls)


def _judged(subject: Subject, of: PageObjective, said: Mapping[str, str]) -> Judgement:
    try:
        asking, likeness = _likest(subject, of.kernel, said)
    except NoConvention as reason:
        why = str(reason)
        return Judgement(subject.name, of.name, "not judged", why, code=reason.code)
    if likeness < _LIKE and not is_called_so(subject.name, of):
        why = f"no answer is like {of.name}"
        return Judgement(subject.name, of.name, "not judged", why, code="another function")
    findings, remark = _findings(of, asking)
    wrong = any(finding.kind in (EXACT, PURITY) for finding in findings)
    penalty = ", with and without a penalty" * bool(asking.strength or asking.binding.reg)
    lacking = any({NO_GRADIENT, NOT_EACH} & {*finding.faults} for finding in findings)
    what = "what it returns" if lacking else "the loss and each gradient"
    return Judgement(
        subject.name,
        of.name,
        "wrong" if wrong else "right",
        findings=findings,
        covered=f"{what} at {_ASKED} batches of other sizes{penalty}",
        remarks=(*subject.remarks, str(asking.binding), *([remark] if remark else [])),
    )


def _findings(of: PageObjective, asking: _Asking) -> tuple[tuple[Finding, ...], str]:
    """What is wrong, and by what loss and gradients are multiplied alike."""
    answered = [asking(number) for number in range(_ASKED)]
    parts = [part for part, _ in answered if part is not None]
    if len(parts) < len(answered):
        said = next(heard_from(answer).said for part, answer in answered if part is None)
        return (Finding(f"it {said}", explained=True, code="GB804"),), ""
    changed = dict.fromkeys(name for _, answer in answered for name in answer.changed)
    impure = [
        Finding(f"it changes {name}", kind=PURITY, explained=True, code="GB703") for name in changed
    ]
    findings, remark = compared(parts, asking.binding, of.cites)
    if asking.strength or asking.binding.reg:
        pairs = [(asking(n, _REGS[n % len(_REGS)])[0], parts[n]) for n in range(_ASKED)]
        added = [one.less(part) for one, part in pairs if one is not None]
        if asking.strength:
            findings += compared(added, asking.binding, of.cites, "penalty")[0]
        else:
            findings += penalties(added, asking.binding)
    return (*impure, *findings, *_not_judged(asking, *answered[0])), remark


def _not_judged(asking: _Asking, part: Part | None, answer: Answer) -> Iterator[Finding]:
    """That no gradient is returned by a letter that the page differentiates by."""
    binding, found = asking.binding, part.found if part is not None else {}
    lacking = [one for one in asking.kernel.by if one not in found and one not in binding.stacked]
    if not lacking:
        return
    by = f"gradient by {named(lacking, binding)}"
    if not found and (answer.arrays or answer.gradient is not None):
        said = f"only its loss is judged: what comes with it is no {by}"
        yield Finding(said, kind=NUMERICAL, explained=True, code=NO_GRADIENT)
    else:
        said = f"it returns no {by}, which is not judged"
        yield Finding(said, kind=NUMERICAL, explained=True, code=NOT_EACH)


def _likest(subject: Subject, kernel: PageKernel, said: Mapping[str, str]) -> tuple[_Asking, float]:
    """The way to call it in which the answers are most like the page, and how much they are.

    Sizes that are all different make one way alone right; the loss tells it, whatever is wrong with
    the gradients. Raises NoConvention where no call answers.
    """
    best: tuple[_Asking, float] | None = None
    heard: Counter[str] = Counter()
    answers = 0
    for calls, binding in enumerate(bindings(subject, kernel, said)):
        if answers == _TRIED or (best is not None and calls >= _CALLED):
            break
        asking = _Asking(subject, kernel, binding)
        part, answer = asking(0)
        answers += not answer.error
        again = asking(1)[0] if part is not None else None  # what fits by chance fits once
        if part is None or again is None:
            heard[heard_from(answer).said] += 1
            continue
        likeness = min(map(_likeness, (part, again)))
        if best is None or likeness > best[1]:
            best = asking, likeness
        if is_times(part) or (part.loss is None and likeness > 1 - 1e-9):
            break
    if best is None:
        taken, wanted = ", ".join(subject.parameters), ", ".join(a.name for a in kernel.arguments)
        often = f"it {heard.most_common(1)[0][0]}, where" if heard else "in no way"
        raise NoConvention(
            f"{often} its parameters ({taken}) are the letters of the page, {wanted}; --letters "
            "says which is which, as in W1=A,b1=a"
        )
    return best


def _likeness(part: Part) -> float:
    """How much of what was answered is right up to a factor, 0 … 1."""
    alike = [] if part.loss is None else [float(is_times(part))]
    for name, slope in part.found.items():
        if slope.shape != part.slopes[name].shape:
            alike.append(0.0)
            continue
        size = float(np.linalg.norm(slope) * np.linalg.norm(part.slopes[name]))
        along = abs(float((slope * part.slopes[name]).sum()))
        alike.append(along / size if size and np.isfinite(size) else 0.0)
    return sum(alike) / len(alike)


def _point(
    kernel: PageKernel, binding: Binding, number: int
) -> tuple[dict[str, int], dict[str, np.ndarray]]:
    """The length of each size, and a value of each letter: no sum of a few of them is 0."""
    rng = np.random.default_rng([31, number])
    lengths = dict(zip((name for name, _ in kernel.least), _SIZES[number % 3], strict=False))
    examples = _EXAMPLES[number % 3] if binding.batch else 1
    point: dict[str, np.ndarray] = {}
    for argument in kernel.arguments:
        shape = [_length(count, lengths) for count in argument.counts]
        shape = [examples, *shape] if argument.name in binding.stacked else shape
        if argument.choices:
            value = rng.choice(argument.choices, shape)
        elif argument.labels is not None:
            value = rng.integers(0, _length(argument.labels, lengths), shape)
        elif shape:
            value = (95 * rng.integers(-16, 17, shape) + 7) / 1024
        else:
            value = np.asarray(rng.uniform(0.5, 1.5))
        point[argument.name] = argument.domain.fitted(np.asarray(value))
    return lengths | ({"N": examples} if binding.batch else {}), point


def _length(count: Expr, lengths: Mapping[str, int]) -> int:
    return int(count.subs({symbol: lengths[str(symbol)] for symbol in count.free_symbols}))


def _right(
    kernel: PageKernel, binding: Binding, point: Point
) -> tuple[float, dict[str, np.ndarray]]:
    """The objective and its gradients; of a batch the mean over the examples."""
    stacked = binding.stacked
    if not stacked:
        loss, slopes = kernel(*point.values())
        return loss, {name: np.asarray(slope) for name, slope in slopes.items()}
    n = len(point[next(iter(stacked))])
    each = [kernel(*(v[i] if k in stacked else v for k, v in point.items())) for i in range(n)]
    of_each = {name: np.array([slopes[name] for _, slopes in each]) / n for name in kernel.by}
    slopes = {name: all_ if name in stacked else all_.sum(0) for name, all_ in of_each.items()}
    return float(np.mean([loss for loss, _ in each])), slopes
