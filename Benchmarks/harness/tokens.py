"""Checks of ID Tokens per second, against OpenSSL's bare verification and against Python's libraries."""

import importlib.metadata
import json
import pathlib
import re
import subprocess
import sys

from .place import progress
from .report import Aim, Figure, Part, Table

#: The algorithm, what `openssl speed` calls it, how its lines begin, and the least part of its speed that is wanted.
ALGORITHMS = [("RS256", "rsa2048", "+F2", 0.85), ("ES256", "ecdsap256", "+F4", 0.9), ("EdDSA", "ed25519", "+F6", 0.9)]
PEERS = ["PyJWT", "joserfc"]
OURS, BARE, OPENSSL = "whole check", "our verification alone", "`openssl speed`, verification alone"
SECONDS = "1"
HERE = pathlib.Path(__file__).resolve().parent


def run(place):
    program = place.programs / "token-checks"
    if crypto(program) != crypto("/usr/bin/openssl"):
        raise RuntimeError("token-checks and openssl have different libraries: their figures do not compare")
    measured = {(algorithm, who): [] for algorithm, *_ in ALGORITHMS for who in (OURS, BARE, OPENSSL, *PEERS)}
    rounds = place.rounds(5)
    for number in range(rounds):
        for algorithm, name, mark, _ in ALGORITHMS:
            for who, speed in one_turn(program, place.make("tokens") / "token.json", algorithm, name, mark).items():
                measured[algorithm, who].append(speed)
        progress(f"round {number + 1} of {rounds}")
    figures = {key: Figure(values) for key, values in measured.items()}
    rows = [row(algorithm, figures) for algorithm, *_ in ALGORITHMS]
    aims = [Aim(f"{algorithm}: whole check / `openssl speed` verify",
                figures[algorithm, OURS] / figures[algorithm, OPENSSL], least, at_least=True)
            for algorithm, *_, least in ALGORITHMS]
    peers = ", ".join(f"{peer} {importlib.metadata.version(peer)}" for peer in PEERS)
    return Part("ID Token checks", method(peers), [
        Table(["per second", OURS, BARE, OPENSSL, *PEERS], rows),
        Table(["ratio, round by round", *(f"ours / {who}" for who in (OPENSSL, *PEERS))],
              [ratios(algorithm, figures) for algorithm, *_ in ALGORITHMS]),
    ], aims)


def method(peers):
    return f"""An ID Token as providers make them (13 claims, `kid`, RSA of 2048 bits) is checked over and over by one
thread, per second of processor time, for {SECONDS} s in each turn. *Whole check*: the compact form parsed, the key
chosen from a set of two by its `kid`, the signature, strict JSON, every rule with what it expected and found. The
library's door to that is a client that asks for tokens: the figure is a refresh whose ID Token is checked, less the
same refresh with the ID Token's text under another name, which is read and not checked. *Our verification alone* is a parsed
token's signature by a key of the set. `openssl speed` uses the same libcrypto. The peers ({peers}) do what the
whole check does, the `nonce` and `at_hash` compared beside the library; their OpenSSL is the one inside `cryptography`
{importlib.metadata.version("cryptography")}."""


def row(algorithm, figures):
    return [algorithm, *(figures[algorithm, who].text(digits=3) for who in (OURS, BARE, OPENSSL, *PEERS))]


def ratios(algorithm, figures):
    ours = figures[algorithm, OURS]
    return [algorithm, *((ours / figures[algorithm, who]).text("×") for who in (OPENSSL, *PEERS))]


def one_turn(program, file, algorithm, name, mark):
    """Each one's speed, one after the other."""
    ours = json.loads(output(program, algorithm, SECONDS, "1", file))
    told = {OURS: ours["checks_per_second"][0], BARE: ours["verifications_per_second"][0]}
    lines = output("openssl", "speed", "-mr", "-seconds", SECONDS, name).splitlines()
    told[OPENSSL] = float(next(line for line in lines if line.startswith(mark + ":")).rpartition(":")[2])
    for peer in PEERS:
        told[peer] = json.loads(output(sys.executable, HERE.parent / "peers/token_checks.py", file, peer, SECONDS))[
            "checks_per_second"]
    return told


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def crypto(program):
    """Where a program finds libcrypto."""
    return re.search(r"libcrypto\S* => (\S+)", output("ldd", program)).group(1)
