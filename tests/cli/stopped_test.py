#!/usr/bin/env python3
"""The question for a password in a shell that stops its jobs: stopped_test.py PATH-OF-LATCHKEY."""

import os
import shutil
import signal
import time
import unittest

from terminal import PATIENCE, Terminal
from tool import TOOL, FilesTest

QUESTION = "Password of the new key: "


@unittest.skipUnless(shutil.which("bash"), "needs bash")
class Stopped(FilesTest):
    def shell(self):
        # Without readline, which silences the terminal itself.
        return Terminal(["bash", "--norc", "--noprofile", "--noediting", "-i"], cwd=self.folder,
                        env={**os.environ, "PS1": "ready> ", "TOOL": TOOL})

    def ask(self, shell):
        shell.expect("ready> ")
        shell.type('"$TOOL" keygen -p -o key\n')
        shell.expect(QUESTION)
        self.wait_for_echo(shell, False)

    def wait_for_echo(self, shell, wanted):
        end = time.monotonic() + PATIENCE
        while shell.echoes() != wanted:
            self.assertLess(time.monotonic(), end, f"the terminal shows what is typed: {not wanted}")
            shell.show()

    def answer_both(self, shell):
        shell.type("my word\n")
        shell.expect("The same again: ")
        self.wait_for_echo(shell, False)
        shell.type("my word\n")
        shell.expect("ready> ")
        self.wait_for_echo(shell, True)
        self.write("password", "my word\n")
        self.do("pubkey", "-i", "key", "--password-file", "password")
        self.assertNotIn("my w", shell.text)

    def stop(self, shell, how):
        if how == "key":
            shell.type("\x1a")
        else:
            os.killpg(os.tcgetpgrp(shell.master), how)
        shell.expect("Stopped.*ready> ")
        self.wait_for_echo(shell, True)

    def test_a_password_is_not_shown_after_a_stop(self):
        for how in (signal.SIGTSTP, signal.SIGSTOP, "key"):
            with self.subTest(how), self.shell() as shell:
                self.ask(shell)
                for _ in range(2):
                    if how != signal.SIGSTOP:  # the shell would get what is typed
                        shell.type("half a wo")
                    self.stop(shell, how)
                    shell.type("fg\n")
                    shell.expect(QUESTION)
                    self.wait_for_echo(shell, False)
                self.answer_both(shell)
                (self.folder / "key").unlink()
                (self.folder / "password").unlink()

    def test_in_the_background_the_terminal_stays_the_shells(self):
        with self.shell() as shell:
            self.ask(shell)
            self.stop(shell, signal.SIGTSTP)
            shell.type("bg\n")
            shell.expect("ready> ")
            shell.show(0.3)
            self.assertTrue(shell.echoes())
            shell.type("fg\n")
            shell.expect(QUESTION)
            self.wait_for_echo(shell, False)
            self.answer_both(shell)

    def test_a_command_that_is_stopped_can_be_interrupted_afterwards(self):
        with self.shell() as shell:
            self.ask(shell)
            self.stop(shell, "key")
            shell.type("fg\n")
            shell.expect(QUESTION)
            self.wait_for_echo(shell, False)
            shell.type("\x03")
            shell.expect("ready> ")
            self.wait_for_echo(shell, True)
        self.assertEqual(self.names(), [])

    def test_where_no_shell_waits_a_stop_is_only_another_question(self):
        with Terminal([TOOL, "keygen", "-p", "-o", "key"], cwd=self.folder) as terminal:
            terminal.expect(QUESTION)
            for number in (signal.SIGTSTP, signal.SIGCONT):
                terminal.process.send_signal(number)
                terminal.expect(QUESTION)
                self.assertFalse(terminal.echoes())
            terminal.type("my word\n")
            terminal.expect("The same again: ")
            terminal.type("my word\n")
            self.assertEqual(terminal.end()[0], 0)


if __name__ == "__main__":
    unittest.main()
