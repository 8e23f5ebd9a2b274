"""The gradient for any size: that the two routes find it, that they agree, and what is refused."""

from dataclasses import replace

import pytest
from any_size_losses import LOSSES, THREE_INDICES, softmax
from entries_by_hand import mu
from sympy import Function, Integer, Piecewise, Sum, exp

from derivation.multiclass_svm import notes, svm
from gradbook import Loss
from gradbook.any_size import NotDerivable, agree, derive
from gradbook.any_size.decide import is_zero
from gradbook.any_size.indexed import derive_indexed
from gradbook.any_size.instances import THIRDS, TIES, Sizes
from gradbook.any_size.letters import C, W, X, a, b, i, j, k, m, n, s, x, y
from gradbook.any_size.matrix import NotMatrix, derive_matrix, losses
from gradbook.any_size.rules import DERIVATIVES, SUMS, Chain, rewritten
from gradbook.any_size.sums import mean
from gradbook.notation import equal, hinge, partial, step, unequal
from gradbook.page import read_text


def worked_out(expr):
    return rewritten(Chain(expr), DERIVATIVES).end


SMALL = Sizes(2, (TIES, THIRDS))


def test_the_page_is_derived_in_both_ways_and_they_agree_with_it_and_with_exact_values():
    found = agree(derive(svm), notes)
    assert found.holds, found
    assert found.routes is True
    assert [id for id, _ in found.page] == ["N14", "N17"]
    assert found.instances >= 4 * 4 * 3 * 3
    assert 100 < found.on_kinks < found.instances
    assert "N17 proved" in str(found)


@pytest.mark.quick("kink", "powers")
@pytest.mark.parametrize("name", [name for name in LOSSES if name != "the page's"])
def test_for_every_kind_of_loss_the_routes_agree_with_each_other_and_with_exact_values(name):
    found = agree(derive(LOSSES[name]), sizes=SMALL)
    assert found.holds, found
    assert found.routes is (None if name in THREE_INDICES else True)
    assert found.instances


def test_the_result_is_the_page_s_two_rows():
    derivation = derive(svm)
    assert is_zero(derivation.indexed.mu - mu(a))
    rows = derivation.indexed.rows.end
    assert isinstance(rows, Piecewise)
    assert is_zero(rows - mu(a) * x[b])


def test_every_entry_of_the_matrix_is_the_indexed_sum():
    derivation = derive(svm)
    assert is_zero(derivation.matrix.entry - derivation.indexed.gradient)
    assert is_zero(derivation.matrix.entry - mean(derivation.indexed.M * X[i, b]))
    assert derivation.matrix.gradient.shape == (C, m + 1)


def test_deriving_mentions_no_size():
    derivation = derive(svm)
    sizes = {letter for chain in derivation.indexed.chains for letter in chain.end.free_symbols}
    assert {C, m, n} & sizes == {C, m, n}


def test_every_step_has_a_rule_and_begins_where_the_one_before_it_ended():
    for chain in derive(svm).indexed.chains:
        ends = [chain.start, *(one.after for one in chain)]
        assert [one.before for one in chain] == ends[:-1]
        assert all(one.rule for one in chain)
    names = [one.rule for one in derive(svm).indexed.example]
    assert names == [
        "the derivative is linear",
        "chain rule",
        "the derivative is linear",
        "derivative of a letter",
        "split the sum",
        "δ selects a term",
        "constant factors leave the sum",
        "factor out what all terms have",
    ]


def test_an_index_of_the_loss_is_never_taken_for_the_one_that_is_differentiated_by():
    for index in (a, b, i, j, k):
        loss = Loss("any letter", Sum(unequal(index, y) * s[index] ** 2, (index, 0, C - 1)), "l")
        assert is_zero(derive_indexed(loss).mu - 2 * unequal(a, y) * s[a]), index
    total = Sum(W[j, b] * x[b], (b, 0, m))
    assert is_zero(worked_out(partial(total, W[j, b])) - x[b])
    assert is_zero(worked_out(partial(Sum(s[j] ** 2, (j, 0, C - 1)), s[j])) - 2 * s[j])


# A wrong derivation does not pass.


