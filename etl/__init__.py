"""The kitchen: sources, contracts, derivation, load, schedule. It writes the ledger and knows no screen."""
