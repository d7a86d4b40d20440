"""A file of members, brought in from the command line."""

from cluster_portal.management.importing import ImportCommand
from members.models.imports import Subject


class Command(ImportCommand):
    help = "Bring a file of members into a cluster. Exit code 1 if lines were refused."
    subject = Subject.MEMBERS
    whose = "whose members they are"
