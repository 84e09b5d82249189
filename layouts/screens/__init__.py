"""Pages of panels; the file is the registration: every `Screen` in it has an address."""