def wrong_mu():
    right = derive_indexed(svm)
    violated = Sum(step(s[j] - s[y] + 1), (j, 0, C - 1))
    return {
        "≥ at the kink": mu(a).replace(step, lambda u, at_kink: step(u, 1)),
        "the sign": -right.mu,
        "no mask": step(s[a] - s[y] + 1) * unequal(a, y) - equal(a, y) * violated,
        "another class": right.mu + equal(a, 0),
        "twice": 2 * right.mu,
    }


@pytest.mark.parametrize("what", wrong_mu())
def test_a_wrong_coefficient_is_found_by_the_other_route_and_without_it_by_exact_values(what):
    derivation = derive(svm)
    indexed = replace(derivation.indexed, mu=wrong_mu()[what])
    found = agree(replace(derivation, indexed=indexed), sizes=SMALL)
    assert not found.holds
    assert "different forms" in str(found)
    start = Chain(indexed.mean.start)
    alone = replace(derivation, indexed=replace(indexed, mean=start), matrix=None)
    found = agree(alone, sizes=SMALL)
    assert not found.holds
    assert "≠" in str(found)


def test_a_wrong_step_is_found_where_a_derivative_is_left_and_where_none_is():
    derivation = derive(svm)
    for place in (1, 4, 7):
        steps = list(derivation.indexed.example.steps)
        steps[place] = replace(steps[place], after=-steps[place].after)
        example = Chain(derivation.indexed.example.start, tuple(steps))
        found = agree(replace(derivation, indexed=replace(derivation.indexed, example=example)))
        assert f"“{steps[place].rule}” changes the value" in str(found)


def test_a_wrong_step_in_matrices_is_found():
    derivation = derive(svm)
    steps = list(derivation.matrix.steps)
    steps[2] = replace(steps[2], after=steps[2].after * 2)
    matrix = replace(derivation.matrix, steps=tuple(steps))
    assert "changes the value" in str(agree(replace(derivation, matrix=matrix)))


@pytest.mark.thorough
def test_a_page_with_a_wrong_line_does_not_agree():
    text = notes.source.text.replace("&= -\\left[\\sum_{j \\ne", "&= \\left[\\sum_{j \\ne")
    found = agree(derive(svm), read_text(text), sizes=SMALL)
    assert not found.holds
    assert "N14  refuted" in str(found)


# What is refused, and why.


def test_a_function_whose_slope_nobody_has_declared_is_refused():
    with pytest.raises(NotDerivable, match="no derivative of f is declared here"):
        derive(Loss("undeclared", Function("f")(s[y]), "undeclared"))


def test_a_derivative_is_by_any_letter_and_by_a_letter_alone():
    by_features = rewritten(Chain(partial(s[j], x[b])), (*DERIVATIVES, *SUMS)).end
    assert by_features == W[j, b]
    assert worked_out(partial(s[j], X[i, b])) == 0
    with pytest.raises(NotDerivable, match="a derivative is by a letter, not by"):
        worked_out(partial(s[j], s[j] + 1))


def test_a_loss_that_needs_three_indices_has_one_route_and_says_so():
    derivation = derive(LOSSES["all pairs"])
    assert derivation.matrix is None
    assert derivation.no_matrix == "a sum over k inside one over j needs a third index"
    with pytest.raises(NotMatrix, match="a sum over the classes 0 … y - 1 only"):
        derive_matrix(LOSSES["the classes below the label"])
    with pytest.raises(NotMatrix, match="a comparison of"):
        losses(Sum(equal(j, C - 1 - y) * s[j], (j, 0, C - 1)))
    with pytest.raises(NotMatrix, match="the score of class"):
        losses(s[C - 1 - y])


def test_a_constant_has_no_gradient_in_either_way():
    derivation = derive(Loss("nothing", Integer(5) + C, "nothing"))
    assert derivation.indexed.mu == 0
    assert is_zero(derivation.matrix.entry)


def test_what_cancels_in_softmax_sums_to_nothing():
    mu_of_softmax = derive_indexed(softmax).mu
    assert is_zero(Sum(mu_of_softmax, (a, 0, C - 1)))
    assert not is_zero(Sum(mu_of_softmax, (a, 1, C - 1)))
    assert not is_zero(mu_of_softmax - exp(s[a]))


def test_the_kink_of_the_loss_is_the_kink_of_the_gradient():
    other = derive_indexed(LOSSES["the other convention at the kink"]).mu
    assert is_zero(other - derive_indexed(svm).mu) is False
    assert other.has(step(s[a] - s[y] + 1, 1))
    assert not other.has(hinge)
