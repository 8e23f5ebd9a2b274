# ruff: noqa: E501 - a formula is written on one line
r"""Pages that the course does not have: a loss, layers, regressions, a mixture, each for every target."""

import numpy as np
import pytest

from gradbook import emit
from gradbook.check.of_page import check_page
from gradbook.emit.pages import derived, printed
from gradbook.emit.pages.names import sizes_of
from gradbook.page import read_text

ATTENTION_LAYER = r"""# Attention of all to all

Let $n \ge 1$, $d \ge 1$, $X \in \mathbb{R}^{n \times d}$, $Q, K, V \in \mathbb{R}^{d \times d}$, $G \in \mathbb{R}^{n \times d}$; $i, j, k \in \{1, \dots, n\}$, $b \in \{1, \dots, d\}$.

$$ S := X Q K^\top X^\top, \qquad P_{ij} := \frac{\exp(S_{ij})}{\sum_k \exp(S_{ik})}, \qquad O_{ib} := \sum_j P_{ij} (X V)_{jb} \tag{T1} $$

$$ f := \sum_i \sum_b G_{ib} O_{ib}, \qquad \nabla_Q f = \nabla_Q f, \qquad \nabla_V f = \nabla_V f, \qquad \nabla_X f = \nabla_X f \tag{T2} $$
"""

AUTOENCODER = r"""# An autoencoder

Let $n \ge 1$, $d \ge 1$, $h \ge 1$, $i \in \{1, \dots, n\}$, $x^{(i)} \in \mathbb{R}^d$, $A \in \mathbb{R}^{h \times d}$, $a \in \mathbb{R}^h$, $c \in \mathbb{R}^d$.

$$ u^{(i)} := \max(0, A x^{(i)} + a), \qquad v^{(i)} := A^\top u^{(i)} + c \tag{E1} $$

$$ E := \frac{1}{2 n} \sum_i \|v^{(i)} - x^{(i)}\|^2, \qquad \nabla_A E = \nabla_A E, \qquad \nabla_a E = \nabla_a E, \qquad \nabla_c E = \nabla_c E \tag{E2} $$
"""

TRIPLETS = r"""# A triplet loss

Let $d \ge 1$, $n \ge 1$, $i \in \{1, \dots, n\}$, and let $a^{(i)}, p^{(i)}, q^{(i)} \in \mathbb{R}^d$ be examples, $M \in \mathbb{R}^{d \times d}$ and $\mu > 0$.

$$ u^{(i)} := M (a^{(i)} - p^{(i)}), \qquad v^{(i)} := M (a^{(i)} - q^{(i)}) \tag{A1} $$

$$ T := \frac{1}{n} \sum_i \max(0, \|u^{(i)}\|^2 - \|v^{(i)}\|^2 + \mu), \qquad \nabla_M T = \nabla_M T \tag{A2} $$
"""

HUBER = r"""# Huber

Let $n \ge 1$, $d \ge 1$, $i \in \{1, \dots, n\}$; $X \in \mathbb{R}^{n \times d}$, $y \in \mathbb{R}^n$, $w \in \mathbb{R}^d$, $\delta > 0$.

$$ r := X w - y \tag{H1} $$

$$ \ell_i := \begin{cases} \frac{1}{2} r_i^2 & \text{if } r_i^2 \le \delta^2 \\ \delta (\max(0, r_i) + \max(0, -r_i) - \frac{1}{2} \delta) & \text{otherwise} \end{cases} \tag{H2} $$

$$ J := \frac{1}{n} \sum_i \ell_i, \qquad \nabla_w J = \nabla_w J \tag{H3} $$
"""

LAYER_NORM = r"""# Layer normalisation

Let $n \ge 1$, $d \ge 2$, $i \in \{1, \dots, n\}$, $k, b \in \{1, \dots, d\}$. The rows are $x^{(i)} \in \mathbb{R}^d$, the weights $w^{(i)} \in \mathbb{R}^d$; $\gamma, \beta \in \mathbb{R}^d$ $\epsilon > 0$ and $e \in \mathbb{R}^d$.

$$ m^{(i)} := \frac{1}{d} \sum_k x^{(i)}_k, \qquad t^{(i)} := \frac{1}{d} \sum_k (x^{(i)}_k - m^{(i)})^2 \tag{B1} $$

$$ h^{(i)} := \frac{x^{(i)} - m^{(i)} e}{\sqrt{t^{(i)} + \epsilon}}, \qquad o^{(i)} := \gamma \circ h^{(i)} + \beta \tag{B2} $$

$$ f := \sum_i (w^{(i)})^\top o^{(i)}, \qquad \nabla_\gamma f = \sum_i w^{(i)} \circ h^{(i)}, \qquad \nabla_{x^{(i)}} f = \nabla_{x^{(i)}} f, \qquad \nabla_\beta f = \sum_i w^{(i)} \tag{B3} $$
"""

