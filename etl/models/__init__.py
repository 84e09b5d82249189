"""What needs the whole city at once: each file declares models, and nothing else has to name them."""
