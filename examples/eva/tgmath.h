/* In place of a header that Frama-C does not have: in double its functions are those of math.h. */
#include <math.h>
