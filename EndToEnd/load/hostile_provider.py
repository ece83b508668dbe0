"""The stub provider with one endpoint whose answers are large in some way.

usage: python -m load.hostile_provider --port 9400 --certificate FILE --key FILE --at /jwks --answer "endless body"
"""

import argparse
import asyncio
import gzip
import json
import ssl
import sys

from .stub_provider import Provider, respond

ENDPOINTS = ("/.well-known/openid-configuration", "/jwks", "/token", "/userinfo")
MIB = 1 << 20


def fill(head, part, tail, size=MIB - 64):
    """JSON as large as is still read."""
    return head + part * ((size - len(head) - len(tail)) // len(part)) + tail


def keys():
    """A set of small keys on no curve, as many as a set of 1 MiB holds."""
    each = json.dumps({"kty": "EC", "crv": "P-256", "kid": "k", "x": "AA", "y": "AA"}, separators=(",", ":"))
    return fill('{"keys":[', each + ",", each + "]}").encode()


def members():
    return ("{" + ",".join(f'"m{number}":0' for number in range(80_000)) + "}").encode()


#: Answers that are whole.
WHOLE = {
    "1 MiB of empty arrays": lambda: respond("200 OK", fill('{"a":[', "[],", "[]]}").encode()),
    "1 MiB of empty objects": lambda: respond("200 OK", fill('{"a":[', "{},", "{}]}").encode()),
    "1 MiB of zeros": lambda: respond("200 OK", fill('{"a":[', "0,", "0]}").encode()),
    "1 MiB in one text": lambda: respond("200 OK", fill('{"sub":"', "a", '"}').encode()),
    "1 MiB of members": lambda: respond("200 OK", members()),
    "1 MiB of keys": lambda: respond("200 OK", keys()),
    "200 MiB in a gzip": lambda: respond(
        "200 OK", gzip.compress(b" " * (200 * MIB)), extra="Content-Encoding: gzip\r\n"),
}


async def endless_body(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        await writer.drain()


async def declared_body(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n")
    while True:
        writer.write(b" " * 0x10000)
        await writer.drain()


async def endless_head(writer):
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-Field: value\r\n" * 1000)
        await writer.drain()


async def endless_line(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nX-Field: ")
    while True:
        writer.write(b"a" * 0x10000)
        await writer.drain()


#: Answers without an end.
ENDLESS = {
    "a body without end": endless_body, "a body of 1 GiB": declared_body,
    "fields without end": endless_head, "a line without end": endless_line,
}
ANSWERS = (*WHOLE, *ENDLESS)


async def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--port", type=int, default=9400)
    options.add_argument("--certificate", required=True)
    options.add_argument("--key", required=True)
    options.add_argument("--at", choices=ENDPOINTS, required=True)
    options.add_argument("--answer", choices=ANSWERS, required=True)
    options.add_argument("--client", default="oidc-demo:demo-secret-0123456789abcdef0123456789")
    chosen = options.parse_args()
    provider = Provider(f"https://127.0.0.1:{chosen.port}", "ES256", chosen.client)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(chosen.certificate, chosen.key)
    whole = WHOLE[chosen.answer]() if chosen.answer in WHOLE else b""

    async def serve(reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                fields = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                if head[0].split(" ")[1].split("?")[0] != chosen.at:
                    headers = {name: line.split(": ", 1)[1] for line in head[1:] if ": " in line
                               for name in [line.split(":")[0].lower()]}
                    writer.write(provider.answer(head[0].split(" ")[1], headers, body))
                elif chosen.answer in ENDLESS:
                    await ENDLESS[chosen.answer](writer)
                else:
                    writer.write(whole)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", chosen.port, ssl=tls)
    print("ready", file=sys.stderr, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
