"""The pages of projects that other apps may fill in, and the places of each."""

from cluster_portal.pages.open_pages import OpenPage

PROJECT = OpenPage("reach", "say")  # how one writes to its coordinator; what is wrong there
