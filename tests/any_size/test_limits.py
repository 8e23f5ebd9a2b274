"""Sums over a part of the classes, shifted and split; and claims with very many letters."""

import pytest
from sympy import Integer, Ne, Sum, Symbol, exp, log

from gradbook.any_size import IndexedClaim, agree, derive, prove_claim
from gradbook.any_size import lines as any_size_lines
from gradbook.any_size.binding import free_indices
from gradbook.any_size.coincidence import TooMany, coincidences
from gradbook.any_size.compute import OutOfRange, value
from gradbook.any_size.instances import instances, with_indices
from gradbook.any_size.letters import CLASSES, C, W, X, a, b, c, i, m, n, s, within, x, y
from gradbook.any_size.limits import with_usual_limits
from gradbook.any_size.numbers import same
from gradbook.any_size.rules import DERIVATIVES, SUMS, Chain, rewritten
from gradbook.any_size.sums import over_classes
from gradbook.emit.lowering import lower
from gradbook.loss import Loss
from gradbook.notation import hinge, j, k, partial, unequal


def f(t):
    return hinge(s[t] - s[y] + 1)


def classes(summand, index, first, last):
    return Sum(summand, (index, first, last))


loss = over_classes(j, f(j), besides=y)
before, after = classes(f(j), j, 0, y - 1), classes(f(k), k, y + 1, C - 1)

#: The loss of the page, written otherwise.
RIGHT = {
    "before y and after y": before + after,
    "the other letter first": classes(f(k), k, 0, y - 1) + classes(f(j), j, y + 1, C - 1),
    "from 1 to C": classes(unequal(j - 1, y) * f(j - 1), j, 1, C),
    "from −1 to C − 2": classes(unequal(j + 1, y) * f(j + 1), j, -1, C - 2),
    "both parts shifted": classes(f(j - 1), j, 1, y) + classes(f(j + 1), j, y, C - 2),
    "the first class apart": unequal(0, y) * f(0) + classes(unequal(j, y) * f(j), j, 1, C - 1),
    "the last class apart": (
        unequal(C - 1, y) * f(C - 1) + classes(unequal(j, y) * f(j), j, 0, C - 2)
    ),
    "up to y and from y": classes(f(j), j, 0, y) + classes(f(j), j, y, C - 1) - 2,
    "all of them, and not y": over_classes(j, f(j)) - f(y),
    "masked where it need not be": classes(unequal(j, y) * f(j), j, 0, y - 1) + after,
}

WRONG = {
    "y is in the first part": classes(f(j), j, 0, y) + after,
    "the class after y is missing": before + classes(f(k), k, y + 2, C - 1),
    "the class before y is missing": classes(f(j), j, 0, y - 2) + after,
    "the last class is missing": before + classes(f(k), k, y + 1, C - 2),
    "the first class is missing": classes(f(j), j, 1, y - 1) + after,
    "shifted, but not its limits": classes(unequal(j - 1, y) * f(j - 1), j, 1, C - 1),
    "a part twice": before + 2 * after,
    "nothing of y": before + before,
}


@pytest.mark.parametrize("written", RIGHT.values(), ids=RIGHT)
def test_the_loss_in_parts_is_the_loss(written):
    assert prove_claim(IndexedClaim(loss, written)).status == "proved"
    gradients = (partial(formula, W[a, b]) for formula in (loss, written))
    assert prove_claim(IndexedClaim(*gradients)).status == "proved"


@pytest.mark.parametrize("written", WRONG.values(), ids=WRONG)
def test_parts_that_are_not_the_loss_are_refuted(written):
    proof = prove_claim(IndexedClaim(loss, written))
    assert proof.status == "refuted"
    assert proof.refutation is not None


def test_parts_of_features_and_examples_are_put_together_too():
    whole = Sum(W[a, c] * x[c], (c, 0, m))
    first, rest = W[a, 0] * x[0], Sum(W[a, c] * x[c], (c, 1, m))
    assert prove_claim(IndexedClaim(whole, first + rest)).status == "proved"
    assert prove_claim(IndexedClaim(whole, 2 * first + rest)).status == "refuted"
    examples, rest = Sum(X[i, b], (i, 0, n - 1)), Sum(X[i, b], (i, 1, n - 1))
    assert prove_claim(IndexedClaim(examples, X[0, b] + rest)).status == "proved"
    assert prove_claim(IndexedClaim(examples, rest)).status == "refuted"


def test_the_slope_of_a_part_is_0_by_the_scores_beyond_it():
    slope = rewritten(Chain(partial(classes(s[j] ** 2, j, 0, y - 1), s[a])), DERIVATIVES + SUMS).end
    assert slope == 2 * within(a, 0, y - 1) * s[a]


