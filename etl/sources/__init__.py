"""Where rows come from: one module a kind of source, named as `site.toml` names it."""
