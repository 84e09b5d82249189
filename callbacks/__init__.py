"""The stairs: live updates and answers, the only place that knows both ledger and screen."""
