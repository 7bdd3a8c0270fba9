"""`python -m training_hub.commands`: the same as `training-hub`."""

import sys

from training_hub.commands.main import main

sys.exit(main())
