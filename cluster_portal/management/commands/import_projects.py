"""A file of projects, brought in from the command line."""

from cluster_portal.management.importing import ImportCommand
from members.models.imports import Subject


class Command(ImportCommand):
    help = "Bring a file of projects in, one line a project or one line a participation. Exit code 1 if lines were refused."
    subject = Subject.PROJECTS
    whose = "the cluster that brings them in, whose labels the file may give"
