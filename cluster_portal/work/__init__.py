"""Work behind the pages: what takes longer than somebody waits for a page is put into a queue, and a worker does it.

The queue is a table of django-tasks' in the same database, so that a task is there if and only if what asked for it was
committed. ``worker`` takes tasks out of it, ``life`` says whether one is there at all, ``recovery`` finds those whose worker
died, ``queue`` answers what a page says of them, ``staff_pages`` shows them to administrators (docs/decisions/0023).
"""
