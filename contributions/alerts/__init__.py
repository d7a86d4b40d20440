"""Public lists followed by mail, without an account (docs/decisions/0036)."""
