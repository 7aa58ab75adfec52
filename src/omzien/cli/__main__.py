"""`python -m omzien.cli` is `omzien`."""

import sys

from omzien.cli.main import main

sys.exit(main())
