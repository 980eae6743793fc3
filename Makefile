# Everything that is done with this project has a target here. Each does its own set-up, and its
# exit status is that of the work. `make help` lists them.
#
# V=1 shows the commands.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
$(if $(V),,.SILENT:)

RUN := tools/env
PYTHON := $(RUN) python
PYTEST := $(PYTHON) -m pytest
# A kernel with IPVS and nothing else, for the time of one command; tools/env again, inside it.
IN_KERNEL = $(RUN) tools/with_lab tests/integration/topology.toml lab/lab kernel -- $(CURDIR)/tools/env
SHELL_ON ?= client
NAME ?= default
TOPOLOGY ?= default

##@ For an operator

.PHONY: demo
demo: venv ## A cluster in the lab: deploy, requests, power cut, fail-back (KEEP=1 leaves it running)
	KEEP=$(KEEP) $(RUN) lab/demo

.PHONY: lab
lab: venv ## Start the lab and open a shell in it (TOPOLOGY=default, SHELL_ON=client)
	$(RUN) lab/lab up $(TOPOLOGY)
	$(RUN) lab/lab shell $(SHELL_ON)

.PHONY: lab-fetch
lab-fetch: venv ## Fetch what the lab needs: programs, kernel, images, packages
	$(RUN) lab/lab fetch

.PHONY: lab-down
lab-down: venv ## Stop the lab
	$(RUN) lab/lab down

##@ Tests

.PHONY: test
test: venv ## Everything below, with a summary; what .ci/run calls (ONLY="lint unit" chooses)
	$(PYTHON) tools/test_all.py $(ONLY)

.PHONY: lint
lint: venv ## Style, types, documentation, changelog, shell scripts: no lab needed
	$(PYTHON) tools/lint.py $(ONLY)

.PHONY: fix
fix: venv ## What ruff can correct by itself (FILES=plugins/modules)
	$(RUN) ruff check --fix --quiet $(or $(FILES),.) || true

.PHONY: unit
unit: venv ## Unit tests: no kernel, no root (ARGS="-k word", ARGS=tests/unit/house)
	$(PYTEST) $(ARGS)

.PHONY: checkers
checkers: venv ## Debian 12 and 13 with keepalived, which unit tests ask what it thinks of our configurations
	tools/need mmdebstrap=mmdebstrap rsync=rsync openssl=openssl
	$(PYTHON) tools/keepalived_roots

.PHONY: sanity
sanity: venv ## ansible-test sanity on a copy of the tree
	$(RUN) tools/sanity $(ARGS)

.PHONY: integration
integration: venv ## The modules on a real kernel with IPVS, as root inside the lab's kernel (ARGS=tests/integration/kernel)
	tools/need ipvsadm=ipvsadm ip=iproute2
	$(IN_KERNEL) python -m pytest -o cache_dir=/tmp/pytest-cache $(or $(filter tests/%,$(ARGS)),tests/integration) $(filter-out tests/%,$(ARGS))

.PHONY: lab-test
lab-test: venv ## Tests of the lab itself
	$(PYTEST) tests/lab $(ARGS)

.PHONY: scenario
scenario: venv ## One molecule scenario in the lab (NAME=default)
	$(RUN) lab/scenario $(NAME)

.PHONY: matrix
matrix: venv ## Every fault of a pair of routers, measured: `figure value limit ok|SHORT` a line (NAMES="power-off frozen")
	status=0; $(RUN) tools/with_lab molecule/failover/topology.toml $(CURDIR)/tools/env lab/lab run -- \
	    env PYTHONPATH=lab:tests/matrix python tests/matrix/matrix.py $(NAMES) || status=$$?; \
	$(RUN) env PYTHONPATH=lab:tests/matrix python tests/matrix/matrix.py --docs docs/fault_matrix.md; exit $$status

.PHONY: pitfalls
pitfalls: venv checkers ## Take the handling of each pitfall out, see its test fail: `pitfall value ok|SHORT` a line (NAMES="arp-ignore reload")
	$(RUN) env PYTHONPATH=tests/pitfalls python tests/pitfalls/pitfalls.py $(NAMES)
	$(RUN) tools/with_lab molecule/forwarding/topology.toml $(CURDIR)/tools/env lab/lab run -- \
	    env PYTHONPATH=lab:tests/pitfalls python tests/pitfalls/pitfalls.py --where forwarding $(NAMES)
	$(MAKE) pitfalls-docs

.PHONY: pitfalls-firewall
pitfalls-firewall: venv ## The same for those that need nf_tables (LAB_KERNEL=vm where there is no KVM)
	$(RUN) tools/with_lab molecule/firewall/topology.toml $(CURDIR)/tools/env lab/lab run -- \
	    env PYTHONPATH=lab:tests/pitfalls python tests/pitfalls/pitfalls.py --where firewall $(NAMES)
	$(MAKE) pitfalls-docs

.PHONY: pitfalls-docs
pitfalls-docs: venv
	$(RUN) env PYTHONPATH=tests/pitfalls python tests/pitfalls/pitfalls.py --docs docs/pitfalls.md

bench-%: venv ## One benchmark in the lab's kernel: `figure value limit ok|SHORT` a line
	tools/need ipvsadm=ipvsadm ip=iproute2
	$(IN_KERNEL) python tests/bench/$*.py

.PHONY: bench-definition
bench-definition: venv
	$(RUN) tools/with_lab tests/bench/definition.toml lab/lab run -- env PYTHONPATH=$(CURDIR)/lab:$(CURDIR)/.build/tree python tests/bench/definition.py

.PHONY: bench-detection
bench-detection: venv ## How long a dead real server is in the table, and one that is well again is not (the scenario health, deployed)
	$(RUN) tools/with_lab molecule/health/topology.toml sh -c 'lab/scenario health converge && \
	    lab/lab run -- env PYTHONPATH=lab:molecule/health:$(CURDIR)/.build/tree python tests/bench/detection.py'

.PHONY: bench-prober
bench-prober: venv checkers ## lvs-prober on the machine's kernel, then beside keepalived's checks in the lab's
	$(PYTHON) tests/bench/prober.py
	tools/need ip=iproute2
	$(IN_KERNEL) python tests/bench/prober.py --beside

.PHONY: bench-sync
bench-sync: venv ## Data sets against rsync by hand: many small files, large ones, three targets (on the machine itself, in memory)
	tools/need rsync=rsync sshd=openssh-server
	$(PYTHON) tests/bench/sync.py

.PHONY: benches
benches: ## List the benchmarks
	ls tests/bench/*.py 2>/dev/null | sed -E 's,.*/(.*)\.py,bench-\1,' || true

##@ Building

.PHONY: venv
venv: ## The tools, in .build/venv (other targets call this)
	tools/venv

.PHONY: build
build: venv ## The collection's tarball, in .build/dist
	$(RUN) tools/build_and_install --build-only

.PHONY: docs
docs: venv ## The documentation as web pages, in .build/docs
	$(RUN) tools/docs

.PHONY: clean
clean: ## Remove all that was made (.build); stops running labs first
	if [[ -d .build ]]; then \
	    for name in $$($(RUN) lab/lab status | grep -v ' ' || true); do LAB=$$name $(RUN) lab/lab down || true; done; \
	fi
	rm -rf .build

.PHONY: help
help: ## This list
	awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n%s\n", substr($$0, 5)} \
	    /^[a-zA-Z%_-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST)) \
	    | sed "s/bench-%   /bench-NAME/"
