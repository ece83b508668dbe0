"""The run's own certification authority: what everything that speaks TLS in it is signed by, and trusts."""

import atexit
import functools
import os
import pathlib
import subprocess
import tempfile

#: A name of providers that only an app knows which was started with it (see servers.App).
PROVIDER_NAME = "provider.test"
NAMES = f"IP:127.0.0.1,IP:127.0.0.2,DNS:localhost,DNS:{PROVIDER_NAME}"


class Authority:
    """Files of PEM: the authority's certificate, and one that it issued, with its key. Python's own clients trust it."""

    def __init__(self, folder):
        folder = pathlib.Path(folder).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        self.file, self.certificate, self.key = folder / "authority.pem", folder / "certificate.pem", folder / "key.pem"
        authority_key = folder / "authority-key.pem"
        make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        for command in (
                [*make, "-subj", "/CN=End-to-end authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                 "-keyout", authority_key, "-out", self.file],
                [*make, "-subj", "/CN=127.0.0.1", "-addext", f"subjectAltName={NAMES}",
                 "-addext", "basicConstraints=critical,CA:FALSE", "-CA", self.file, "-CAkey", authority_key,
                 "-keyout", self.key, "-out", self.certificate]):
            subprocess.run(command, check=True, capture_output=True)
        os.environ["SSL_CERT_FILE"] = str(self.file)


@functools.cache
def authority():
    folder = tempfile.TemporaryDirectory(prefix="oidc-e2e-authority-")
    atexit.register(folder.cleanup)
    return Authority(folder.name)
