"""What people call the labels, the weights, the examples and the strength of a penalty."""

import re

LABELS = r"y|ys|yi|y_?i|y_?(true|train|batch|dev|gt|label|labels)|labels?|targets?|t|Y|classes"
WEIGHTS = r"W|w|Ws|weights?|theta|Theta|params?|coef_?|beta"
EXAMPLES = r"X|x|Xs|X_?(train|batch|dev|aug|tilde)|x_?(train|batch|dev|i)|data|inputs?|features?|xs"
STRENGTH = r"reg|reg_?(const|strength|param|lambda)|lambda_?\w*|lam|lamda|lmbda|l2|l2_reg|alpha|C"

#: Words in a name by which this loss is called.
THIS = re.compile(r"svm|hinge|structured|multi_?class|margin|l_i")
