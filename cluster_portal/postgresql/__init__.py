"""Django's PostgreSQL backend, which gives up on a server that says nothing any more."""
