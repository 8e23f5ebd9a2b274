"""Points for a class.

assignment     what is asked, for how many points, and what a finding costs
grading        every submission judged by it
"""

from gradbook.grade.grading import Answer, GradedClass, Submission, grade

__all__ = ["Answer", "GradedClass", "Submission", "grade"]
