"""A program on a terminal of its own, and what can be seen there."""

import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import time

PATIENCE = 20  # seconds


class Terminal:
    """Runs a command; stdin and stderr are the terminal, and stdout, too, if not given."""

    def __init__(self, command, columns=80, stdin=None, stdout=None, env=None, **more):
        self.master, self.slave = os.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.text = ""  # all that was shown
        self.seen = 0   # what expect() has passed
        slave = self.slave
        self.process = subprocess.Popen(
            command, stdin=slave if stdin is None else stdin,
            stdout=slave if stdout is None else stdout, stderr=slave, start_new_session=True,
            env={**os.environ, "TERM": "xterm"} if env is None else env,
            preexec_fn=lambda: fcntl.ioctl(slave, termios.TIOCSCTTY, 0), **more)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self.slave)

    def echoes(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def type(self, text):
        os.write(self.master, text.encode())

    def show(self, seconds=0.05):
        """Reads what is shown within that time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self.master], [], [], left)[0]:
                self.text += os.read(self.master, 65536).decode()

    def expect(self, pattern):
        """Waits until that is shown, behind what was expected before."""
        end = time.monotonic() + PATIENCE
        while not (found := re.compile(pattern, re.S).search(self.text, self.seen)):
            if time.monotonic() > end:
                raise AssertionError(f"no {pattern!r} in {self.text[self.seen:]!r}")
            self.show()
        self.seen = found.end()
        return found

    def end(self):
        """The exit status, and all that was shown."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            self.show()
        self.show()
        return self.process.wait(timeout=1), self.text.replace("\r\n", "\n")
