"""What keeps a cockpit running for years: a new site, its health, its backups, and the size of its store."""
