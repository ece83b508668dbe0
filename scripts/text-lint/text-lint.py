#!/usr/bin/env python3
"""Refuses what String does by Character or by canonical equivalence, in Sources.

To String, a slash that a combining mark follows is no slash, and a Kelvin sign is a K; and to compare a run of combining marks
takes it a time that grows with the square of the run. What is decided about text from outside is decided by bytes or scalars
(Sources/ByteText). Which call is String's is known to the compiler alone, so this reads the
SIL that it makes of each module, after `swift build`:

    scripts/text-lint/text-lint.py [BUILD_FOLDER]      (.build/debug)

A line that is safe says why, in a comment "String: ..." on it or above it.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = pathlib.Path(__file__).with_name("Sample.swift")
FLAGS = ["-swift-version", "6", "-package-name", ROOT.name.lower().replace("-", "_")]
FEATURES = ["ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility", "NonisolatedNonsendingByDefault"]

FUNCTION = re.compile(r"^\s*(%\d+) = (?:dynamic_)?function_ref @(\S+) :")
WITNESS = re.compile(r"^\s*(%\d+) = witness_method \$[^,]+, #(.*?) :")
CALL = re.compile(r"\b(?:try_apply|apply|partial_apply)(?: \[[^\]]*\])* (%\d+)(?:<(.*?)>)?\(([^)]*)\)")
PLACE = re.compile(r'loc (?:\* )?"([^"]+)":(\d+):\d+')
NIL = re.compile(r"^\s*(%\d+) = enum \$Optional<.*>, #Optional\.none!enumelt")
ENDS_UP = re.compile(r"^\s*(%\d+) = (?:copy_value|begin_borrow|move_value|enum|load|store_borrow|unchecked_take\w*|init_enum\w*) .*?(%\d+)")
STORE = re.compile(r"^\s*store (%\d+) to (?:\[\w+\] )?(%\d+)")

TEXT = r"(?:String|Substring)"
# Of what every collection can do, with a text as the collection: what looks at its characters. Slices do not.
BY_CHARACTER = re.compile(
    rf"^(?:(?:Collection|BidirectionalCollection|RangeReplaceableCollection|Sequence)(?:<>)?\."
    rf"(?!isEmpty|append|reserveCapacity|joined|init|\+|subscript\.getter).* <{TEXT}[,>]"
    rf"|StringProtocol\.(?:hasPrefix|hasSuffix|contains|lowercased|uppercased|components|range|trimming).* <{TEXT}[,>]"
    rf"|{TEXT}\.(?:hasPrefix|hasSuffix|count\.getter|index\(|subscript\.getter|first|last|lowercased|uppercased|popFirst))")
EQUAL = re.compile(
    r"^static (?:String|StringProtocol)\.[=!]= "
    rf"|^(?:static (?:Equatable|Optional<A>|Optional|Array<A>)\.[=!]= infix|~= infix|witness Equatable).* <(?:Optional<|Array<)*{TEXT}[,>]"
    rf"|^(?:Sequence|Collection|BidirectionalCollection)<>\.(?:contains|firstIndex|lastIndex)\((?:_|of):\).* <\w+<(?:Optional<)?{TEXT}>"
    rf"|^Set\.contains\(_:\) <{TEXT}>")


def findings(sil):
    """(file, line, what) of each call in the text of a module's SIL."""
    names, nils, comment = {}, set(), ""
    for line in sil:
        text = line.strip()
        if line.startswith("sil "):
            names, nils = {}, set()
        elif text.startswith("// function_ref "):
            comment = text[16:]
        elif match := FUNCTION.match(line):
            names[match[1]] = comment
        elif match := WITNESS.match(line):
            names[match[1]] = "witness " + match[2]
        elif match := NIL.match(line):
            nils.add(match[1])
        elif match := STORE.match(line):
            if match[1] in nils:
                nils.add(match[2])
        elif match := CALL.search(line):
            name = names.get(match[1], "")
            arguments = [argument.strip() for argument in match[3].split(",")]
            call = f"{name} <{match[2] or ''}>"
            place = PLACE.search(line)
            if not place or place[1] == "<compiler-generated>":
                continue
            is_nil = any(argument in nils for argument in arguments)
            if BY_CHARACTER.match(call) or (EQUAL.match(call) and not is_nil):
                yield place[1], int(place[2]), name
        elif match := ENDS_UP.match(line):
            if match[2] in nils:
                nils.add(match[1])


def sil_of(name, files, arguments):
    with tempfile.NamedTemporaryFile(suffix=".sil") as output:
        command = ["swiftc", "-emit-silgen", "-wmo", "-g", "-Xllvm", "-sil-print-debuginfo", "-parse-as-library"]
        command += ["-module-name", name, *arguments, *map(str, files), "-o", output.name]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if run.returncode:
            sys.exit(f"text-lint: swiftc did not compile {name}:\n{run.stderr}")
        with open(output.name, encoding="utf-8", errors="replace") as lines:
            return list(findings(lines))


def is_explained(path, number):
    lines = pathlib.Path(ROOT, path).read_text(encoding="utf-8").splitlines()
    return any("// String: " in line for line in lines[max(0, number - 2):number])


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build" / "debug")
    # What this promises is tried first: another compiler may write its SIL in another way.
    marked = {n for n, line in enumerate(SAMPLE.read_text().splitlines(), 1) if "// refused" in line}
    found = {line for _, line, _ in sil_of("Sample", [SAMPLE], ["-swift-version", "6"])}
    if found != marked:
        sys.exit(f"text-lint: of its own sample it refuses lines {sorted(found)}, not {sorted(marked)}")

    arguments = ["-I", str(build / "Modules"), *FLAGS]
    for feature in FEATURES:
        arguments += ["-enable-upcoming-feature", feature]
    for module in sorted(ROOT.glob("Sources/*/module.modulemap")):
        arguments += ["-Xcc", f"-fmodule-map-file={module}"]
    count = refused = 0
    for folder in sorted(ROOT.glob("Sources/*")):
        files = sorted(folder.rglob("*.swift"))
        if not files:
            continue
        count += 1
        for path, line, what in sorted(set(sil_of(folder.name, files, arguments))):
            path = pathlib.Path(path)
            path = path.relative_to(ROOT) if path.is_absolute() else path
            if not is_explained(path, line):
                refused += 1
                print(f"{path}:{line}: error: {what}: by characters or canonical equivalence; see Sources/ByteText")
    print(f"text-lint: {count} modules, {refused} refused")
    sys.exit(1 if refused else 0)


main()
