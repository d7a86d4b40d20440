from cluster_portal.pages.sitemaps import PublishedSection
from projects.facets import PROJECT_INDEX
from projects.models import Project


class ProjectSection(PublishedSection):
    model = Project
    view = "projects:project-detail"

    def published_keys(self):
        return PROJECT_INDEX.at().projects.status["published"]
