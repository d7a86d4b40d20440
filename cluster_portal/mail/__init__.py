"""Mails to people outside: written with what they tell of, and sent by the worker at a set pace.

What signs somebody in goes another way (``sign_in.letters``): she waits for it.
"""

from .queue import Letter, Listed, queue, queue_all, written

__all__ = ["Letter", "Listed", "queue", "queue_all", "written"]
