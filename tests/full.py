"""How much is tried: what a change has time for, or all of it."""

import os

IS_FULL = os.environ.get("COCKPIT_TORTURE") == "full"
"""Whether everything is tried at full size, which takes hours: `make torture`."""
