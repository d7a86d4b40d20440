from django.apps import AppConfig


class ClusterPortalConfig(AppConfig):
    name = "cluster_portal"
    verbose_name = "Cluster Portal"

    def ready(self) -> None:
        from cluster_portal import checks  # noqa: F401 (registers them)
