"""Pictures, one file a domain; the file is the registration: every `Panel` in it can stand on a screen."""
