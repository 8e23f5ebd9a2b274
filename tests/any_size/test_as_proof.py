"""What was found for any size stands beside the other proofs, with a counterexample like theirs."""

from fractions import Fraction

import pytest
from any_size_claims import WRONG

from derivation.multiclass_svm_any_size import page
from gradbook.any_size import AnySizePage
from gradbook.any_size.as_proof import as_proof


def proof_of(claim):
    other = AnySizePage(page.loss)

    @other.line("A1")
    def line():
        """A claim."""
        yield claim

    return as_proof(line.prove())


def test_a_proof_for_any_size_says_so():
    proof = as_proof(page["N14"].prove())
    assert (proof.status, proof.sizes) == ("proved", "any C ≥ 2, m ≥ 0, n ≥ 1")
    assert proof.covers is None
    assert "C ≥ 2, m ≥ 0 and n ≥ 1 are any integers" in proof.assumptions


@pytest.mark.parametrize("what", [what for what in WRONG if what.startswith("N14")])
def test_a_wrong_claim_has_a_counterexample_with_data_and_indices(what):
    proof = proof_of(WRONG[what])
    assert proof.status == "refuted"
    found = proof.counterexample
    if found is None:  # there is nothing to evaluate
        assert "there is no" in proof.reason
        return
    C, m = found.case.C, found.case.m
    assert (len(found.W), len(found.W[0]), len(found.x[0])) == (C, m + 1, m + 1)
    assert Fraction(found.left) != Fraction(found.right)
    assert "b" in dict(found.indices)
    assert f"b = {dict(found.indices)['b']}" in str(found)
    assert f"b = {dict(found.indices)['b']}" in found.latex
