"""What the portal keeps of persons: where it stands, how it is found, told to whom it concerns, and forgotten.

Each app registers its sources (``sources.py``); what no source owns and still names somebody, in any text of any table, is
a mention (``mentions.py``). The pages are the administrators' (``staff_pages.py``).
"""
