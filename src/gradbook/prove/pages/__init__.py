"""Is every line of a page true? By the letters that the page declares, whatever they are.

values        a formula at a point: exactly, or in rigorous balls
points        counterexamples: small points at which a claim is false
derivatives   ∂f/∂v, worked out in two ways
regions       a claim region by region: polynomials between kinks
solver        the same claim, put to z3
lines         a line: all of its claims, in every case
"""

from gradbook.prove.pages.lines import prove_line

__all__ = ["prove_line"]
