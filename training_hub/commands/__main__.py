"""`python -m training_hub.commands`: the same as `training-hub`."""

import sys

from training_hub.commands import main

sys.exit(main())
