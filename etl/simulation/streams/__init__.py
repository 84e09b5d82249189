"""One module a department's system, named as `site.toml` names it: the header it sends, and the rows about a day."""
