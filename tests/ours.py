"""The project's own apps, for the tests that walk them all."""

PACKAGES = ("cluster_portal", "members", "projects", "contributions")
LABELS = ("portal", "members", "projects", "contributions")
DIRECTORY = ("members", "projects")  # what the public reads
