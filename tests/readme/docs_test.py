#!/usr/bin/env python3
"""The pages in docs/ and beside README.md, tried out: docs_test.py TOOL SOURCE-FOLDER BUILD-FOLDER
COMPILER... | --skip

Programs are written to files and console blocks typed in, page by page, each in a folder of its
own; what is printed has to be what is shown. What cannot be run is on a list.
"""

import contextlib
import io
import json
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

SKIP = 77
if sys.argv[1] == "--skip":
    sys.exit(SKIP)
TOOL, SOURCE, BUILD = (Path(path).resolve() for path in sys.argv[1:4])
COMPILER = [shutil.which(sys.argv[4]), *sys.argv[5:]]  # by its path: `c++` will be one of ours

PAGES = sorted([*SOURCE.glob("*.md"), *SOURCE.glob("docs/*.md")])
ALL_PAGES = sorted(set(PAGES) | set(SOURCE.glob("*/README.md")))
# README.md's are run by readme_test.py; those of the tutorial on TLS need servers, and `./dev tls` runs them
# by tests/tls/tutorial.py.
RUN = [page for page in PAGES if page.name not in ("README.md", "tutorial-tls.md")]

# Pages that may have blocks which nobody can run: formulas.
WITH_TEXT = {"docs/formats.md"}
# Where the lines of blocks of a build system are, so that they are run.
BUILD_FILES = {"cmake": "examples/consumers/CMakeLists.txt",
               "meson": "examples/consumers/meson.build",
               "ini": "tests/provider/openssl.cnf"}
# Warnings as strict as a reader's may be.
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]


def name_of(page):
    return page.relative_to(SOURCE).as_posix()


