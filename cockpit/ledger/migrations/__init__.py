"""How a store of an earlier version becomes one of this version; `cockpit/ledger/upgrade.py` runs it."""
