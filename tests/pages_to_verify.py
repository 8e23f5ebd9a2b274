"""Small pages about a classifier, to verify."""

DECLARED = r"""# A loss

Let $C \ge 2$, $m \ge 0$, $n \ge 1$, $j, k \in \{1, \dots, C\}$, $i \in \{1, \dots, n\}$,
$b \in \{0, \dots, m\}$,
$W \in \mathbb{R}^{C \times (m+1)}$, $x^{(i)} \in \mathbb{R}^{m+1}$, $y^{(i)} \in \{1, \dots, C\}$.

$$
s^{(i)} := W x^{(i)} \tag{N1}
$$
"""

SVM = r"\sum_{j \ne y^{(i)}} \max(0, s_j^{(i)} - s_{y^{(i)}}^{(i)} + 1)"
SQUARED = r"\sum_{j \ne y^{(i)}} (\max(0, s_j^{(i)} - s_{y^{(i)}}^{(i)} + 1))^2"
EVERY_PAIR = r"\sum_j \sum_k \max(0, s_j^{(i)} - s_k^{(i)} + 1)"


def about(formula: str, *properties: str) -> str:
    """A page that states this loss of an example, and says that it has these properties."""
    names = ", ".join(f'"{name}"' for name in properties)
    return (
        f"{DECLARED}\n$$\n\\ell_i := {formula}, \\quad \\nabla_W \\ell_i = \\nabla_W \\ell_i "
        f'\\tag{{N2}}\n$$\n\n```toml loss\nname = "a loss"\nproperties = [{names}]\n```\n'
    )


def said(id: str, body: str) -> str:
    """A line that is said in Python."""
    rows = "".join(f"    {row}\n" for row in body.strip().splitlines())
    return f'\n```python line={id}\ndef claims(case):\n    """s = W x"""\n{rows}```\n'
