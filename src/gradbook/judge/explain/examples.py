"""How much each example of a batch counts, read off batches that show each by itself.

The page counts each example once. What is read off is stated as a condition, for which examples
count another number of times than the others, or as a formula of i, n, y and the like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from gradbook.judge.explain.answered import Answered
from gradbook.judge.explain.edits import Edit
from gradbook.judge.explain.numbers_in_words import in_words
from gradbook.questions.conditions import Condition, language, telling
from gradbook.questions.disjoint_features import only_loss, own_coefficients
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.rows import Row, rows_of_examples
from gradbook.questions.scene import Scene

#: The fault of which these are cases: the examples do not count once each.
CODE = "GB406"
#: How alike two weights have to be to be the same number.
_ALIKE = 1e-9
#: Conditions of the same examples that are tried on all answers.
_TRIED = 4

Weights = Callable[[Scene], Floats]


@dataclass(frozen=True)
class Seen:
    """One batch and how much each example counts in it, (n,); NaN where that does not show."""

    question: Question
    weights: Floats


@dataclass(frozen=True)
class _Part:
    """words: of which rows. of: their weights in what was read off, from a and μ, (n, C) each.

    given: the coefficients (n, C) with the weights (n,) for these rows.
    """

    words: str
    of: Callable[[Scene, Floats], Floats]
    given: Callable[[Scene, Floats, Floats], Floats]


def weights(gradients: Sequence[Answered], losses: Sequence[Answered]) -> list[Edit]:
    """Edits of the sum over the examples that the answers suggest; they are to be tested on all."""
    found: list[Edit] = []
    shown = [one for answer in gradients for one in _of_gradient(answer)]
    for part in _PARTS:
        found += _edits([Seen(scene.question, part.of(scene, a)) for scene, a in shown], part)
    seen = [one for answer in losses for one in _of_loss(answer)]
    return [*found, *_edits(seen, _PARTS[0])]


def _of_gradient(answer: Answered) -> Iterator[tuple[Scene, Floats]]:
    """The scene, and what multiplies each of its examples, (n, C), where that shows."""
    scene = answer.scene
    if answer.found.shape != scene.question.W.shape or not np.isfinite(answer.found).all():
        return
    a = own_coefficients(scene.question, answer.found)
    if a is not None:
        yield scene, a


def _of_loss(answer: Answered) -> Iterator[Seen]:
    question = answer.scene.question
    place = only_loss(question)
    if place is not None and np.isfinite(answer.found):
        read = np.full(question.n, np.nan)
        read[place] = float(answer.found) * question.n / question.right.loss[place]
        yield Seen(question, read)


def _common(a: Floats, mu: Floats) -> Floats:
    """The one factor of each example, (n,): NaN where μ_i is 0, ∞ where there is not one factor."""
    with np.errstate(all="ignore"):
        ratio = np.where(mu != 0, a / mu, np.nan)
    known = ~np.isnan(ratio)
    first = ratio[np.arange(len(ratio)), known.argmax(axis=1)]
    first = np.where(known.any(axis=1), first, 0.0)
    apart = np.abs(a - first[:, None] * mu) > _ALIKE * (1 + np.abs(a))
    read = np.where((mu != 0).any(axis=1), first, np.nan)
    return np.where(apart.any(axis=1), np.inf, read)


def _of_row_y(scene: Scene, a: Floats) -> Floats:
    rest = _common(a * (1 - scene.own), scene.mu * (1 - scene.own))
    own = _common(a * scene.own, scene.mu * scene.own)
    return np.where((rest == 1) | np.isnan(rest), own, np.inf)


def _of_others(scene: Scene, a: Floats) -> Floats:
    rest = _common(a * (1 - scene.own), scene.mu * (1 - scene.own))
    own = _common(a * scene.own, scene.mu * scene.own)
    return np.where((own == 1) | np.isnan(own), rest, np.inf)


_PARTS = (
    _Part("", lambda scene, a: _common(a, scene.mu), lambda scene, a, w: a * w[:, None]),
    _Part("in row y, ", _of_row_y,
          lambda scene, a, w: a * (1 + scene.own * (w[:, None] - 1))),
    _Part("in the rows j ≠ y, ", _of_others,
          lambda scene, a, w: a * (1 + (1 - scene.own) * (w[:, None] - 1))),
)  # fmt: skip


def _edits(seen: Sequence[Seen], part: _Part) -> Iterator[Edit]:
    """Edits for what was read off, if all of it is one number for each example."""
    read = np.concatenate([one.weights for one in seen]) if seen else np.zeros(0)
    known = ~np.isnan(read)
    if not known.any() or not np.isfinite(read[known]).all() or (read[known] == 1).all():
        return
    if _are_factors(seen):
        return
    for words, of in _by_condition(seen, read):
        said = part.words + words
        yield Edit(CODE, partial(_both, said), "mean", _given(part, of), False, (CODE, said))


def _both(said: str) -> tuple[str, str]:
    """Of the gradient alone the same is said."""
    return said, said


def _are_factors(seen: Sequence[Seen]) -> bool:
    """Whether what was read off depends on n and C alone: a factor of the call, and no weights."""
    by_size: dict[tuple[int, int], set[float]] = {}
    for one in seen:
        known = one.weights[~np.isnan(one.weights)]
        size = (one.question.n, one.question.C)
        by_size.setdefault(size, set()).update(np.round(known, 9).tolist())
    return all(len(values) <= 1 for values in by_size.values())


def _given(part: _Part, of: Callable[[Question], Floats]) -> Callable[[Scene, Floats], Floats]:
    def apply(scene: Scene, a: Floats) -> Floats:
        w = np.where(a.any(axis=1), of(scene.question), 0.0)
        return a * w[:, None] if a.shape[1] == 1 else part.given(scene, a, w)

    return apply


def _by_condition(
    seen: Sequence[Seen], read: Floats
) -> Iterator[tuple[str, Callable[[Question], Floats]]]:
    """Two weights at most: one for the examples that fulfil a condition, one for the others."""
    rows = [rows_of_examples(one.question) for one in seen]
    traits = np.concatenate([row.traits for row in rows])
    sizes = np.concatenate([row.sizes for row in rows])
    mean = _mean_of_some(seen)
    values = sorted({round(value, 9) for value in read[~np.isnan(read)].tolist()})
    if mean:
        some, rest = read > 0, read == 0
        usual, other = 0.0, 1.0
    elif len(values) == 2:
        other = next(value for value in values if value != 1)
        usual = next(value for value in values if value != other)
        some, rest = np.isclose(read, other), ~np.isclose(read, other) & ~np.isnan(read)
    else:
        return
    those, others = (Row(traits[mask], sizes[mask]) for mask in (some, rest))
    told = [one for one in telling(language(True), those, others) if _is_found(one)]
    for condition in told[:_TRIED]:
        yield _said(condition, usual, other, mean), _two_weights(condition, usual, other, mean)


def _is_found(condition: Condition) -> bool:
    """Whether it has no real threshold of which only the neighbourhood is known.

    A margin near 0 that does not count is a matter of its indicator, and no weight of an example.
    """
    if condition.threshold is None:
        return True
    _, threshold = condition.threshold
    return threshold.whole or threshold.closed or 0.0 in (threshold.inside, threshold.outside)


def _mean_of_some(seen: Sequence[Seen]) -> bool:
    """Whether some examples do not count, and the mean is over those that do."""
    rests = set()
    for one in seen:
        known = one.weights[~np.isnan(one.weights)]
        kept = known[known != 0]
        # An example without an active margin may be among the rest or not.
        if len(known) < len(one.weights) or not len(kept):
            continue
        if not np.allclose(kept * len(kept), len(one.weights)):
            return False
        rests.add(float(kept[0]))
    return len(rests - {1.0}) > 0


def _two_weights(
    condition: Condition, rest: float, some: float, mean: bool
) -> Callable[[Question], Floats]:
    def of(question: Question) -> Floats:
        those = condition.of_examples(question)
        if mean:
            return np.asarray(those * question.n / max(1, those.sum()), dtype=float)
        return np.where(those, some, rest)

    return of


def _said(condition: Condition, rest: float, some: float, mean: bool) -> str:
    those = f"the examples where {condition.words}{_from_0(condition)}"
    if mean:
        return f"only {those} count, and the mean is over these"
    if (rest, some) == (0.0, 1.0):
        return f"only {those} count"
    often = "do not count" if not some else f"count {in_words(some)} times"
    if rest == 1.0:
        return f"{those} {often}"
    return f"{those} {often}, the others {in_words(rest)} times, in place of once"


def _from_0(condition: Condition) -> str:
    return " (i from 0)" if condition.words.startswith(("i ", "n − i ")) else ""