def test_the_steps_say_by_which_rule_and_with_what():
    split, _ = prove_claim(
        IndexedClaim(partial(before + after, W[a, b]), partial(loss, W[a, b]))
    ).sides
    first, *_ = split.steps
    assert first.rule == "a sum over a part, by sums over all"
    assert dict(first.using)[after] == over_classes(j, f(j)) - before - f(y)
    shifted, _ = prove_claim(IndexedClaim(classes(f(j - 1), j, 1, C), over_classes(j, f(j)))).sides
    assert [step.rule for step in shifted] == ["shift the index of the sum"]


@pytest.mark.parametrize(
    "formula",
    [
        *RIGHT.values(),
        *(written for name, written in WRONG.items() if "before y" not in name),
        classes(s[j], j, a, C - 2),
        classes(s[j], j, 1, a),
        classes(s[j] * s[0], j, C - 1, C - 1),
        classes(s[j], j, 0, 1),
        classes(s[j], j, y, y),
        classes(s[j], j, a + 1, a),
        classes(classes(s[j] * s[k], k, 0, j - 1), j, 0, C - 1),
        classes(classes(s[j] * s[k], k, j + 1, C - 1), j, 0, y),
        classes(s[j] * over_classes(k, f(k)), j, y + 1, C - 1),
    ],
    ids=str,
)
def test_the_value_stays_whatever_the_limits(formula):
    usual = with_usual_limits(formula)
    compared = 0
    for data in instances([formula], any_size_lines.FEW):
        for instance in with_indices(data, free_indices(formula)):
            try:
                expected = value(formula, instance)
            except OutOfRange:
                continue
            assert same(expected, value(usual, instance)), instance
            compared += 1
    assert compared >= 15


@pytest.mark.parametrize(
    "formula",
    [
        classes(s[j], j, 1, y - 1),
        classes(s[j], j, y + 1, C - 2),
        classes(s[j], j, a, y),
        classes(s[j], j, 0, y - 2),
        classes(s[j] * s[j - 1], j, 1, y - 1),
        classes(j * s[j - 1], j, 1, y - 1),
        over_classes(j, s[j]),
        classes(s[j], j, 0, y - 1),
    ],
    ids=str,
)
def test_a_sum_of_which_it_is_not_known_where_it_ends_is_left_as_it_is(formula):
    assert with_usual_limits(formula) == formula


@pytest.mark.thorough
def test_a_loss_in_parts_is_derived_in_both_ways_and_lowered():
    split = Loss("split", before + after, "split")
    assert agree(derive(split)).holds
    assert str(lower(split)).splitlines() == [
        "r0    = Σ_a max(0, s_a - s_y + 1)",
        "r1    = Σ_a 1{s_a - s_y + 1 > 0}",
        "ℓ     = r0 - 1",
        "μ_a   = 1{s_a - s_y + 1 > 0} for a ≠ y",
        "μ_y   = 1 - r1",
    ]
    assert lower(split).shift_invariant
    shifted = log(classes(exp(s[j - 1]), j, 1, C)) - s[y]
    assert lower(Loss("shifted", shifted, "shifted")).coefficients_sum_to_zero


# Very many letters.

letters = [a, j, k, *(Symbol(name, integer=True, nonnegative=True) for name in "lpqr")]


def square_of_sum(some):
    return sum(s[t] for t in some) ** 2 * s[y], sum(s[t] * s[u] for t in some for u in some) * s[y]


def test_what_holds_of_few_letters_is_undecided_of_very_many_and_says_why():
    assert prove_claim(IndexedClaim(*square_of_sum(letters[:3]))).status == "proved"
    proof = prove_claim(IndexedClaim(*square_of_sum(letters)))
    assert (proof.status, proof.reason) == (
        "undecided",
        "its 8 letters can coincide in more ways than are decided one by one, 1,000",
    )


def test_what_does_not_hold_is_refuted_of_very_many_letters_too():
    left, right = square_of_sum(letters)
    assert prove_claim(IndexedClaim(left, right + s[a] * s[j])).status == "refuted"


def test_ways_that_a_condition_rules_out_do_not_count():
    alike = [Ne(first, second) for at, first in enumerate(letters) for second in letters[:at]]
    assert len(list(coincidences([*letters, y, *alike]))) == len(letters) + 1
    with pytest.raises(TooMany):
        list(coincidences([*letters, y]))


def test_a_search_that_is_cut_short_says_so(monkeypatch):
    claim = IndexedClaim(exp(s[a]) * exp(s[j]) - exp(s[a] + s[j]), Integer(0))
    assert prove_claim(claim).status == "proved"
    hard = IndexedClaim(exp(log(exp(s[a]))), exp(s[a]))
    monkeypatch.setattr(any_size_lines, "MOST_ROUNDED", 7)
    assert any_size_lines.tried(hard, any_size_lines.MANY).stopped
    assert any_size_lines.tried(hard, any_size_lines.MANY).times == 7
    assert not any_size_lines.tried(hard, any_size_lines.FEW).refuted
    assert CLASSES.least == 2
