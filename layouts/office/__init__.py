"""Pages for people at a desk or with a phone in hand: they scroll, and stand on no stage."""
