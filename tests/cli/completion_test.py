#!/usr/bin/env python3
"""The manual page and what shells complete, as they are built, held against the tool's own help.

completion_test.py TOOL MANUAL FOLDER-OF-COMPLETIONS
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

from terminal import Terminal
from tool import SIZES, TOOL, FilesTest, run

COMPLETIONS = pathlib.Path(sys.argv.pop(2)).resolve()
MANUAL = pathlib.Path(sys.argv.pop(1)).resolve()
BASH, FISH, ZSH = (COMPLETIONS / name for name in ("latchkey.bash", "latchkey.fish", "_latchkey"))


def help_of(*words):
    code, text, errors = run(*words, "--help")
    assert (code, errors) == (0, ""), errors
    return text


def options_of(command):
    """As the help lists them: pairs of a short and a long name, the short one may be empty."""
    return re.findall(r"^ +(?:(-\w), )?(--[\w-]+)(?=[ \n])", help_of(*command.split()), re.M)


COMMANDS = re.findall(r"^  ([\w-]+) +[A-Z]", help_of().split("Commands:\n")[1], re.M)
OPTIONS = {command: options_of(command) for command in ["", *COMMANDS]}


def names_of(command):
    return {name for pair in OPTIONS[command] for name in pair if name}


class Help(unittest.TestCase):
    def test_what_the_help_says_is_read_rightly(self):
        self.assertLess({"keygen", "kat", "version"}, set(COMMANDS))
        self.assertIn(("-o", "--output"), OPTIONS["keygen"])
        self.assertIn(("-r", "--recipient"), OPTIONS["seal"])
        self.assertIn(("", "--no-accumulated"), OPTIONS["kat"])
        self.assertEqual(OPTIONS["demo"], [("-h", "--help")])

    def test_it_is_the_same_in_three_ways_and_fits_into_80_columns(self):
        for command in COMMANDS:
            text = help_of(command)
            self.assertEqual(run(command, "-h"), (0, text, ""))
            self.assertEqual(run("help", command), (0, text.replace("latchkey-kat", "latchkey kat")
                                                    if command == "kat" else text, ""))
            self.assertLess(max(map(len, text.splitlines())), 80, command)
        self.assertEqual(run("help"), (0, help_of(), ""))
        self.assertEqual(run("-h"), (0, help_of(), ""))


class Manual(unittest.TestCase):
    def setUp(self):
        self.text = MANUAL.read_text()

    def section(self, kind, title):
        return re.search(rf"^\.{kind} {title}\n(.*?)(?=^\.S[hs] )", self.text, re.M | re.S)[1]

    def test_it_describes_every_option_and_no_other(self):
        items = re.findall(r"^\.It (Fl .*)", self.section("Sh", "OPTIONS"), re.M)
        described = {tuple("-" + name for name in re.findall(r"Fl (\S+)", item)) for item in items}
        listed = {tuple(name for name in pair if name) for pairs in OPTIONS.values()
                  for pair in pairs}
        self.assertEqual(described, listed)

    def test_it_names_every_backend_that_can_be_asked_for(self):
        completed = re.search(r"\ball((?: \w+)+)", BASH.read_text())[1].split()
        self.assertIn("ref", completed)
        told = self.section("Sh", "ENVIRONMENT").split(".It Ev")[1]
        self.assertEqual(sorted(re.findall(r"^\.Cm (\w+)", told, re.M)), sorted(completed))

    def test_it_has_every_command_with_its_options_and_no_other(self):
        self.assertEqual(re.findall(r"^\.Ss (.*)$", self.text, re.M), COMMANDS)
        for command in COMMANDS:
            shown = {"-" + name for name in re.findall(r"Fl ([\w-]+)", self.section(
                "Ss", command).split("\n.Pp\n")[0])}
            for pair in OPTIONS[command]:
                if pair != ("-h", "--help"):
                    self.assertEqual(len(shown & set(pair)), 1, f"{command}: {pair}")
                    shown -= set(pair)
            self.assertEqual(shown, set(), command)

    @unittest.skipUnless(shutil.which("mandoc"), "needs mandoc")
    def test_mandoc_finds_nothing_wrong(self):
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", MANUAL],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    @unittest.skipUnless(shutil.which("man") and shutil.which("groff"), "needs man and groff")
    def test_man_shows_it_without_a_warning(self):
        done = subprocess.run(["man", "--warnings", "-l", MANUAL], text=True,
                              env=dict(os.environ, LC_ALL="C.UTF-8", MANWIDTH="80", PAGER="cat"),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("latchkey keygen [-t type] [--age]", done.stdout)
        self.assertNotIn("BSD", done.stdout)  # which mdoc(7) takes for granted


class Bash(FilesTest):
    SCRIPT = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
              'compopt() { :; }; _latchkey; printf "%s\\n" "${COMPREPLY[@]}"')

    def complete(self, *words):
        done = subprocess.run(["bash", "--norc", "-c", self.SCRIPT, "bash", BASH, *words],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return set(done.stdout.split())

    def test_it_knows_every_command_and_option_and_no_other(self):
        self.assertEqual(self.complete("latchkey", ""), {*COMMANDS, *names_of("")})
        for command in COMMANDS:
            self.assertEqual(self.complete("latchkey", command, "-"), names_of(command), command)

    def test_it_knows_what_some_options_may_be(self):
        self.assertEqual(self.complete("latchkey", "keygen", "-t", ""), set(SIZES))
        self.assertEqual(self.complete("latchkey", "keygen", "--type", "=", "x"), {"x-wing"})
        self.assertEqual(self.complete("latchkey", "keygen", "--type", "="), set(SIZES))
        self.assertEqual(self.complete("latchkey", "open", "-i", ""), set())
        self.assertEqual(self.complete("latchkey", "help", "ke"), {"keygen"})

    def test_it_completes_what_is_typed_on_a_terminal(self):
        self.write("a-sealed-file", "")
        folder = pathlib.Path(TOOL).parent
        with Terminal(["bash", "--norc", "--noprofile", "-i"], cwd=self.folder, env=dict(
                os.environ, PATH=f"{folder}:{os.environ['PATH']}", PS1="> ", TERM="dumb",
                INPUTRC="/dev/null")) as terminal:
            terminal.expect("> ")
            terminal.type("bind 'set bell-style none'; bind 'set enable-bracketed-paste off'\n")
            terminal.expect("> ")
            terminal.type(f"source {BASH}\n")
            terminal.expect(r"bash\r\n> ")
            for typed, whole in {"latchkey ke\t": "latchkey keygen ",
                                 "latchkey open --ide\t": "latchkey open --identity ",
                                 "latchkey keygen -t ml-kem-7\t": "latchkey keygen -t ml-kem-768 ",
                                 "latchkey keygen --type=x\t": "latchkey keygen --type=x-wing ",
                                 "latchkey inspect a-s\t": "latchkey inspect a-sealed-file ",
                                 "latchkey seal -r a-s\t": "latchkey seal -r a-sealed-file ",
                                 "latchkey seal --recipient=a-s\t":
                                     "latchkey seal --recipient=a-sealed-file "}.items():
                with self.subTest(typed):
                    terminal.type(typed)
                    terminal.expect(re.escape(whole))
                    terminal.type("\x15")  # away with the line
            terminal.type("\x15latchkey de\t\t")
            terminal.expect(r"decaps +demo")
            terminal.type("\x15latchkey open -c a-s\tX")
            terminal.expect("latchkey open -c a-sX")


@unittest.skipUnless(shutil.which("fish"), "needs fish")
class Fish(FilesTest):
    def complete(self, line):
        done = subprocess.run(["fish", "--no-config", "-c",
                               "source $argv[1]; complete -C $argv[2]", FISH, line],
                              cwd=self.folder, env=dict(os.environ, HOME=str(self.folder)),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return {line.split("\t")[0] for line in done.stdout.splitlines()}

    def test_it_knows_every_command_and_option_and_no_other(self):
        self.assertEqual(self.complete("latchkey "), set(COMMANDS))
        for command in ["", *COMMANDS]:
            line = f"latchkey {command} -" if command else "latchkey -"
            self.assertEqual(self.complete(line), names_of(command), command)

    def test_it_knows_files_and_what_some_options_may_be(self):
        self.assertEqual(self.complete("latchkey keygen -t "), set(SIZES))
        self.write("a-sealed-file", "")
        self.assertIn("a-sealed-file", self.complete("latchkey open -i key a-s"))
        self.assertIn("a-sealed-file", self.complete("latchkey pubkey -i a-s"))
        self.assertEqual(self.complete("latchkey selftest a-s"), set())
        self.assertEqual(self.complete("latchkey help "), set(COMMANDS))


@unittest.skipUnless(shutil.which("zsh"), "needs zsh")
class Zsh(FilesTest):
    def test_it_knows_every_command_and_option_and_no_other(self):
        env = dict(os.environ, HOME=str(self.folder), ZDOTDIR=str(self.folder), TERM="dumb")
        with Terminal(["zsh", "-f", "-i"], columns=200, cwd=self.folder, env=env) as terminal:
            terminal.type(f"PS1='> '; fpath=({COMPLETIONS} $fpath); autoload -Uz compinit; "
                          "compinit -u -D; LISTMAX=1000; echo RE''ADY\n")
            terminal.expect("READY.*> ")
            lines = {"latchkey ": set(COMMANDS), "latchkey -": names_of("")}
            lines |= {f"latchkey {command} -": names_of(command) for command in COMMANDS}
            for line, names in lines.items():
                with self.subTest(line):
                    begin = len(terminal.text)
                    terminal.type(line + "\t")
                    for name in names:
                        terminal.seen = begin
                        terminal.expect(rf"\s{name}\s")
                    shown = terminal.text[begin:].partition("\n")[2]
                    if line.endswith("-"):
                        self.assertEqual(set(re.findall(r"--[\w-]+(?=\s)", shown)),
                                         {name for name in names if name.startswith("--")})
                    terminal.type("\x15")


if __name__ == "__main__":
    unittest.main()
