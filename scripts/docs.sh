#!/bin/sh
# Builds the documentation of the libraries that have a DocC catalogue, as a website in .build/docs. Warnings are errors.
set -eu
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
docc=$(dirname "$(readlink -f "$(command -v "$swift")")")/docc
out=.build/docs

mkdir -p .build
$swift package dump-symbol-graph --minimum-access-level public --skip-synthesized-members > .build/docs.log 2>&1 || true
graphs=$(sed -n 's/^Files written to //p' .build/docs.log | tail -1)
# The package's test modules have no graph until the tests were built once; nothing here needs theirs.
if grep 'error:' .build/docs.log | grep -v "Failed to emit symbol graph for '[^']*Tests'" >&2 || [ -z "$graphs" ]; then
    echo "docs: the symbol graphs could not be made; see .build/docs.log" >&2
    exit 1
fi

rm -rf "$out" .build/docs-parts
mkdir -p .build/docs-parts
for catalog in Sources/*/*.docc; do
    name=$(basename "$catalog" .docc)
    parts=.build/docs-parts/$name
    mkdir -p "$parts"
    # The module's own graph, and what it adds to others.
    cp "$graphs/$name.symbols.json" "$graphs/$name"@*.symbols.json "$parts" 2> /dev/null || true
    "$docc" convert "$catalog" --additional-symbol-graph-dir "$parts" --output-dir "$parts.doccarchive" \
        --fallback-display-name "$name" --fallback-bundle-identifier "swift-openid-connect.$name" --warnings-as-errors \
        --transform-for-static-hosting
done
"$docc" merge .build/docs-parts/*.doccarchive --synthesized-landing-page-name "swift-openid-connect" \
    --synthesized-landing-page-kind Package --output-path "$out"
echo "The documentation is in $out; look at it with: python3 -m http.server --bind 127.0.0.1 --directory $out 8080"
