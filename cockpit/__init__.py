"""The ground of the cockpit: words, ledger, columns, metrics; and its roof, app and cli."""
