"""What is counted and timed. One file a domain; the file is the registration: every `Metric` in it is served."""
