# ruff: noqa: E501 - a formula is written on one line
"""What lecture notes write without a thought: |u|, ∇², δ_ij, I, intervals, shares, ⟺."""

import pytest
from helpers_of_pages import as_read, example, statuses

from gradbook.page import read_text
from gradbook.prove import prove
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_solver import METHOD as SOLVER

DECLARED = r"""Let $n, d \ge 1$, $i, i' \in [n]$, $b, b' \in [d]$, $x_1, \dots, x_n \in \mathbb{R}^d$,
$z^{(1)}, z^{(2)}, \dots, z^{(n)} \in \mathbb{R}^d$, $t_1, \ldots, t_n \in \mathbb{R}$, $v, w \in \mathbb{R}^d$,
$A \in \mathbb{R}^{d \times d}$, $a, c \in \mathbb{R}$, $\lambda > 0$, $0 \le \alpha \le 1$, $\beta \in (0, 1)$,
$\gamma, \kappa \in [-1, 1/2]$, $0 < q_i < 1$, $\mu_1, \mu_2 \ge 0$. Of $v$ it is $v_1 \ge 0$ here and there. An interval such as $[0, 1]$ is mentioned.
"""

#: What is claimed, and how it is read.
TRUE = [
    (r"|a| = \max(a, -a)", "max(0, a) + max(0, −a) = a + max(0, (−a) − a)"),
    (r"\left| a - 1 \right|^2 = (a - 1)^2", ""),
    (r"\frac{d |a|}{d a} = \operatorname{sign}(a)", ""),
    (r"\operatorname{sgn}(a) \lvert a \rvert = a", "(1{a > 0} − 1{a < 0})·(max(0, a) + max(0, −a)) = a"),
    (r"\nabla_v \|v\|_1 = \operatorname{sign}(v)", ""),
    (r"\sum_{b \,|\, |v_b| > \lambda} v_b^2 \ge 0", ""),
    (r"\nabla_v^2 (v^\top A v) = A + A^\top", "[row ℓ = 1 … d: [column k = 1 … d: ∂[∂[vᵀ·A·v]/∂v_ℓ]/∂v_k]] = A + Aᵀ"),
    (r"\nabla^2_a a^3 = 6 a", ""),
    (r"\sum_i \delta_{i i'} t_i = t_{i'}", "Σ_{i = 1 … n} [1{i = i′}·t_i] = t_{i′}, for every i′ ∈ {1 … n}"),
    (r"A^2 v = A (A v), \quad (A + \lambda I)^2 = A^2 + 2 \lambda A + \lambda^2 I", ""),
    (r"A^3 = A A^2", "A·A·A = A·(A·A)"),
    (r"A + \lambda I = (A^\top + \lambda I_d)^\top", "A + λ·I_d = (Aᵀ + λ·I_d)ᵀ"),
    (r"I v = v, \quad \operatorname{tr}(I_n) = n", ""),
    (r"\sum_{i=1}^n z^{(i)} = z^{(1)} + \dots + z^{(n)}, \quad x_1 + \dots + x_n = \sum_i x_i", ""),
    (r"0 \le \alpha \le 1, \quad \kappa \in [-1, 1], \quad \sum_i q_i \le n", ""),
    (r"\mu_1 + \mu_2 \ge 0", ""),
    (r"\log \beta + \log(1 - \beta) = \log(\beta - \beta^2)", ""),
    (r"e^a = c \iff a = \log c \quad \text{if } c > 0, a = 0", ""),
    (r"a = 1 \iff a + c = 1 + c", "a + c = 1 + c, where a = 1; a = 1, where a + c = 1 + c"),
    (r"a > 1 \Rightarrow a + 1 > 2", "a + 1 > 2, where a > 1"),
    (r"a > 1 \\ \Rightarrow \ & a > 0 \implies 2 a > 0", "a > 0, where a > 1; 2·a > 0, where a > 0"),
    (r"\sum_{t_i > 0} t_i \ge 0", "Σ_{i = 1 … n, t_i > 0} [t_i] ≥ 0"),
    (r"\nabla_v v^\top A v = (A + A^\top) v", "∇_v [vᵀ·A·v] = (A + Aᵀ)·v"),
    (r"\frac{\partial}{\partial v} \frac{1}{2} (A v - w)^\top (A v - w) = A^\top (A v - w)", ""),
    (r"\frac{\partial}{\partial a} a^2 v = 2 a v", "(∂[a^2]/∂a)·v = 2·a·v"),
    (r"\nabla_v \|v\|^2 = (2 v_b)_b", "∇_v [‖v‖²] = [row b = 1 … d: 2·v_b]"),
    (r"\sum_i t_i \cdot (x_i)_b \, v = \left( \sum_i t_i x_i \right)_b v", ""),
    (r"x\_i = x_i, \quad v_b = v\_b", ""),
    (r"A = \begin{bmatrix} --- A_1 --- \\ \vdots \\ --- A_d --- \end{bmatrix}", "A = [row k = 1 … d: A_k]"),
    (r"A = \begin{bmatrix} | & & | \\ A_{:,1} & \cdots & A_{:,d} \\ | & & | \end{bmatrix}", ""),
    (r"\max(0, a) = \left\{ \begin{array}{rcl} 0 & \mbox{for} & a \le 0 \\ a & \mbox{for} & a > 0 \end{array} \right.", ""),
    (r"A v / \lambda = \tfrac{1}{\lambda} A v, \quad v^\top w / n = w^\top v / n", "(1/λ)·(A·v) = (1/λ)·A·v; (vᵀ·w)/n = (wᵀ·v)/n"),
    (r"2 \partial a^2 / \partial a = 4 a", "2·(∂[a^2]/∂a) = 4·a"),
    (r"n^{-1/2} v = v / \sqrt{n}", ""),
    (r"\nabla_A |A| = |A| A^{-\top} \quad \text{if } |A| > 0", "∇_A [det(A)] = det(A)·A⁻¹ᵀ, where det(A) > 0"),
    (r"A v - A v = \mathbf{0}, \quad v + \mathbf{0}_d = v", ""),
    (r"v^\top w = w^\top v \quad \text{for all } v, w \in \mathbb{R}^d", "vᵀ·w = wᵀ·v"),
    (r"e^{-a} e^{a} = 1", ""),
    (r"\frac{\mathrm d}{\mathrm d a} a^2 = \frac{\mathrm{d} a^2}{\mathrm{d} a}", "∂[a^2]/∂a = ∂[a^2]/∂a"),
    (r"v^\top w = w^\top v \quad \text{since } \sum_b v_b w_b = \sum_b w_b v_b", ""),
]  # fmt: skip

