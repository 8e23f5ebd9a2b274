"""What people call the labels, the weights and the examples."""

import re

LABELS = (
    r"[yY]([_\d]\w*|s|b|tr|i)?|\w*labels?\w*|\w*labs|\w*targets?|\w*class_ids|\w*truth|t|gt|classes"
    r"|batch_y"
)
WEIGHTS = r"[wW]([_\d]\w*|s|t|mat)?|\w*weights?|[tT]hetas?|coefs?_?|beta|params?"
EXAMPLES = (
    r"[xX]([_\d]\w*|s|b|tr|i)?|\w*(data|inputs?|feats?|features?|samples?|images?|imgs)(_x)?"
    r"|examples|batch_x"
)

#: Words in a name that say that it is this loss; and more of them, that say that it may be.
SURELY_THIS = re.compile(r"svm|hinge")
THIS = re.compile(r"svm|hinge|structured|multi_?class|margin|l_i")
