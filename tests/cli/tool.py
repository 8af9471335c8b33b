"""The command-line tool, run as a person runs it: what the tests beside this have in common."""

import contextlib
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

TOOL = os.path.abspath(sys.argv.pop(1))

# Whoever runs the tests in the background or under nohup has some of them ignored.
for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)


def run(*arguments, prefix=(), program=TOOL, stdout=subprocess.PIPE, text=True, **more):
    """Its exit status, what it prints, and what it complains of."""
    if "input" not in more:
        more.setdefault("stdin", subprocess.DEVNULL)
    done = subprocess.run([*prefix, program, *arguments], stdout=stdout, stderr=subprocess.PIPE,
                          text=text, timeout=60, **more)
    errors = done.stderr if text else done.stderr.decode()
    return done.returncode, done.stdout, errors


def without_fingerprint(errors):
    """What keygen complains of, without the fingerprint that it shows."""
    return re.sub(r"^fingerprint: SHA256:[\w+/]{43} \((X-Wing|ML-KEM-\d+)\)\n", "", errors,
                  flags=re.M)


# The algorithms by their names for --type, with the sizes of their keys and ciphertexts.
SIZES = {"x-wing": ("X-Wing", 1216, 1120), "ml-kem-512": ("ML-KEM-512", 800, 768),
         "ml-kem-768": ("ML-KEM-768", 1184, 1088), "ml-kem-1024": ("ML-KEM-1024", 1568, 1568)}


class ToolTest(unittest.TestCase):
    def assert_fails(self, result, status, words):
        """The status, and one line on stderr that has the words; nothing on stdout."""
        code, output, errors = result
        self.assertEqual(code, status, errors)
        self.assertRegex(errors, r"\Alatchkey: [^\n]+\n\Z")
        self.assertIn(words, errors)
        self.assertFalse(output)


class FilesTest(ToolTest):
    """With a folder of its own, where the tool runs."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="latchkey-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.addCleanup(os.umask, os.umask(0o022))

    def tool(self, *arguments, **more):
        return run(*arguments, text=False, cwd=self.folder, **more)

    def do(self, *arguments, **more):
        """What the tool prints. It must not complain; keygen says one thing beside."""
        code, output, errors = self.tool(*arguments, **more)
        self.assertEqual((code, without_fingerprint(errors)), (0, ""), arguments)
        return output

    def refuse(self, words, *arguments, status=1, **more):
        """The tool fails with these words, and no file is touched."""
        before = self.files()
        self.assert_fails(self.tool(*arguments, **more), status, words)
        self.assertEqual(self.files(), before)

    @contextlib.contextmanager
    def started(self, *arguments, **more):
        """The tool, which runs on; not longer than what is done with it."""
        with subprocess.Popen([TOOL, *arguments], cwd=self.folder, stderr=subprocess.PIPE,
                              **more) as tool:
            try:
                yield tool
            finally:
                tool.kill()

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(0o600)

    def read(self, name):
        return (self.folder / name).read_bytes()

    def mode(self, name):
        return (self.folder / name).stat().st_mode & 0o7777

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def files(self):
        return {path.name: path.read_bytes() for path in self.folder.iterdir()
                if path.is_file() and not path.is_symlink()}

    def key_pair(self, key="key", public="key.pub", *options):
        self.do("keygen", *options, "-o", key)
        self.do("pubkey", "-i", key, "-o", public)

    def make_keys(self, *options_of_mlkem):
        """`xwing`, `mlkem` and `age`, and their public keys beside them."""
        self.key_pair("xwing", "xwing.pub")
        self.key_pair("mlkem", "mlkem.pub", "-t", "ml-kem-768", *options_of_mlkem)
        self.key_pair("age", "age.pub", "--age")

    def make_every_key(self):
        """`x-wing`, `ml-kem-512` and so on, and their public keys beside them."""
        for kind in SIZES:
            self.key_pair(kind, f"{kind}.pub", "-t", kind)
