# How .ci/run runs and counts steps, and says what failed: right behind the step and again at the end, since either end of a
# log may be cut. To be sourced.

log=$(mktemp)
cases=$(mktemp)
trap 'rm -f "$log" "$cases"' EXIT

passed=0
failed=0
step() {
    local name=$1 started=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    if "$@"; then
        passed=$((passed + 1))
        printf '== %s: passed (%d s)\n' "$name" $((SECONDS - started))
    else
        failed=$((failed + 1))
        printf '== %s: FAILED (%d s)\n' "$name" $((SECONDS - started))
        return 1
    fi
}

# Ends the run with the line `N passed, N failed`.
finish() {
    failed_tests "$log"
    failed_cases "$cases"
    printf '\nCI took %d s\n%d passed, %d failed\n' "$SECONDS" "$passed" "$failed"
    [ "$failed" -eq 0 ]
    exit
}

# The failed tests in a report of Swift Testing, each with the first lines of what it says. Fails where there are none.
failed_tests() {
    grep -q '^✘' "$1" || return 1
    printf '\nFailed tests:\n'
    grep -E -A 12 '^✘ .* recorded an issue' "$1" | grep -E '^(✘|↳)' | cut -c 1-600 | tail -n 60
}

# The same of a command that says `FAIL NAME`.
failed_cases() {
    grep -q '^FAIL ' "$1" || return 1
    printf '\nFailed cases:\n'
    grep '^FAIL ' "$1" | cut -c 1-600
}

# Ends a step with its status. Of one that failed it shows the failures in the output by the given function, or the last
# lines where none is named. Removes the output.
conclude() {
    local status=$1 failures=$2 output=$3
    if [ "$status" -ne 0 ] && ! "$failures" "$output"; then
        printf '\nIt failed, and names no failure. Its last lines:\n'
        tail -n 15 "$output" | cut -c 1-600
    fi
    rm -f "$output"
    return "$status"
}

# Runs a command that ends in Swift Testing's report.
run_tests() {
    local output
    output=$(mktemp)
    # The test program colours what it says even in a pipe.
    "$@" 2>&1 | sed -u 's/\x1b\[[0-9;]*m//g' | tee "$output"
    local status=${PIPESTATUS[0]}
    # Each test counts; a run that executed none has failed.
    local tests broken
    tests=$(grep -E '^✔ Test .* passed after' "$output" | grep -vc 'Test run with')
    broken=$(grep -E '^✘ Test .* failed after' "$output" | grep -vc 'Test run with')
    passed=$((passed + tests))
    failed=$((failed + broken))
    cat "$output" >> "$log"
    [ "$status" -eq 0 ] && [ "$tests" -gt 0 ]
    conclude $? failed_tests "$output"
}

# Runs a command that says `ok NAME` or `FAIL NAME` of each of its cases.
run_cases() {
    local output
    output=$(mktemp)
    "$@" 2>&1 | tee "$output"
    local status=${PIPESTATUS[0]}
    # Each case counts, as tests do.
    local fine broken
    fine=$(grep -c '^ok ' "$output")
    broken=$(grep -c '^FAIL ' "$output")
    passed=$((passed + fine))
    failed=$((failed + broken))
    cat "$output" >> "$cases"
    [ "$status" -eq 0 ] && [ "$fine" -gt 0 ]
    conclude $? failed_cases "$output"
}
