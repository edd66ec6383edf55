# What can be done with this repository. Without a target, make lists them.

GO ?= go
LINT = $(GO) tool -modfile=tools/go.mod golangci-lint
TEMPL = $(GO) tool -modfile=tools/go.mod templ
GENERATED = openapi/gitlab.json openapi/control.json openapi/gitlab_index.go openapi/control_index.go docs/reference/commands.md docs/reference/versions.md docs/reference/scenarios.md packages '*_templ.go'
FUZZTIME ?= 20s
HOSTILE ?= 20s
VERSION ?= 0.0.0
SIDE_BY_SIDE ?= # flags of make for the real clients, as -j2 -Otarget of GNU make 4
ACTIONLINT ?= $(GO) run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
CHROMIUM ?= $(firstword $(shell command -v chromium-headless-shell chromium))
GREMLINS ?= $(GO) run github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0

.DEFAULT_GOAL := help
.PHONY: help run verify test test-short hostile check generated lint format releases releases-apart bench profile golden proof judge mutants fuzz clients client-go gitbeaker glab browser pages client-matrix contract-tools dist size image packages build

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## run the mock GitLab at 127.0.0.1:8929
	$(GO) run ./cmd/statuschecks serve

verify: ## judge the built-in mock by all scenarios
	$(GO) run ./cmd/statuschecks verify --builtin

test: ## run the real clients, as far as this machine has what they need, and all tests: five minutes on a quiet machine, far more on a busy one
	@echo "make test: about 5 minutes on a quiet machine, up to 25 on a busy one; each package says when it is done. make test-short takes half a minute."
	@$(MAKE) --no-print-directory $(SIDE_BY_SIDE) clients
	$(GO) test -timeout 30m ./...

test-short: ## see in half a minute that the checkout works
	$(GO) test -timeout 5m . ./release ./scenarios ./profiles ./mockserver/internal/gitlab

