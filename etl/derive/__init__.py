"""What the facts mean. One file a domain; the file is the registration: every `Derived` in it is kept up."""
