"""The pages of members that other apps may fill in, and the places of each."""

from cluster_portal.pages.open_pages import OpenPage

MEMBER_LIST = OpenPage("ways_on")  # what to do with the list, beside taking it away
CLUSTER_LIST = OpenPage("choice", "ways_on")  # choice: what to do with the clusters that a visitor ticks
CLUSTER = OpenPage("stats", "note", "activity", "say")  # say: what is wrong there, and that one takes part
ORGANISATION = OpenPage("reach", "activity", "ways_on", "say")  # reach: how one writes to it
REGION = OpenPage("ways_on", "stats", "activity")
THEME = OpenPage("ways_on", "stats", "activity")
IMPORT_RESULT = OpenPage("ways_on")  # of staff: what to do with what an import left
