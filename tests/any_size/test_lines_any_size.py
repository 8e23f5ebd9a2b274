"""The page in entries: every line proved, wrong claims refuted, right ones proved as they come."""

from fractions import Fraction

import pytest
from any_size_claims import RIGHT, WRONG
from entries_by_hand import LINES, L, margin, mu
from sympy import Abs, Eq, Ne, Symbol, exp, log

from derivation.multiclass_svm import notes, svm
from gradbook.any_size import IndexedClaim, of_example, prove_claim, prove_for_any_size
from gradbook.any_size.compute import holds, value
from gradbook.any_size.entries import InEntries
from gradbook.any_size.letters import W, X, a, b, i, j, k, label, s, x, y
from gradbook.any_size.numbers import same
from gradbook.any_size.sums import mean, over_classes
from gradbook.notation import C, equal, m, n, partial
from gradbook.page import read_text


@pytest.mark.quick("N7", "N10", "N14")
@pytest.mark.parametrize("id", LINES)
def test_every_line_written_by_hand_is_proved_for_any_size(id):
    for claim in LINES[id]:
        found = prove_claim(claim)
        assert found.status == "proved", found
        assert found.cases


@pytest.mark.quick("N7", "N10", "N14")
@pytest.mark.parametrize("id", [id for id in LINES if id not in ("N2", "N3", "N6", "N8")])
def test_what_is_read_from_the_page_is_what_is_written_by_hand(id):
    """The same formulas on both sides, up to the letters of the entries and their order."""
    entries = InEntries(notes)
    read = [e for c in notes[id].claims if not c.shape for e in entries.claims(c)]
    for by_hand in LINES[id]:
        sides = IndexedClaim(by_hand.left - by_hand.right, 0, by_hand.given, by_hand.relation)
        assert prove_claim(sides).status == "proved"
    assert {claim.relation for claim in read} == {claim.relation for claim in LINES[id]}
    assert all(prove_claim(claim).status == "proved" for claim in read)


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_claim_is_refuted_and_the_data_show_it(what):
    claim = WRONG[what]
    proof = prove_claim(claim)
    assert proof.status == "refuted", proof.reason
    if proof.refutation is None:
        assert "there is no" in proof.reason
        return
    instance = proof.refutation.instance
    assert all(holds(condition, instance) for condition in claim.given)
    left, right = value(claim.left, instance), value(claim.right, instance)
    assert left < right if claim.relation == "≥" else left != right
    assert {str(left), str(right)} == {proof.refutation.left, proof.refutation.right}
    assert instance.sizes[C] <= 3


@pytest.mark.parametrize("what", [what for what in WRONG if what.startswith(("N14", "N17"))])
def test_the_left_side_of_a_refutation_is_the_gradient_of_the_loss(what):
    proof = prove_claim(WRONG[what])
    if proof.refutation is not None:
        instance = proof.refutation.instance
        indices, values = instance.indices, instance.values
        row = WRONG[what].left.args[1].indices[0]
        examples, labels = (values.get(x),), (indices.get(y),)
        if X in values:
            examples, labels = values[X], values[label]
        exact = svm.exact(values[W], examples, labels)[1]
        assert str(exact[indices[row], indices[b]]) == proof.refutation.left


@pytest.mark.parametrize("what", RIGHT)
def test_a_right_claim_is_proved_however_it_is_written(what):
    proof = prove_claim(RIGHT[what])
    assert proof.status == "proved", (proof.reason, proof.refutation)


def test_the_cases_and_the_steps_of_a_proof_are_there_to_be_read():
    first, second, last = map(prove_claim, LINES["N10"])
    assert [str(case) for case in first.cases] == ["j = k ≠ y"]
    assert [str(case) for case in second.cases] == ["k = y ≠ j"]
    assert [str(case) for case in last.cases] == ["j, k, y all different"]
    assert [step.rule for step in first.sides[0]] == [
        "chain rule",
        "the derivative is linear",
        "derivative of a letter",
    ]


