PY = .venv/bin/python

install: .venv/installed
.venv/installed: requirements-dev.txt
	python3 -m venv .venv
	.venv/bin/pip install -q --require-hashes -r requirements-dev.txt
	touch $@
.PHONY: install
