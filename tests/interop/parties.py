"""The parties of exchanges: processes that speak the protocol of driver.cpp, and where they are."""

import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
NATIVE = [sys.executable, "-B", str(HERE / "native.py")]


class Absent(Exception):
    """A party that this machine does not have."""


class Broken(Exception):
    """A party that does not keep to the protocol, or ended."""


class Refused:
    """An answer that is no value. Equal to nothing, another refusal included."""

    def __init__(self, why):
        self.why = why

    def __repr__(self):
        return f"refused ({self.why})"


class Party:
    def __init__(self, command):
        self.errors = tempfile.TemporaryFile("w+")
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=self.errors, text=True)
        except OSError as error:
            raise Absent(f"{command[0]}: {error.strerror}") from None
        word, *fields = self.process.stdout.readline().rstrip("\n").split("\t")
        if word != "ready":
            self.close()
            raise Absent(fields[0] if fields else self.last_error())
        self.name, self.schemes = fields[0], fields[1].split()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ask(self, scheme, command, *words):
        """The words of the answer, or Refused."""
        question = " ".join([scheme, command, *(word.hex() or "-" for word in words)])
        try:
            print(question, file=self.process.stdin, flush=True)
        except BrokenPipeError:
            pass  # the answer that does not come says so
        verdict, _, answer = self.process.stdout.readline().rstrip("\n").partition(" ")
        if verdict == "refused":
            return Refused(answer)
        if verdict != "ok":
            raise Broken(f"{self.name}: {verdict or self.last_error()}, to {question[:200]}")
        return [b"" if word == "-" else bytes.fromhex(word) for word in answer.split()]

    def must(self, *question):
        """The words of the answer to what nobody can refuse."""
        answer = self.ask(*question)
        if isinstance(answer, Refused):
            raise Broken(f"{self.name}: {answer}, to {question[:2]}")
        return answer

    def last_error(self):
        """What says most of what it wrote to stderr."""
        self.errors.seek(0)
        lines = self.errors.read().splitlines()
        return next((line for line in reversed(lines) if "rror" in line),
                    lines[-1] if lines else "it ended without a word")

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.stdout.close()
        self.process.wait()


def with_libraries_of(folder, command):
    """Debian's libraries unpacked in `folder`, which want the C library that is beside them."""
    for loader in sorted(folder.glob("usr/lib/*/ld-linux*.so.*")):
        return [str(loader), "--library-path", str(loader.parent), *command]
    raise Absent(f"{folder.name} is not in {folder.parent.name}")


def package(folder, which):
    node = shutil.which("node")
    if node is None:
        raise Absent("node is not here")
    if not (folder / "npm" / "node_modules").exists():
        raise Absent(f"npm is not in {folder.name}")
    return [node, str(HERE / "peers.mjs"), which, str(folder / "npm")]


def peers(driver, folder):
    """Of each what a report calls it, what makes its command, or raises Absent, and whether
    ./dev interop brings it to `folder`. The last two are our own sealing layer with a libcrypto
    that is newer than that of the system may be."""
    openssl, sodium = [*NATIVE, "openssl"], [*NATIVE, "sodium"]
    trixie, sid = folder / "trixie", folder / "sid"
    return [
        ("libcrypto of the system", lambda: openssl, False),
        ("libsodium of the system", lambda: sodium, False),
        ("libcrypto of trixie", lambda: with_libraries_of(trixie, openssl), True),
        ("libcrypto of sid", lambda: with_libraries_of(sid, openssl), True),
        ("libsodium of sid", lambda: with_libraries_of(sid, sodium), True),
        ("libsodium of npm", lambda: package(folder, "sodium"), True),
        ("noble of npm", lambda: package(folder, "noble"), True),
        ("hpke of npm", lambda: package(folder, "hpke"), True),
        ("Latchkey, trixie's libcrypto", lambda: with_libraries_of(trixie, [driver]), True),
        ("Latchkey, sid's libcrypto", lambda: with_libraries_of(sid, [driver]), True),
    ]
