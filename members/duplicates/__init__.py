"""Nothing is kept twice: pairs that may be one organisation are found, merged into one, and what was wrongly one is split."""
