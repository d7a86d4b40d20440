"""The pages of members that other apps may fill in, and the places of each."""

from cluster_portal.pages.open_pages import OpenPage

CLUSTER_LIST = OpenPage("choice")  # what to do with the clusters that a visitor ticks
CLUSTER = OpenPage("stats", "note", "activity")
ORGANISATION = OpenPage("activity", "ways_on")
REGION = OpenPage("ways_on", "stats", "activity")
THEME = OpenPage("ways_on", "stats", "activity")
