"""The pages of projects that other apps may fill in, and the places of each."""

from cluster_portal.pages.open_pages import OpenPage

PROJECT = OpenPage("say")  # what is wrong there