FALSE = [
    r"|a| = a",
    r"\|v\|_1 = \sum_b v_b",
    r"\nabla_v^2 (v^\top A v) = 2 A",
    r"\sum_i \delta_{i i'} t_i = t_i",
    r"A + \lambda I = A + \lambda",
    r"A^2 = A \circ A",
    r"A^{100} = A A^{99}",
    r"\alpha < 1",
    r"\nabla_v v^\top A v = 2 A v",
    r"v = (2 v_b)_b",
    r"A^\top = (A_{b b'})_{b b'}",
    r"\gamma \le 0",
    r"v_1 \ge 0",
    r"\sum_i q_i < 1",
    r"a^2 = c^2 \iff a = c",
    r"v + \mathbf{0} = 2 v",
    r"A \mathbf{0}_n = A v",
    r"\nabla_v a b/c = v",
    r"v^\top w = 0 \quad \text{for all } v \in \mathbb{R}^n",
    r"v^\top w = 0 \quad \text{for all } v \in \mathbb{R}^d_{> 0}",
    r"v^\top w = w^\top v \quad \text{because } v_b = w_b",
]


@pytest.mark.parametrize(("latex", "read"), TRUE)
def test_it_is_read_and_proved(latex: str, read: str) -> None:
    page = example(rf"{latex} \tag{{A}}", DECLARED)
    assert page.errors == ()
    assert read in ("", "; ".join(as_read(page)))
    found = prove(page["A"])
    assert (found.status, found.where) == ("proved", ()), found


@pytest.mark.parametrize("latex", FALSE)
def test_what_is_false_is_refuted_or_an_error(latex: str) -> None:
    page = example(rf"{latex} \tag{{A}}", DECLARED)
    assert page.errors or {prove(page["A"], m).status for m in (REGIONS, SOLVER)} == {"refuted"}


