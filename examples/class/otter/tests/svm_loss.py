from otter.test_files import test_case

from derivation.multiclass_svm import svm
from gradbook import check
from gradbook.judge import Forced

OK_FORMAT = False
name = "svm_loss"
points = 6


@test_case(points=6)
def test_the_function_is_judged_right(svm_loss):
    found = check(svm_loss, svm, forced=Forced(without=("mend",)))
    assert found.passed, found