def test_a_refutation_is_small_and_reads_as_one_sentence():
    proof = prove_claim(WRONG["N14, ≥ in row j"])
    assert str(proof.refutation) == (
        "C = 2, m = 0, b = 0, j = 1, y = 0, W = [[0], [1]], x̃ = [-1]: 0 ≠ -1"
    )


def test_a_line_with_a_wrong_claim_is_refuted_and_says_where():
    text = notes.source.text.replace("&= -\\left[\\sum_{j \\ne", "&= \\left[\\sum_{j \\ne")
    proof = prove_for_any_size(read_text(text)["N14"])
    assert (proof.status, proof.holds) == ("refuted", False)
    assert "with C = 2, m = 0, n = 1, y = 1, W = [[0], [0]]: the" in str(proof.counterexample)


# What is not decided, and why.

gradient = partial(L, W[a, b])


@pytest.mark.quick("claim1", "claim2", "claim3", "claim4", "claim5")
@pytest.mark.parametrize(
    ("claim", "why"),
    [
        (
            IndexedClaim(gradient, mu(a) * x[b] + (C - 2) * (C - 3) * (C - 4) * (C - 5)),
            "the two sides have different forms where a ≠ y, and no small instance tells",
        ),
        (IndexedClaim(C - 1, C - 1 + equal(a, 7)), "different forms, and no small instance tells"),
        (IndexedClaim(gradient, 7, (Ne(j, y), Eq(j, y))), "its conditions never hold"),
        (IndexedClaim(gradient, 7, margin(y) < 0), "its conditions never hold"),
        (IndexedClaim(partial(Abs(s[j]), W[a, b]), 0), "no derivative of Abs is declared"),
        (
            IndexedClaim(exp(s[j]), s[j] + 1, relation="≥"),
            "different forms, and no small instance tells",
        ),
    ],
)
def test_what_is_neither_shown_nor_refuted_is_undecided_with_a_reason(claim, why):
    proof = prove_claim(claim)
    assert proof.status == "undecided"
    assert why in proof.reason
    assert proof.refutation is None


@pytest.mark.thorough
def test_a_claim_that_is_false_for_many_classes_only_is_never_proved():
    few = (
        (C - 2) * (C - 3) * (C - 4) * (C - 5) * (m - 1) * (m - 2) * m * (n - 1) * (n - 2) * (n - 3)
    )
    assert prove_claim(IndexedClaim(mean(of_example(mu(a), i)) * few, 0)).status == "undecided"
    assert prove_claim(IndexedClaim(0 * few, 0)).status == "proved"


def test_a_claim_with_an_index_that_has_no_range_holds_nowhere():
    proof = prove_claim(IndexedClaim(s[Symbol("θ")], 0))
    assert (proof.status, proof.reason) == (
        "undecided",
        "its conditions never hold at small sizes",
    )


def test_a_quotient_is_compared_where_it_has_a_value():
    assert prove_claim(IndexedClaim(s[j] / s[j], 1)).status == "proved"
    assert prove_claim(IndexedClaim(s[j] ** 2 / s[j], 2 * s[j])).status == "refuted"


def test_a_claim_without_an_exact_value_is_refuted_too():
    claim = IndexedClaim(log(1 + s[j] ** 2), s[j] ** 2)
    refutation = prove_claim(claim).refutation
    left, right = value(claim.left, refutation.instance), value(claim.right, refutation.instance)
    assert not same(left, right)
    assert same(Fraction(1, 3), Fraction(1, 3))


def test_the_index_of_a_claim_may_be_that_of_its_sums():
    claim = IndexedClaim(partial(over_classes(j, s[j] ** 2), W[j, b]), 2 * s[j] * x[b])
    assert prove_claim(claim).status == "proved"
    assert prove_claim(IndexedClaim(claim.left, 2 * s[k] * x[b])).status == "refuted"
