"""`python -m gradbook`: the command line, where no script is installed."""

import sys

from gradbook.cli import main

sys.exit(main())
