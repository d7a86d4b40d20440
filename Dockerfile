# The site as production runs it, with a PostgreSQL server beside it (compose.yaml, which runs site and worker apart).
FROM node:20-slim AS browser-files
WORKDIR /portal
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /portal
COPY requirements.txt requirements-node.txt ./
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt \
    && touch .venv/run .venv/node
COPY . .
COPY --from=browser-files /portal/node_modules node_modules
RUN touch node_modules/.made && make --silent vendor catalogues && rm -rf node_modules
# only to gather files: the key of the running site comes from its environment
RUN VAR_DIR=/srv/portal SECRET_KEY=only-to-gather-the-static-files-not-used-by-the-running-site ALLOWED_HOSTS=localhost \
    .venv/bin/python manage.py collectstatic --noinput -v0 && mkdir -p /srv/portal/media && mkdir -m 700 /srv/portal/imports
RUN useradd --system --home /portal portal && chown -R portal: /srv/portal
USER portal
ENV VAR_DIR=/srv/portal LISTEN=0.0.0.0 PORT=8000 PYTHONUNBUFFERED=1
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD [".venv/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD [".venv/bin/python", "manage.py", "serve"]
