"""The pages of projects that other apps may fill in, and the places of each."""

from cluster_portal.pages.open_pages import OpenPage

PROJECT = OpenPage("reach", "say")  # how one writes to its coordinator; what is wrong there
PROJECT_LIST = OpenPage("ways_on")  # what to do with the list, beside taking it away
