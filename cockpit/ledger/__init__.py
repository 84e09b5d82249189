"""The ledger: tables whose every row says from which tick to which tick it was known."""
