"""The simulated departments of work injury 工伤: firms and their insured, accidents month by month, and what becomes of them.

    parameters, mixes ─► firms ─► facts (a month's accidents, by seed and month alone) ─► lanes (what happens to each, and when)
    days (rhythm, offices) ──────┘                                                          └─► log (as told, with its dirt)

A month's accidents are told over two years and more; a block keeps them in arrays, and makes text only of what is sent.
"""
