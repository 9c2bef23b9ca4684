"""Run the demo."""

import sys

from nn.demo.cli import main

sys.exit(main())
