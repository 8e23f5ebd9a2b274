"""Inverses, determinants and their logarithms are emitted with their slopes."""

import numpy as np
import pytest

from gradbook import emit
from gradbook.check.of_page import check_page
from gradbook.emit.pages import derived, printed
from gradbook.emit.pages.program import claim_of, program_of_line
from gradbook.emit.pages.source import source_of
from gradbook.page import read_text
from gradbook.page.discover import find

MATRICES = r"""# Matrices

Let $d \ge 1$, and let $X, S \in \mathbb{R}^{d \times d}$ and $u, v \in \mathbb{R}^d$.

$$ f := u^\top X^{-1} v + \log \det X + \det(X S) + \operatorname{tr}((X S)^{-1} X) \tag{M1} $$

$$ \nabla_X f = \nabla_X f \tag{M2} $$
"""


def matrices(d=3):
    rng = np.random.default_rng(4)
    X = 3 * np.eye(d) + rng.random((d, d))
    return {"X": X, "S": rng.random((d, d)) + np.eye(d), "u": rng.random(d), "v": rng.random(d)}


def test_inverses_and_determinants_are_emitted_and_each_is_made_once():
    kernel, given = emit(read_text(MATRICES), "numpy"), matrices()
    X, S, u, v = given.values()
    f, slopes = kernel(**given)
    inverse = np.linalg.inv(X @ S)
    right = u @ np.linalg.inv(X) @ v + np.log(np.linalg.det(X)) + np.linalg.det(X @ S)
    assert np.isclose(f, right + np.trace(inverse @ X), rtol=1e-13)
    for place in np.ndindex(3, 3):
        h = np.zeros((3, 3))
        h[place] = 1e-6
        up, down = (kernel(X=X + step, S=S, u=u, v=v)[0] for step in (h, -h))
        assert np.isclose((up - down) / 2e-6, slopes["X"][place], rtol=1e-6, atol=1e-7)
    assert kernel.source.count("np.linalg.inv(") == 2


def test_what_is_emitted_is_within_what_rounding_leads_to():
    assert check_page(printed(derived(read_text(MATRICES)), "numpy")).passed


def test_a_matrix_without_an_inverse_or_a_logarithm_is_refused_and_a_large_determinant_is_not():
    kernel, given = emit(read_text(MATRICES), "numpy"), matrices()
    with pytest.raises(ValueError, match=r"^it has no value there: Singular matrix$"):
        kernel(**given | {"X": np.zeros((3, 3))})
    with pytest.raises(ValueError, match=r"^the objective is not finite there"):
        kernel(**given | {"X": np.diag([-1.0, 1.0, 1.0])})
    large = MATRICES.replace(r" + \det(X S) + \operatorname{tr}((X S)^{-1} X)", "")
    f, _ = emit(read_text(large), "numpy")(1e200 * np.eye(3), np.zeros(3), np.zeros(3))
    assert np.isclose(f, 3 * np.log(1e200))


@pytest.mark.framework("torch")
def test_torch_differentiates_inverses_and_determinants_so():
    import torch

    kernel, given = emit(read_text(MATRICES), "torch"), matrices()
    tensors = {letter: torch.from_numpy(value) for letter, value in given.items()}
    tensors["X"].requires_grad_()
    value, slopes = kernel.function(**tensors)
    value.backward()
    assert torch.allclose(tensors["X"].grad, slopes["X"], rtol=1e-11)


@pytest.mark.parametrize("line", ["M9", "M10", "M11", "M12"])
def test_the_lemmas_of_matrices_are_emitted(line):
    (page,) = find(["matrix_lemmas"])
    program = program_of_line(page[line], claim_of(page[line]))
    assert "linalg" in source_of(program)
