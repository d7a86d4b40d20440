"""Bringing projects in, by the steps of ``members.imports``: one line a project, or one line a participation."""
