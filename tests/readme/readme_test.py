#!/usr/bin/env python3
"""What README.md tells a reader to type, typed: readme_test.py TOOL SOURCE-FOLDER COMPILER..."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import pages

TOOL = Path(sys.argv.pop(1)).resolve()
SOURCE = Path(sys.argv[1])
# By its path: a `c++` of ours will stand before it.
COMPILER = [shutil.which(sys.argv[2]), *sys.argv[3:]]
README = (SOURCE / "README.md").read_text()


def block(language):
    """The one block of this language."""
    found, = (block for block in pages.split(README)[0] if block.tag == language)
    return found.text


def write_script(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


class Readme(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="latchkey-readme-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.sources = self.folder / "latchkey"
        shutil.copytree(SOURCE, self.sources, ignore=shutil.ignore_patterns("build*", ".git"))

        # `c++` is the compiler under test; what `sudo` installs stays in this folder, where
        # `pkg-config` looks for it.
        programs = self.folder / "bin"
        programs.mkdir()
        root = shlex.quote(str(self.folder / "root"))
        write_script(programs / "c++", f'exec {shlex.join(COMPILER)} "$@"')
        write_script(programs / "sudo", f'DESTDIR={root} exec "$@"')
        write_script(programs / "pkg-config",
                     f'export PKG_CONFIG_SYSROOT_DIR={root}\n'
                     f'export PKG_CONFIG_LIBDIR="$(dirname "$(find {root} -name latchkey.pc)")"\n'
                     f'exec {shutil.which("pkg-config")} "$@"')
        # Compiled at once and without optimisation, latchkey-seal takes an eighth of the time.
        write_script(programs / "meson",
                     'if [ "$1" = setup ]; then shift; set -- setup -Dunity_seal=true "$@"; fi\n'
                     f'exec {shutil.which("meson")} "$@"')
        self.environment = dict(
            os.environ, PATH=f"{programs}:{os.environ['PATH']}", CXX=shlex.join(COMPILER),
            CXXFLAGS=os.environ.get("CXXFLAGS", "") + " -O0")

    def run_in(self, folder, *command):
        done = subprocess.run(command, cwd=folder, env=self.environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, f"{shlex.join(command)}\n{done.stdout}")
        return done.stdout

    def assert_example_works(self, program):
        self.assertEqual(self.run_in(self.folder, str(program)),
                         "a secret of 32 bytes for both\n")

    def test_the_example_builds_with_the_installed_library(self):
        (self.sources / "example.cpp").write_text(block("cpp"))
        commands = self.folder / "commands"
        commands.write_text(block("sh"))
        self.run_in(self.sources, "bash", "-eu", str(commands))
        self.assert_example_works(self.sources / "example")

    def test_the_example_builds_with_a_subproject(self):
        app = self.folder / "app"
        (app / "subprojects").mkdir(parents=True)
        (app / "subprojects/latchkey").symlink_to(self.sources)
        (app / "meson.build").write_text(block("meson"))
        (app / "example.cpp").write_text(block("cpp"))
        self.run_in(app, shutil.which("meson"), "setup", "--wrap-mode=nodownload",
                    "-Dlatchkey:unity_seal=true", "--force-fallback-for=latchkey", "build")
        self.run_in(app, "meson", "compile", "-C", "build")
        self.assert_example_works(app / "build/example")
        built = sorted(path.name for path in (app / "build").rglob("*") if path.is_file()
                       and os.access(path, os.X_OK) and not path.suffix)
        self.assertEqual(built, ["example"], "a subproject builds the library alone")

    def test_what_is_typed_in_a_shell_does_what_is_said(self):
        (self.folder / "bin/latchkey").symlink_to(TOOL)
        place = self.folder / "shell"
        place.mkdir()
        output = self.run_in(place, "bash", "-euo", "pipefail", "-c", block("bash"))
        fingerprint = re.compile(r"^fingerprint: SHA256:[\w+/]{43} \(X-Wing\)\n", re.M)
        self.assertEqual(len(fingerprint.findall(output)), 2)  # of each new key
        output = fingerprint.sub("", output)
        self.assertRegex(output, r"\ASHA256:[\w+/]{43}\nDear Alice\n'letter.sealed': sealed stream\n(  [^\n]+\n)+"
                                 r"letter\nDear Alice\n\Z")
        self.assertEqual(sorted(path.name for path in place.iterdir()), [
            "age.key", "backup", "key", "key.pub", "letter", "letter.age", "letter.sealed"])
        self.assertEqual((place / "key").stat().st_mode & 0o7777, 0o600)

    def test_every_folder_is_there(self):
        text = (SOURCE / "CONTRIBUTING.md").read_text()
        table = "".join(re.findall(r"^\| `.*?\|", text, re.M))
        folders = re.findall(r"`([a-z0-9/]+/)`", table)
        self.assertGreater(len(folders), 5)
        for folder in folders:
            self.assertTrue((SOURCE / folder).is_dir(), folder)

    def test_every_package_is_among_the_dependencies(self):
        listed = (SOURCE / "docs/dependencies.md").read_text()
        scripts = [SOURCE / "dev", *sorted((SOURCE / "scripts").glob("*.sh"))]
        text = "\n".join(path.read_text() for path in scripts)
        packages = set(" ".join(re.findall(r"_?TOOLS=\(([^)]*)\)", text)
                                + re.findall(r"^ +need ([^$\n]*)$", text, re.M)
                                + re.findall(r'^ +need "\$.* ([a-z].*)$', text, re.M)).split())
        self.assertGreater(len(packages), 20)
        for package in sorted(packages):
            self.assertIn(f"`{package}`", listed)

    # Those for ./dev are looked at by docs_test.py.
    def test_every_block_is_one_of_those_above(self):
        found = pages.split(README)[0]
        self.assertEqual(sorted(block.tag for block in found if block.tag != "indented"),
                         ["bash", "cpp", "meson", "sh"])
        for block in found:
            if block.tag == "indented":
                self.assertRegex(block.text, r"\A(\./dev [a-z]+ .*\n|\n)+\Z")


if __name__ == "__main__":
    sys.argv[1:] = []
    unittest.main()