SHARES = r"""Let $C \ge 2$, $j, k \in [C]$, $z \in \mathbb{R}^C$, SAID, and with
$q_k := e^{z_k}/(\sum_j e^{z_j})$ it is $\sum_k q_k = 1$.

$$
\frac{\partial}{\partial z_k} \left( -\sum_j p_j \log q_j \right) = q_k - p_k \tag{A}
$$
"""


@pytest.mark.parametrize(
    "said",
    [
        r"$p_k \ge 0$ with $\sum_{k=1}^C p_k = 1$",
        r"$p \in \mathbb{R}^C$ with $p_k \ge 0$ and $\sum_k p_k = 1$",
        r"$0 \le p_k \le 1$, $\sum_k p_k = 1$",
        r"$p \in \mathbb{R}_{\ge 0}^C$, where $\sum_k p_k = 1$",
    ],
)
def test_numbers_that_are_said_to_add_up_to_1_are_shares(said: str) -> None:
    page = read_text(SHARES.replace("SAID", said))
    assert page.errors == ()
    assert prove(page["A"]).holds


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (r"$p \in \mathbb{R}^C$ with $\sum_k p_k = 1$", "no line would know of it"),
        (r"$p_k \ge 0$ with $\sum_{k=2}^C p_k = 1$", "add up to 1 over all of 1 … C"),
    ],
)
def test_a_sum_in_the_text_that_no_line_would_know_of_is_an_error(said: str, message: str) -> None:
    (error,) = read_text(SHARES.replace("SAID", said)).errors
    assert message in error.message
    assert r"\Delta^{C-1}" in error.hint


def test_without_the_sum_the_same_line_is_false() -> None:
    page = read_text(SHARES.replace("SAID", r"$p_k \ge 0$"))
    assert prove(page["A"]).status == "refuted"


def test_a_size_that_nothing_declares_is_one_error() -> None:
    page = read_text(r"Let $X \in \mathbb{R}^{n \times n}$, $y, z \in \mathbb{R}^n$.")
    (error,) = page.errors
    assert error.message == "the size n is not declared"


@pytest.mark.parametrize(
    ("declared", "latex", "read"),
    [
        (r"$\sigma^2 > 0$", r"\log \sigma^4 = 2 \log \sigma^2", ""),
        (r"$\sigma^2 > 0$", r"\frac{d \sigma^2}{d \sigma^2} = 1", "∂[σ^2]/∂σ^2 = 1"),
        (r"$\sigma_i^2 \in \mathbb{R}_{> 0}$", r"\log \sigma_i^2 = -\log \frac{1}{\sigma_i^2}", ""),
        (
            r"$\sigma \in \mathbb{R}$, and $\sigma^2 \ge 0$",
            r"\frac{d \sigma^2}{d \sigma} = 2 \sigma",
            "",
        ),
        (
            r"$\sigma^2 \ge 0$ of $\sigma \in \mathbb{R}$",
            r"\frac{d \sigma^2}{d \sigma} = 2 \sigma",
            "",
        ),
        (r"$e^{(i)} \in \mathbb{R}$", r"e^{-a} e^{(i)} = e^{(i)} / e^{a}", ""),
        (
            r"$\theta_i \in \mathbb{R}^d$",
            r"J(\theta, a) := a \sum_i v^\top \theta_i, \quad J(\theta, 2) = 2 \sum_i v^\top \theta_i, "
            r"\quad \nabla_{\theta_i} J(\theta, a) = a v",
            "",
        ),
        (
            r"$\mathbf{u} \in \mathbb{R}^d$ and $u \equiv \mathbf{u}$",
            r"\|\mathbf{u}\|^2 = \sum_b u_b^2",
            "",
        ),
        (r"$t \equiv c$", r"\operatorname{tr}(t A) = t \mathrm{tr}(A)", "tr(c·A) = c·tr(A)"),
        (
            r"$p(t_i = 1 \mid v) \equiv q_i$",
            r"p(t_i = 1 | v) > 0",
            "q_i > 0, for every i ∈ {1 … n}",
        ),
    ],
)
def test_a_letter_is_declared_as_notes_have_it(declared: str, latex: str, read: str) -> None:
    page = example(rf"{latex} \tag{{A}}", f"{DECLARED}Let {declared}.\n")
    assert page.errors == ()
    assert read in ("", "; ".join(as_read(page)))
    assert statuses(page) == {"A": "proved"}
