"""Spreadsheets of members brought in: what their cells mean, whom their rows are about, and what is written."""
