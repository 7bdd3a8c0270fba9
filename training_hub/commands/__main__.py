"""`python -m training_hub.commands` runs the same command as `training-hub`."""

import sys

from training_hub.commands.main import main

sys.exit(main())
