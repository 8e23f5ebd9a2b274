"""The benchmark of the proofs measures proofs that hold, each way, and draws what it measured."""

import pytest

from benchmarks import cost_of_proof
from benchmarks.cost_of_proof import WAYS, Point, drawn, points, regions, seconds
from gradbook.page import read_text


@pytest.mark.quick("region by region", "z3", "induction", "derive")
@pytest.mark.parametrize("way", WAYS)
def test_every_way_is_measured_at_the_smallest_size(way):
    assert seconds(Point(way, 2, 0)) >= 0


def test_a_proof_that_does_not_hold_is_not_measured(monkeypatch):
    false = read_text(r"$d \ge 1$, $x \in \mathbb{R}^d$. $$\nabla_x \|x\|^2 = x \tag{G1}$$")
    monkeypatch.setattr(cost_of_proof, "notes", false)
    with pytest.raises(RuntimeError, match="does not hold"):
        cost_of_proof.prove_any_size(2, 0)


def test_every_point_of_the_picture_is_measured():
    found = {point: 0.1 * point.C for point in points(4)}
    left, right, beside = drawn(found, 4).axes
    assert len(left.lines) == len(right.lines) == len(WAYS)
    assert list(beside.lines[0].get_ydata()) == [regions(C) for C in (2, 3, 4)] == [4, 12, 32]
