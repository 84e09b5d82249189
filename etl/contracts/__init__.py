"""What a fact must be. One file a domain; the file is the registration: every `Table` in it is a contract."""
