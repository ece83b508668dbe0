# The front door. `make run` shows a login; `make test` runs the tests.
.PHONY: run build static test e2e nightly fuzz bench docs lint dependencies clean

SWIFT ?= swift
# Optimised, across modules: a page costs a twelfth less than without.
OPTIMISED = build -c release --product oidc-demo -Xswiftc -cross-module-optimization
# What listens, and keeps or measures time, runs apart from what computes, one test after the other.
SOCKETS = ^(HTTPServerTests|CurlTransportTests|RedisSessionsTests|SQLiteSessionsTests|OIDCDemoTests|ExamplesTests|WorstCaseTests)\.
# Many processes of the app, each at a provider of its own that misbehaves; the slow ones wait beside each other.
WIRE = ^MisbehaviourTests\.

## Builds what is missing and starts the demonstration; Ctrl-C ends it.
run: dependencies
	$(SWIFT) build --product oidc-demo
	exec .build/debug/oidc-demo

## An optimised binary: .build/release/oidc-demo
build: dependencies
	$(SWIFT) $(OPTIMISED)

## The same with Swift inside: runs where only Debian's C libraries are.
static: dependencies
	$(SWIFT) $(OPTIMISED) --static-swift-stdlib

test:
	@scripts/install-dependencies.sh test
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --skip '$(SOCKETS)' --skip '$(WIRE)'
	$(SWIFT) test --skip-build --no-parallel --filter '$(SOCKETS)'
	$(SWIFT) test --skip-build --filter '$(WIRE)'

## Real providers and a real browser; screenshots in output/.
e2e: build
	scripts/install-dependencies.sh e2e
	EndToEnd/run.sh

## What takes hours: the parts of it that find more the longer they run; the whole of "make test" on Debian 13, where that can be.
nightly: build
	scripts/install-dependencies.sh e2e
	OIDC_E2E_SOAK=3600 OIDC_E2E_PAUSES=100 OIDC_E2E_KILLS=1000 OIDC_E2E_FAILOVERS=50 EndToEnd/run.sh connections kills failover
	OIDC_E2E_KEEP_ALIVE=75 OIDC_E2E_PAUSES=10 EndToEnd/run.sh connections
	OIDC_E2E_STORE=cookie+ EndToEnd/run.sh machines
	if [ -x scripts/debian-13.sh ]; then scripts/debian-13.sh; fi

## Each reader of foreign input for FUZZ_SECONDS (60) under libFuzzer and AddressSanitizer; see Fuzz/README.md.
fuzz: dependencies
	SWIFT='$(SWIFT)' FUZZ_SECONDS='$(or $(FUZZ_SECONDS),60)' Fuzz/run.sh

## The app beside its peers, and what grows: writes docs/performance.md; or only PARTS, see Benchmarks/README.md.
bench:
	@scripts/install-dependencies.sh bench
	$(SWIFT) $(OPTIMISED)
	$(SWIFT) $(OPTIMISED) --static-swift-stdlib --scratch-path .build/static
	$(SWIFT) build -c release --package-path Benchmarks
	Benchmarks/run.sh $(PARTS)

## The libraries' documentation as a website: .build/docs
docs: dependencies
	SWIFT='$(SWIFT)' scripts/docs.sh

## Layout, and that nothing about text from outside is decided by Character (scripts/text-lint).
lint:
	@scripts/install-dependencies.sh lint
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Examples Tests scripts Fuzz/Package.swift Fuzz/Sources Benchmarks/Package.swift Benchmarks/Sources
	$(SWIFT) build
	scripts/text-lint/text-lint.py

dependencies:
	@scripts/install-dependencies.sh build

clean:
	$(SWIFT) package clean
