"""A simulated city: departments' systems that send calibrated, dirty records as they would happen.

    parameters ─► demand (a day's incidents, by seed and day alone) ─► dispatch (who drives) ─► streams (what is sent)
    geography ──┘ (lists of the site's folder)

Nothing here is measured anywhere. Every published figure is a named parameter with its source.
"""
