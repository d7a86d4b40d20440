"""What was changed, by whom and how: kept by the database itself, whoever writes and by whatever way.

``tracking`` says of which tables and has django-pghistory keep each of their rows before and after a change;
``change_sets`` names who is at work; ``reading`` tells what happened (docs/decisions/0019).
"""
