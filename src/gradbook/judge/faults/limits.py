"""Where exp leaves the numbers of double precision."""

#: exp(s) is ∞ above the first, and 0 below the second.
OVERFLOWS, UNDERFLOWS = 709.78, -745.13
