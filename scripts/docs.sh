#!/bin/sh
# Builds the documentation of the libraries that have a DocC catalogue, as a website in .build/docs. Warnings are errors.
# Look at it with: python3 -m http.server --bind 127.0.0.1 --directory .build/docs 8080
set -eu
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
docc=$(dirname "$(readlink -f "$(command -v "$swift")")")/docc
out=.build/docs

$swift package dump-symbol-graph --minimum-access-level public --skip-synthesized-members > .build/docs.log
graphs=$(sed -n 's/^Files written to //p' .build/docs.log | tail -1)

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
echo "The documentation is in $out/index.html"
