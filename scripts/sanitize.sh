#!/usr/bin/env bash
# Looks for memory errors, leaks and data races in the Kafka wrapper and the in-memory log, in the package packages/kafka,
# which holds these alone:
#   AddressSanitizer and LeakSanitizer   the exercise program, and all tests, with librdkafka
#   ThreadSanitizer                      the in-memory log's tests; it cannot run in a process in which librdkafka starts
#                                        a thread (Debian's build calls thrd_create, which it does not know). It has to be
#                                        told what a Mutex does (thread-sanitizer/mutex.c), and is asked before each run
#                                        whether it passes a program with a Mutex and reports the same without
#   valgrind                             the exercise program: produce, consume, copy, close; no lost byte
# Prints `ok NAME` or `FAIL NAME` for each and ends with a count. Arguments name the ones to run: address, address-tests
# (minutes), thread, valgrind; all of them without arguments.
set -uo pipefail
cd "$(dirname "$0")/../packages/kafka"
../../scripts/debian.sh pkg-config librdkafka-dev valgrind || exit 1

chosen=("$@")
[ ${#chosen[@]} -gt 0 ] || chosen=(address address-tests thread valgrind)
passed=0
failed=0

check() {
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        printf 'ok %s\n' "$name"
    else
        failed=$((failed + 1))
        printf 'FAIL %s\n' "$name"
    fi
}

tests() {
    local folder=$1
    shift
    "$folder/debug/kafkaPackageTests.xctest" --skip-build --no-parallel --testing-library swift-testing "$@"
}

address() {
    swift build --build-tests --sanitize=address --scratch-path .build-address >&2 || return 1
    ASAN_OPTIONS=detect_leaks=1 check address/exercise .build-address/debug/KafkaExercise 3
}

address_tests() {
    swift build --build-tests --sanitize=address --scratch-path .build-address >&2 || return 1
    check address/tests tests .build-address
}

# A report of ThreadSanitizer alone does not fail a run: it must end the process.
export TSAN_OPTIONS="halt_on_error=1 exitcode=66"

thread() {
    local folder=$PWD/.build-thread scripts=../../scripts/thread-sanitizer
    mkdir -p "$folder"
    clang -O1 -fPIC -Wall -Wextra -Werror -c -o "$folder/mutex.o" "$scripts/mutex.c" >&2 || return 1
    swiftc -swift-version 6 -parse-as-library -sanitize=thread -o "$folder/race" "$scripts/Race.swift" "$folder/mutex.o" \
        >&2 || return 1
    swift build --build-tests --sanitize=thread --scratch-path .build-thread -Xlinker "$folder/mutex.o" >&2 || return 1
    check thread/mutex "$folder/race" guarded
    check thread/race reports_a_race "$folder/race" unguarded
    check thread/tests tests .build-thread --filter '^LogTests'
}

reports_a_race() {
    local report status
    report=$("$@" 2>&1)
    status=$?
    [ "$status" -eq 66 ] && [[ $report == *"WARNING: ThreadSanitizer: "*race* ]]
}

# Statically linked and without debug sections: valgrind 3.19 reads neither the layout of Swift's shared libraries nor
# DWARF 5.
valgrind_check() {
    swift build --product KafkaExercise --static-swift-stdlib --scratch-path .build-valgrind >&2 || return 1
    strip -g -o .build-valgrind/exercise .build-valgrind/debug/KafkaExercise || return 1
    check valgrind/exercise valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect \
        --errors-for-leak-kinds=definite,indirect --error-exitcode=9 .build-valgrind/exercise 3
}

for name in "${chosen[@]}"; do
    case $name in
        address) address ;;
        address-tests) address_tests ;;
        thread) thread ;;
        valgrind) valgrind_check ;;
        *) printf 'sanitize: %s is none of address, address-tests, thread, valgrind\n' "$name" >&2; exit 64 ;;
    esac || { failed=$((failed + 1)); printf 'FAIL %s: it did not build\n' "$name"; }
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