def write_script(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def pattern_of(shown):
    """What output may be: as shown, and in place of `...` anything in a line."""
    return ".*".join(re.escape(part) for part in shown.split("..."))


class Programs(unittest.TestCase):
    """Everything that can be run."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="latchkey-docs-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "latchkey").symlink_to(TOOL)
        compiler = shlex.join([*COMPILER, *STRICT])
        write_script(programs / "c++", f'exec {compiler} "$@"')
        # It takes .c files for C++, unless told; and then all that follows for C.
        write_script(programs / "cc", 'for word; do shift; case $word in\n'
                     '  *.c) set -- "$@" -x c "$word" -x none ;;\n'
                     '  *) set -- "$@" "$word" ;;\n'
                     f'esac; done\nexec {compiler} "$@"')
        core = shlex.join(["-I" + str(SOURCE / "include"), str(BUILD / "src/liblatchkey.a"), "-pthread"])
        seal = shlex.join([str(BUILD / "src/liblatchkey-seal.a"), "-lcrypto"])
        write_script(programs / "pkg-config", 'case "$*" in\n'
                     f'  "--cflags --libs latchkey") echo {shlex.quote(core)} ;;\n'
                     f'  "--cflags --libs latchkey-seal") echo {shlex.quote(f"{seal} {core}")} ;;\n'
                     '  *) exit 1 ;;\nesac')
        self.environment = dict(os.environ, LC_ALL="C.UTF-8",
                                PATH=f"{programs}:{os.environ['PATH']}")

    def type_in(self, place, command, shown):
        done = subprocess.run(["bash", "-c", "umask 022\n" + command], cwd=place, text=True,
                              env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        self.assertRegex(done.stdout, rf"\A{pattern_of(shown)}\Z", command)
        # An error of the tool has to be one, and nothing else may.
        self.assertEqual(done.returncode != 0, shown.startswith("latchkey: "),
                         f"{command}: {done.returncode}\n{done.stdout}")

    def run_page(self, page):
        place = self.folder / page.stem
        place.mkdir()
        (place / "build").symlink_to(BUILD)
        typed, written = "", []
        for block in pages.split(page.read_text())[0]:
            with self.subTest(page=name_of(page), line=block.line):
                if block.tag in ("cpp", "c") and block.name:
                    (place / block.name).write_text(block.text)
                    written.append(block.name)
                elif block.tag == "cpp" and " main(" not in block.text:
                    (place / "part.cpp").write_text(block.text)
                    include = shlex.quote(str(SOURCE / "include"))
                    self.type_in(place, f"c++ -std=c++20 -I{include} -fsyntax-only part.cpp", "")
                elif block.tag == "console":
                    for command, shown in pages.session(block.text):
                        typed += command + "\n"
                        self.type_in(place, command, shown)
                elif block.tag == "sh":  # takes long: Names looks for what it names
                    for line in block.text.splitlines():
                        self.assertRegex(line, r"\A(\./dev|meson test|python3 -B) ")
                elif block.tag in BUILD_FILES:  # other tests use these files
                    build_file = (SOURCE / BUILD_FILES[block.tag]).read_text().splitlines()
                    for line in filter(str.strip, block.text.splitlines()):
                        self.assertIn(line.strip(), [other.strip() for other in build_file])
                elif block.tag == "text":
                    self.assertIn(name_of(page), WITH_TEXT, "may have no block that is not run")
                else:
                    self.fail(f"a block of the kind {block.tag!r}, without a name: nothing runs it")
        for name in written:
            with self.subTest(page=name_of(page), program=name):
                self.assertRegex(typed, rf"c(c|\+\+) [^\n]*\b{re.escape(name)}\b")
                self.assertRegex(typed, rf"(?m)^\./{Path(name).stem}\b")

    def test_every_block_is_run_and_prints_what_is_shown(self):
        for page in RUN:
            self.run_page(page)

    def test_no_block_is_overlooked(self):
        for page in PAGES:
            text = page.read_text()
            fences = len(re.findall(r"^\s*(?:```|~~~)|<pre|<code", text, re.M))
            fenced = [block for block in pages.split(text)[0] if block.tag != "indented"]
            self.assertEqual(fences, 2 * len(fenced), name_of(page))


class Names(unittest.TestCase):
    """What is only named has to be there."""

    @classmethod
    def setUpClass(cls):
        def words_in(text, pattern):
            return set(re.findall(pattern, text, re.M))

        dev = (SOURCE / "dev").read_text()
        cls.dev = words_in(dev, r"^run_(\w+)\(\)") | {"help"}
        cls.steps = set(re.search(r"SOAK_STEPS=\((.*)\)",
                                  (SOURCE / "scripts/soak.sh").read_text())[1].split())
        cls.targets = {path.name for path in (SOURCE / "fuzz/corpus").iterdir()}
        usage = subprocess.run([TOOL, "--help"], capture_output=True, text=True).stdout
        cls.commands = words_in(usage, r"^  ([a-z-]+) {2,}")
        tests = json.loads((BUILD / "meson-info/intro-tests.json").read_text())
        cls.suites = {suite.rpartition(":")[2] for test in tests for suite in test["suite"]}
        cls.folders = {path.name for path in SOURCE.iterdir()
                       if path.is_dir() and not re.match(r"build|\.git", path.name)}
        cls.files = {path.name for folder in cls.folders for path in (SOURCE / folder).rglob("*")}

    def fault_of(self, code, page):
        """What is wrong with a command or a path that a page names, or None."""
        words = re.sub(r"\s+", " ", code.partition("#")[0]).split()
        if words[:1] == ["./dev"] and len(words) > 1 and words[1] not in self.dev:
            return "no command of ./dev"
        if words[:2] == ["./dev", "soak"]:
            if not all(step in self.steps or step.isupper() or step[0] == "["
                       for step in words[2:]):
                return "no step of ./dev soak"
        if words[:2] == ["./dev", "test"] and len(words) > 2:
            if words[2] not in self.suites and not words[2].isupper() and words[2][0] != "[":
                return "no suite of tests"
        if words[:2] == ["./dev", "fuzz"]:
            if not all(target in self.targets or target[0] in "S["
                       for target in words[3:]):
                return "no target of ./dev fuzz"
        if words[:1] == ["latchkey"] and len(words) > 1 and words[1].islower():
            if words[1] not in self.commands | {"ref", "avx2", "avx512"}:  # how charts name rows
                return "no command of latchkey"
        if words[:2] == ["meson", "test"] and "--suite" in words:
            suite = words[words.index("--suite") + 1]
            if suite not in self.suites and not suite.isupper():
                return "no suite of tests"
        if words[:1] == ["python3"] and len(words) > 1:
            script = next((word for word in words if word.endswith(".py")), "none")
            if not (SOURCE / script).is_file():
                return "no script"
        if re.fullmatch(r"(?!build|.*NAME)[\w-]+/[\w./*-]*", code):
            # Below the root, or a folder that a page leaves out where it is clear.
            roots = [SOURCE, SOURCE / "src", SOURCE / "include", page.parent]
            if any((root / code.partition("/")[0]).is_dir() for root in roots):
                if not any(list(root.glob(code.rstrip("/"))) for root in roots):
                    return "no such path"
        return None

    def test_what_is_named_in_a_text_exists(self):
        checked = 0
        for page in ALL_PAGES:
            blocks, _ = pages.split(page.read_text())
            mentioned = pages.inline_code(page.read_text())
            mentioned += [line for block in blocks if block.tag in ("indented", "sh")
                          for line in block.text.splitlines()]
            for code in mentioned:
                checked += 1
                with self.subTest(page=name_of(page), code=code):
                    self.assertIsNone(self.fault_of(code, page))
        self.assertGreater(checked, 500)

    def test_files_that_are_named_exist(self):
        for page in PAGES:
            blocks, _ = pages.split(page.read_text())
            made = {block.name for block in blocks}
            for code in pages.inline_code(page.read_text()):
                if re.fullmatch(r"(?!NAME)\w+\.(cpp|hpp|h|py|sh|md|v)", code) and code not in made:
                    with self.subTest(page=name_of(page), file=code):
                        self.assertTrue(code in self.files)

    def test_every_link_leads_somewhere(self):
        for page in ALL_PAGES:
            for target in pages.links(page.read_text()):
                with self.subTest(page=name_of(page), target=target):
                    path, _, anchor = target.partition("#")
                    leads_to = page.parent / path if path else page
                    self.assertTrue(leads_to.exists())
                    if anchor:
                        self.assertIn(anchor, pages.anchors(leads_to.read_text()))

    def test_the_example_of_a_session_key_is_right(self):
        sys.path.insert(0, str(SOURCE / "kat/own"))
        with contextlib.redirect_stdout(io.StringIO()):  # it prints all its records
            import bind
        secret, ciphertext, key = (bytes.fromhex(word) for word in ("aabb", "cc", "dd"))
        bound = bind.LABEL + bytes([bind.HKDF_SHA256])
        bound += b"".join(map(bind.lp, (secret, ciphertext, key, b"")))
        derived = bind.session_key(bind.HKDF_SHA256, secret, ciphertext, key, b"", b"k", 4)
        shown, = (re.sub(r"\s", "", block.text)
                  for block in pages.split((SOURCE / "docs/formats.md").read_text())[0]
                  if "\nkey " in block.text)
        self.assertEqual(shown, f"bound={bound.hex()}key={derived.hex()}")

    def test_the_example_of_a_container_is_right(self):
        sys.path.insert(0, str(SOURCE / "kat/own"))
        import container as own
        suite = (own.X_WING, own.HKDF_SHA256, own.CHACHA20_POLY1305)
        made = own.sealed(own.MESSAGE, suite, b"\xdd", b"\xcc", b"\xaa" * 32, b"\1", b"\2", b"\3")
        info = b"latchkey-seal-v2" + own.lp(b"\xdd") + own.lp(b"\2")
        digest = own.sha3_256(made[:25] + b"\1").digest()
        shown, = (re.sub(r"\s", "", block.text)
                  for block in pages.split((SOURCE / "docs/formats.md").read_text())[0]
                  if "\nencrypted " in block.text)
        self.assertEqual(shown, f"info={info.hex()}header={made[:24].hex()}digest={digest.hex()}"
                         f"commitment={made[25:57].hex()}encrypted={made[57:].hex()}")


if __name__ == "__main__":
    sys.argv[1:] = []
    unittest.main()
