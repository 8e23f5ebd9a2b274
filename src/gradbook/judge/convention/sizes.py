"""Functions that state their sizes, as range(10) or W.shape == (3073, 10): judged at these.

A question of fewer classes and features is put to them with more: features that are 0, and classes
whose margin is never active, by a feature of 1s that counts against them. The answer is cut back.
Fewer examples are put to them several times, each as often as the others: the mean is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np

from gradbook.judge.convention.reply import Reply
from gradbook.questions.question import Question

#: Sizes of W that are stated as a product, such as 32·32·3 + 1.
_COMMON = (3073, 3072, 785, 784)
#: So many pairs of sizes are tried, and so many numbers in X at most.
_TRIED, _LARGE = 16, 400_000
#: At most so many classes are tried, and so many numbers of examples, of these sizes.
_CLASSES, _BATCHES, _BATCH = 200, 4, range(8, 1001)


def stated_shapes(numbers: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """n, D and C that whoever wrote these numbers may have meant, likelier ones first."""
    classes = [number for number in numbers if number <= _CLASSES]
    features = dict.fromkeys((*numbers, *(number + 1 for number in numbers), *_COMMON))
    pairs = [(D, C) for D, C in product(features, classes) if D != C]
    pairs.sort(key=lambda pair: (pair[0] not in numbers, pair[1] not in numbers, pair[0] < pair[1]))
    few = [(next(n for n in (4, 5, 6) if n not in pair), *pair) for pair in pairs[:_TRIED]]
    batches = [number for number in numbers if number in _BATCH][:_BATCHES]
    known = [(5, 3), *pairs[:_BATCHES]]
    return few + [(n, D, C) for n in batches for D, C in known if len({n, D, C}) == 3]


def settled_sizes(
    answers: Callable[[int, int, int], bool],
    sizes: tuple[int, int, int],
    numbers: tuple[int, ...],
) -> tuple[int, int, int]:
    """The numbers of classes, features and examples that it states; 0 where it takes any.

    answers: whether it answers for n, D and C. It does for these sizes.
    """
    n, D, C = sizes
    features = D in _COMMON or D in numbers or D - 1 in numbers
    features = features and not answers(n, D + 2, C)
    classes = C in numbers and not (answers(n, D, C + 1) and (C == 2 or answers(n, D, C - 1)))
    batch = n in numbers and not (answers(n + 1, D, C) and answers(n - 1, D, C))
    return C if classes else 0, D if features else 0, n if batch else 0


def fits(question: Question, classes: int, features: int, batch: int = 0) -> bool:
    """Whether a question can be put at these sizes."""
    more = bool(classes) and classes > question.C
    return (
        (classes or question.C) >= question.C
        and question.D + more <= (features or question.D + more)
        and whole_batches(question, batch)
        and max(batch, question.n) * max(features, question.D) <= _LARGE
    )


def whole_batches(question: Question, batch: int) -> bool:
    """Whether a batch of this size can have each example of the question equally often."""
    return batch % question.n == 0


def fitted(question: Question, classes: int, features: int, batch: int = 0) -> Question:
    """The question at these sizes; as it is where it has them."""
    if batch > question.n:
        question = native(question, 0, batch)
    more = max(0, (classes or question.C) - question.C)
    wanted = features or question.D + bool(more)
    if not more and wanted == question.D:
        return question
    # The first feature and the last stay so: one of them may be spared by the penalty.
    zeros = wanted - question.D
    W = np.insert(question.W, [1] * zeros, 0.0, axis=1)
    X = np.insert(question.X, [1] * zeros, 0.0, axis=1)
    if more:
        largest = float(np.abs(question.S).max(initial=0.0)) + 2
        X[:, 1] = 1.0
        W = np.vstack([W, np.zeros((more, wanted))])
        W[question.C :, 1] = -(2.0 ** max(7, np.ceil(np.log2(largest)) + 1))
    return replace(question, W=W, X=X)


def native(question: Question, classes: int, batch: int = 0) -> Question:
    """The same weights and examples for so many classes and examples, one after the other again."""
    if classes not in (0, question.C):
        W = question.W[np.arange(classes) % question.C]
        question = replace(question, W=W, y=question.y % classes)
    if batch not in (0, question.n):
        places = np.arange(batch) % question.n
        question = replace(question, X=question.X[places], y=question.y[places])
    return question


def cut(reply: Reply, question: Question, asked: Question) -> Reply:
    """The answer to the question, from that to what was asked in its place."""
    gradient = reply.gradient
    if reply.error or gradient is None or asked is question:
        return reply
    zeros = asked.D - question.D
    more = asked.C - question.C
    if not zeros and not more:
        return reply
    beyond = [gradient[question.C :], gradient[: question.C, 1 + bool(more) : 1 + zeros]]
    if not question.reg and any(np.abs(part).max(initial=0.0) for part in beyond):
        return replace(reply, error="returns a gradient that is not 0 where no example adds to it")
    kept = np.r_[0, 1 + zeros : asked.D]
    return replace(reply, gradient=gradient[: question.C, kept])
