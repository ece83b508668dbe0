#!/bin/sh
# Builds the fuzz targets and runs each for FUZZ_SECONDS; all of them, or those that are named. See README.md.
set -eu
cd "$(dirname "$0")"
seconds=${FUZZ_SECONDS:-60}
# A crash is reported by AddressSanitizer and libFuzzer; Swift's own handler would stand in their way.
export SWIFT_BACKTRACE=enable=no
# Swift keeps tags in its pointers, which the leak detector then does not see; what grows ends at 2 GiB all the same.
export ASAN_OPTIONS=detect_leaks=0

# On the command line, so that they reach the library's modules too. Release: the library as it is deployed, and fast.
${SWIFT:-swift} build -c release --product Fuzz \
    -Xswiftc -sanitize=address,fuzzer -Xswiftc -parse-as-library -Xswiftc -use-ld=lld

mkdir -p Findings
failures=0
table=$(printf '%-12s %12s %8s %8s %8s' target executions seconds coverage crashes)
[ $# -gt 0 ] || set -- $(ls Seeds)
for target in "$@"; do
    mkdir -p "Corpus/$target"
    log="Findings/$target.log"
    dictionary=
    [ ! -f "Dictionaries/$target" ] || dictionary="-dict=Dictionaries/$target"
    crashes=0
    .build/release/Fuzz "$target" -max_total_time="$seconds" -timeout=10 -max_len=16384 -print_final_stats=1 \
        $dictionary -artifact_prefix="Findings/$target-" "Corpus/$target" "Seeds/$target" >"$log" 2>&1 || crashes=1
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
    spent=$(sed -n 's/^Done .* in \([0-9]*\) second.*/\1/p' "$log")
    coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    row=$(printf '%-12s %12s %8s %8s %8s' "$target" "${executions:--}" "${spent:--}" "${coverage:--}" "$crashes")
    table="$table
$row"
    echo "$row"
    [ "$crashes" = 0 ] || { failures=$((failures + 1)); grep -E -m 1 'FINDING|ERROR|Fatal error' "$log" || true; }
done
printf '\n%s\n' "$table"
[ "$failures" = 0 ] || { echo "The inputs are in Fuzz/Findings; try one with: .build/release/Fuzz TARGET INPUT"; exit 1; }
