# ruff: noqa: E501 - a formula is written on one line
"""Small pages, each line of which is true for any size, and wrong edits of them."""

PAGES = {
    "lemmas": r"""
Let $p, q, n \ge 1$, $i \in \{1, \dots, n\}$, $A \in \mathbb{R}^{p \times n}$, $X \in \mathbb{R}^{n \times q}$,
$B \in \mathbb{R}^{q \times p}$, $H \in \mathbb{R}^{n \times n}$, $x, c \in \mathbb{R}^n$ and $Y \in \mathbb{R}^{n \times q}$.

$$ \operatorname{tr}(A X B) = \operatorname{tr}(B A X), \qquad \nabla_X \operatorname{tr}(A X B) = A^\top B^\top \tag{M1} $$

$$ \nabla_x (x^\top H x) = (H + H^\top) x, \qquad \nabla_x (c^\top x) = c \tag{M2} $$

$$ \nabla_X \|X\|^2 = 2 X, \qquad \nabla_X \operatorname{tr}(X^\top H X) = (H + H^\top) X \tag{M3} $$

$$ (A X)^\top = X^\top A^\top, \qquad \operatorname{tr}(X^\top Y) = \operatorname{tr}(Y X^\top), \qquad \|X + Y\|^2 = \|X\|^2 + 2 \operatorname{tr}(X^\top Y) + \|Y\|^2 \tag{M4} $$

$$ \frac{\partial}{\partial x_i} \left( \frac{1}{2} \|x - c\|^2 \right) = x_i - c_i \tag{M5} $$
""",
    "network": r"""
The input is $x \in \mathbb{R}^d$, $d \ge 1$; there are $h \ge 1$ hidden units, $C \ge 2$ classes $k, l \in \{1, \dots, C\}$ and the
label $y \in \{1, \dots, C\}$; $A \in \mathbb{R}^{h \times d}$, $b \in \mathbb{R}^h$, $B \in \mathbb{R}^{C \times h}$, $c \in \mathbb{R}^C$.

$$ z := A x + b, \qquad u := \max(0, z), \qquad v := B u + c \tag{D1} $$

$$ p_k := \frac{\exp(v_k)}{\sum_l \exp(v_l)}, \qquad q := (p_1, \dots, p_C)^\top, \qquad e := (\mathbb{1}\{1 = y\}, \dots, \mathbb{1}\{C = y\})^\top \tag{D2} $$

$$ E := -\log p_y, \qquad \nabla_v E = q - e, \qquad \nabla_c E = q - e \tag{D3} $$

$$ \nabla_B E = (q - e) u^\top \tag{D4} $$

$$ \nabla_b E = B^\top (q - e) \circ \mathbb{1}\{z > 0\} \tag{D5} $$

$$ \nabla_A E = \left[ B^\top (q - e) \circ \mathbb{1}\{z > 0\} \right] x^\top \tag{D6} $$
""",
    "logistic": r"""
There are $n \ge 1$ examples $i \in \{1, \dots, n\}$ of $d \ge 1$ features $j \in \{1, \dots, d\}$: $x^{(i)} \in \mathbb{R}^d$ with
$t^{(i)} \in \mathbb{R}$; $w \in \mathbb{R}^d$.

$$ a^{(i)} := w^\top x^{(i)}, \qquad J := \frac{1}{n} \sum_i \log(1 + \exp(-t^{(i)} a^{(i)})) \tag{G1} $$

$$ \nabla_w J = -\frac{1}{n} \sum_i \frac{t^{(i)}}{1 + \exp(t^{(i)} a^{(i)})} x^{(i)} \tag{G2} $$

$$ \log(1 + \exp(-t^{(i)} a^{(i)})) = \log(1 + \exp(t^{(i)} a^{(i)})) - t^{(i)} a^{(i)} \tag{G3} $$
""",
    "smoothing": r"""
Let $C \ge 2$, $j, k \in \{1, \dots, C\}$, $y \in \{1, \dots, C\}$, $z \in \mathbb{R}^C$ and $\alpha \in \mathbb{R}$.

$$ p_k := \frac{\exp(z_k)}{\sum_j \exp(z_j)}, \qquad g_k := (1 - \alpha) \mathbb{1}\{k = y\} + \frac{\alpha}{C} \tag{L1} $$

$$ \sum_k g_k = 1, \qquad \ell := -\sum_k g_k \log p_k, \qquad \frac{\partial \ell}{\partial z_k} = p_k - g_k \tag{L2} $$

$$ F := -(1 - p_y)^2 \log p_y, \qquad \frac{\partial F}{\partial z_k} = (\mathbb{1}\{k = y\} - p_k) (2 p_y (1 - p_y) \log p_y - (1 - p_y)^2) \tag{L3} $$

$$ \log(1 - p_y) = \log \sum_{j \ne y} \exp(z_j) - \log \sum_j \exp(z_j) \tag{L4} $$
""",
    "normalised": r"""
Let $n \ge 1$, $i, k \in \{1, \dots, n\}$, $x \in \mathbb{R}^n$, $g \in \mathbb{R}^n$ and $\epsilon > 0$.

$$ \mu := \frac{1}{n} \sum_i x_i, \qquad \sigma := \sqrt{\frac{1}{n} \sum_i (x_i - \mu)^2 + \epsilon}, \qquad r_i := \frac{x_i - \mu}{\sigma} \tag{B1} $$

$$ \sum_i r_i = 0, \qquad \ell := \sum_i g_i r_i \tag{B2} $$

$$ \frac{\partial \ell}{\partial x_k} = \frac{1}{n \sigma} \left( n g_k - \sum_i g_i - r_k \sum_i g_i r_i \right) \tag{B3} $$
""",
    "attention": r"""
Let $n \ge 1$ and $d \ge 1$, $i, j, k \in \{1, \dots, n\}$, $q \in \mathbb{R}^d$, $K \in \mathbb{R}^{n \times d}$ and $v \in \mathbb{R}^n$.

$$ s := K q, \qquad p_i := \frac{\exp(s_i)}{\sum_j \exp(s_j)}, \qquad a := (p_1, \dots, p_n)^\top, \qquad o := v^\top a \tag{A1} $$

$$ \frac{\partial p_i}{\partial s_k} = p_i \mathbb{1}\{i = k\} - p_i p_k \tag{A2} $$

$$ \nabla_q o = K^\top (\operatorname{diag}(a) - a a^\top) v, \qquad \nabla_v o = a \tag{A3} $$

$$ \nabla_K o = \left[ (\operatorname{diag}(a) - a a^\top) v \right] q^\top \tag{A4} $$
""",
    "squared hinge": r"""
Let $C \ge 2$, $j, k \in \{1, \dots, C\}$, $y \in \{1, \dots, C\}$, $s \in \mathbb{R}^C$ and $D \in \mathbb{R}^{C \times C}$.

$$ \ell := \sum_{j \ne y} \left(\max(0, s_j - s_y + D_{yj})\right)^2 \tag{H1} $$

$$ \frac{\partial \ell}{\partial s_k} = 2 \max(0, s_k - s_y + D_{yk}) \quad \text{for } k \ne y \tag{H2} $$

$$ \frac{\partial \ell}{\partial s_y} = -2 \sum_{j \ne y} \max(0, s_j - s_y + D_{yj}), \qquad \sum_k \frac{\partial \ell}{\partial s_k} = 0 \tag{H3} $$
""",
    "inverse": r"""
Let $n \ge 1$, $X \in \mathbb{R}^{n \times n}$ and $u, v \in \mathbb{R}^n$.

$$ \nabla_X (u^\top X^{-1} v) = -(X^{-1})^\top u v^\top (X^{-1})^\top \quad \text{if } \det X \ne 0 \tag{I1} $$

$$ \nabla_X \log \det X = (X^{-1})^\top \quad \text{if } \det X > 0 \tag{I2} $$
""",
    "robust": r"""
Let $n, m \ge 1$, $i \in \{1, \dots, n\}$, $b \in \{1, \dots, m\}$, $X \in \mathbb{R}^{n \times m}$, $t \in \mathbb{R}^n$,
$w \in \mathbb{R}^m$, $\delta > 0$ and $\lambda > 0$.

$$ r_i := \sum_b X_{ib} w_b - t_i, \qquad h_i := \mathbb{1}\{|r_i| \le \delta\} \frac{r_i^2}{2} + \mathbb{1}\{|r_i| > \delta\} \left( \delta |r_i| - \frac{\delta^2}{2} \right) \tag{R1} $$

$$ E := \sum_i h_i, \qquad \frac{\partial E}{\partial w_b} = \sum_i \max(-\delta, \min(\delta, r_i)) X_{ib} \tag{R2} $$

$$ E \ge 0, \qquad h_i \le \delta |r_i| \tag{R3} $$

$$ F := \frac{1}{2} \sum_i r_i^2 + \lambda \sum_b |w_b|, \qquad \frac{\partial F}{\partial w_b} = \sum_i r_i X_{ib} + \lambda \frac{w_b}{|w_b|} \quad \text{if } w_b \ne 0 \tag{R4} $$
""",
}
