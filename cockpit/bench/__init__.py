"""The bench: what the cockpit costs, measured on this machine. Every `Measure` in a file of this folder is run."""