MIXTURE = r"""# A mixture of normal distributions

Let $n \ge 1$, $K \ge 1$, $d \ge 1$, $i \in \{1, \dots, n\}$, $k, j \in \{1, \dots, K\}$, $x^{(i)} \in \mathbb{R}^d$; the centres are $c^{(k)} \in \mathbb{R}^d$, and $a \in \mathbb{R}^K$, $s > 0$.

$$ \pi_k := \frac{\exp(a_k)}{\sum_j \exp(a_j)} \tag{G1} $$

$$ L := -\sum_i \log \sum_k \pi_k \exp\left(-\frac{\|x^{(i)} - c^{(k)}\|^2}{2 s^2}\right), \qquad \nabla_a L = \nabla_a L, \qquad \nabla_{c^{(k)}} L = \nabla_{c^{(k)}} L \tag{G2} $$
"""

WEIGHTED_LOGISTIC = r"""# Logistic regression with weights of the classes

Let $n \ge 1$, $d \ge 1$, $i \in \{1, \dots, n\}$, $x^{(i)} \in \mathbb{R}^d$, $y^{(i)} \in \{1, \dots, 2\}$, $q \in \mathbb{R}^2$, $w \in \mathbb{R}^d$, $b \in \mathbb{R}$, $\lambda > 0$.

$$ z^{(i)} := w^\top x^{(i)} + b, \qquad p^{(i)} := \frac{1}{1 + \exp(-z^{(i)})} \tag{W1} $$

$$ J := -\frac{1}{n} \sum_i q_{y^{(i)}} \left( \mathbb{1}\{y^{(i)} = 2\} \log p^{(i)} + \mathbb{1}\{y^{(i)} = 1\} \log(1 - p^{(i)}) \right) + \frac{\lambda}{2} \|w\|^2 \tag{W2} $$

$$ \nabla_w J = \nabla_w J, \qquad \frac{\partial J}{\partial b} = \frac{\partial J}{\partial b} \tag{W3} $$
"""

PAGES = (ATTENTION_LAYER, AUTOENCODER, TRIPLETS, HUBER, LAYER_NORM, MIXTURE, WEIGHTED_LOGISTIC)


@pytest.mark.thorough
@pytest.mark.parametrize("target", ["numpy", "c", "lambdify", "codegen"])
@pytest.mark.parametrize("text", PAGES, ids=lambda text: text.partition("\n")[0].strip("# "))
def test_what_is_emitted_agrees_with_the_page_at_large_numbers_too(text, target):
    page = read_text(text)
    sizes = {name: each.least + 1 for name, each in sizes_of(page).items()}
    is_fixed = target in ("lambdify", "codegen")
    assert check_page(printed(derived(page), target, sizes if is_fixed else None)).passed


def test_the_logarithm_of_a_probability_and_of_what_it_lacks_of_1_are_of_no_number_near_0():
    kernel = emit(read_text(WEIGHTED_LOGISTIC), "numpy")
    J, slopes = kernel(x=[[1000.0], [-1000.0]], y=[0, 1], q=[1.0, 1.0], w=[1.0], b=0.0, lambda_=0.0)
    assert J == 1000
    assert slopes["w"].tolist() == [1000]


def test_a_mixture_far_from_all_of_its_centres_has_a_logarithm():
    kernel = emit(read_text(MIXTURE), "numpy")
    L, slopes = kernel(x=[[1000.0]], c=[[0.0], [1.0]], a=[0.0, 0.0], s=1.0)
    assert np.isclose(L, np.log(2) + 999**2 / 2)
    assert slopes["c"].tolist() == [[0], [-999]]


def test_cases_whose_condition_is_made_once_are_emitted_for_one_size():
    kernel = emit(read_text(HUBER), "lambdify", sizes={"n": 2, "d": 1})
    J, slopes = kernel([[1.0], [1.0]], [0.0, 3.0], [0.5], 1.0)
    assert J == (0.125 + 2) / 2
    assert slopes["w"].tolist() == [(0.5 - 1) / 2]
