"""Bringing a file in: what a line can hold, whom it speaks of, what it would change, and the writing of it.

``batches`` receives a file and takes the choice of its columns; ``checking`` reads, matches and compares its lines without
writing anything else; ``importing`` writes them in one transaction (docs/decisions/0026).
"""
