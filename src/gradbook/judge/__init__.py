"""Is this kernel right, and if not, what is wrong with it? The judge of functions people have."""

from gradbook.judge.convention import Convention
from gradbook.judge.forced import Forced
from gradbook.judge.judge import judge
from gradbook.judge.judgement import Finding, Judgement, Mend, Row
from gradbook.judge.of_python import check

__all__ = ["Convention", "Finding", "Forced", "Judgement", "Mend", "Row", "check", "judge"]
