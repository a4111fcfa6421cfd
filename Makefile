# A thin face on scripts/: every target is one command that also works without make.
# CONFIG=debug builds and runs unoptimised (faster to build); the default is release. Tests are built in debug.
CONFIG ?= release
export CONFIG

.PHONY: help setup build demo run test test-newest clients sanitize bench lint clean

help:
	@echo "make demo    set up, build, and run the shipped connectors on a day of GitHub deliveries"
	@echo "make test    set up and run the whole test suite"
	@echo "make test-newest the Kafka wrapper's tests again, with the newest librdkafka (PyPI) instead of Debian's"
	@echo "make sanitize the Kafka wrapper alone, with AddressSanitizer, ThreadSanitizer and valgrind"
	@echo "make clients set up, build, install real Kafka clients (PyPI, Debian) and test the embedded log with them"
	@echo "make run     like demo, but stays up"
	@echo "make setup   install what building and testing need (Debian packages)"
	@echo "make build   build all executables (CONFIG=debug|release)"
	@echo "make bench   run the measurements"
	@echo "make lint    formatter, declared dependencies, shipped connectors"
	@echo "make clean   remove build output and local state"

setup:
	@scripts/setup.sh

build: setup
	@scripts/build.sh

demo: build
	@scripts/demo.sh

run: build
	@scripts/run.sh

test: setup
	@scripts/test.sh

test-newest: setup
	@scripts/test-newest-librdkafka.sh

sanitize: setup
	@scripts/sanitize.sh

clients: build
	@scripts/test-clients.sh
	@scripts/test-registry-clients.sh

bench: build
	@scripts/bench.sh

lint: setup
	@scripts/lint.sh

clean:
	@rm -rf .build .busbar packages/kafka/.build*