check: ## everything that must hold before a change goes in
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "these files are not formatted; run make format:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	@for os in darwin windows; do echo "vet for $$os"; GOOS=$$os $(GO) vet ./... || exit 1; done
	$(ACTIONLINT)
	$(ACTIONLINT) examples/github-actions/*.yml
	$(LINT) run ./...
	@$(MAKE) --no-print-directory generated
	$(GO) mod tidy -diff
	$(GO) mod verify
	$(GO) test -race -shuffle=on -timeout 30m ./...
	$(GO) test -shuffle=on ./conformance ./proof # of which the race detector sees a share

generated: ## check that the generated files are up to date
	$(GO) generate ./...
	@git diff --exit-code -- $(GENERATED) || { echo "the generated files above were stale; they are fresh now: commit them"; exit 1; }

lint: ## run the linters alone
	$(LINT) run ./...

format: ## format all Go files and templates
	$(LINT) fmt ./...
	$(TEMPL) fmt conformance mockserver

releases: ## judge the mock of every GitLab release by all scenarios; about 40 s on two cores
	GOGC=400 $(GO) test -count=1 -run '^TestReleases_(conform|withFeatureFlags)$$' ./conformance -every-release

releases-apart: ## mix releases up, and see that just those scenarios fail that must; about 4 minutes. UPDATE=-update writes the tables anew
	GOGC=100 GOMEMLIMIT=8GiB $(GO) test -count=1 -timeout 40m -run '^TestReleases_areToldApart$$' ./conformance -mixed-up $(UPDATE)

hostile: ## attack the built program over loopback, in less than 3 minutes; HOSTILE=5s for the short form
	$(GO) test -count=1 -timeout 3m -v ./hostile -hostile $(HOSTILE)

bench: ## measure, and compare with a bare net/http handler in the same run; OLD=path of an older program measures that too
	$(GO) build -o bin/bench ./bench && bin/bench $(if $(OLD),-old $(OLD))

profile: ## write profiles of CPU and allocations for each kind of request, and of the start, to bin/profile
	@mkdir -p bin/profile
	$(GO) test -c -o bin/profile/bench.test ./bench
	@cd bin/profile && for what in ListStatuses Respond BranchRules; do \
	  ./bench.test -test.run '^$$' -test.bench "$$what" -test.benchtime 50000x -test.cpuprofile $$what.cpu; \
	  ./bench.test -test.run '^$$' -test.bench "$$what" -test.benchtime 5000x -test.memprofile $$what.mem -test.memprofilerate 1; \
	done
	$(GO) build -o bin/statuschecks ./cmd/statuschecks
	GODEBUG=inittrace=1 bin/statuschecks version 2> bin/profile/start.txt
	@echo "look at them with: go tool pprof -top -cum bin/profile/bench.test bin/profile/Respond.cpu"

golden: ## write the golden files and the generated ones anew; look at the difference before you commit it
	$(GO) generate ./...
	$(GO) test $$(grep -rlE --include='*_test.go' 'gotest.tools/v3/golden|flag.Bool\("update"' . | xargs -n1 dirname | sort -u | sed '/^\.\/clients/d') -update

proof: ## prove the suite: all scenarios against every broken server, no false alarms, no secrets (UPDATE=-update writes the tables)
	$(GO) test ./proof -count=1 -timeout 60m -run 'TestWhole_(table|harmless)' -whole $(UPDATE)
	$(GO) test ./proof -count=1 -timeout 60m -race -run TestWhole_noFalseAlarms -whole
	$(GO) test ./proof -count=1 -timeout 30m $(UPDATE)

judge: ## prove judge: broken services against all scenarios, all releases, 100 runs with random delays; takes hours
	$(GO) test ./examples/service-go -count=1 -timeout 6h -whole -runs 100

mutants: ## mutate the mock's state machine, with the suite as the only test; MUTANTS=response.go for one file
	@rm -rf bin/mutants && mkdir -p bin/mutants && git ls-files -z | xargs -0 cp --parents -t bin/mutants
	@rm bin/mutants/mockserver/internal/gitlab/*_test.go && cp proof/testdata/suite_test.go bin/mutants/mockserver/internal/gitlab/
	cd bin/mutants && GOFLAGS="$$GOFLAGS -count=1" $(GREMLINS) unleash --workers 2 --timeout-coefficient 8 --output ../mutants.json \
	  $(if $(MUTANTS),$(foreach f,$(filter-out $(MUTANTS),$(notdir $(wildcard mockserver/internal/gitlab/*.go))),-E '^mockserver/internal/gitlab/$(f)$$' -E '^$(f)$$')) ./mockserver/internal/gitlab

fuzz: ## run each fuzz target for FUZZTIME (20s)
	@set -e; for package in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
	    echo "$$package $$target"; $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package; \
	  done; \
	done

clients: client-go gitbeaker glab browser pages ## drive the mock with the real client libraries

client-go: ## drive the mock with GitLab's Go client
	@cd clients/client-go && if $(GO) mod download >/dev/null 2>&1; then $(GO) test -count=1 -v ./...; \
	else echo "client-go: SKIPPED, its modules cannot be downloaded on this machine"; [ "$(REQUIRE_TOOLS)" != 1 ]; fi

gitbeaker: ## drive the mock with the JavaScript client
	@if ! command -v npm >/dev/null || ! command -v node >/dev/null; then \
	  echo "gitbeaker: SKIPPED, there is no Node.js on this machine"; [ "$(REQUIRE_TOOLS)" != 1 ]; \
	else cd clients/gitbeaker && { [ -d node_modules ] || npm ci --no-audit --no-fund --loglevel=error; } && npm test; fi

glab: ## drive the mock with GitLab's command line client, where Debian's package of it can be had
	@if command -v apt-get dpkg-deb >/dev/null && { [ -x bin/glab/root/usr/bin/glab ] || clients/glab/install bin/glab >/dev/null 2>&1; }; \
	then clients/glab/test bin/glab/root/usr/bin/glab; else echo "glab: SKIPPED, its package cannot be had on this machine"; fi

client-matrix: ## run clients of GitLab against a mock that misbehaves, and write docs/reference/client-matrix.md; about 5 minutes
	clients/matrix/install bin/client-matrix
	$(GO) run ./clients/matrix

browser: ## let a page of another origin attack the mock in Chromium; without it this is skipped, but for REQUIRE_TOOLS=1
	@if ! command -v npm >/dev/null || ! command -v node >/dev/null || [ -z "$(CHROMIUM)" ]; then \
	  echo "browser: SKIPPED, it takes Node.js, npm and chromium, which are not all on this machine"; [ "$(REQUIRE_TOOLS)" != 1 ]; \
	else cd clients/browser && { [ -d node_modules ] || npm ci --no-audit --no-fund --loglevel=error; } && CHROMIUM=$(CHROMIUM) npm test; fi

pages: ## use the mock's pages in Chromium, each message and state; PICTURES=1 takes the pictures of docs/pages.md anew
	@if ! command -v npm >/dev/null || ! command -v node >/dev/null || [ -z "$(CHROMIUM)" ]; then \
	  echo "pages: SKIPPED, it takes Node.js, npm and chromium, which are not all on this machine"; [ "$(REQUIRE_TOOLS)" != 1 ]; \
	else $(GO) build -o bin/statuschecks ./cmd/statuschecks && cd clients/pages && { [ -d node_modules ] || npm ci --no-audit --no-fund --loglevel=error; } && \
	  MOCK_PROGRAM=$(CURDIR)/bin/statuschecks CHROMIUM=$(CHROMIUM) npm test; fi

contract-tools: ## put the contract into linters, generators and testers, and drive the mock with what they make; SHORT=1 for the quickest on 18.9
	clients/contract-tools/run $(if $(SHORT),short)

dist: ## build the archives of a release for all platforms; VERSION=0.1.0 names it
	$(GO) run ./dist -version $(VERSION) $(if $(PLATFORMS),-platforms $(PLATFORMS))

size: ## show what the bytes of the program are
	@$(GO) run ./dist -version 0.0.0 -make size -out bin/size

image: ## build an OCI image for Linux on amd64 and arm64 in bin/image; VERSION=0.1.0 names it
	$(GO) run ./dist -version $(VERSION) -platforms linux/amd64,linux/arm64 -make programs -out bin/image/build
	$(GO) run -C dist/image . -version $(VERSION) -revision $$(git rev-parse HEAD) -time $$(git log -1 --format=%ct) \
	  -programs $(CURDIR)/bin/image/build/programs -out $(CURDIR)/bin/image/oci

packages: ## build the packages for npm, Python, Java and Ruby and the image, and use them as installed from their files (PACKAGES="npm ruby" for some)
	packages/run $(PACKAGES)

build: ## build the program as bin/statuschecks
	$(GO) build -trimpath -o bin/statuschecks ./cmd/statuschecks
