"""A server as a process: started, waited for until it listens, and ended by its id."""

import signal
import socket
import subprocess
import time


class Server:
    """Within `with`, it listens on 127.0.0.1:port. `process` is its first process."""

    def __init__(self, command, port, log, environment, folder=None, end=signal.SIGTERM,
                 before=None):
        self.command, self.port, self.log = [str(word) for word in command], port, log
        self.environment, self.folder = environment, folder
        self.end, self.before = end, before

    def __enter__(self):
        # In a session of its own: Apache ends its whole process group.
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, env=self.environment, cwd=self.folder,
                                            preexec_fn=self.before,
                                            start_new_session=True)
        deadline = time.monotonic() + 20
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.command[0]} ended: {self.said()}")
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if time.monotonic() > deadline:
                    self.__exit__()
                    raise RuntimeError(f"{self.command[0]} does not listen: {self.said()}") from None
                time.sleep(0.02)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(self.end)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def is_alive(self):
        return self.process.poll() is None

    def said(self):
        return self.log.read_text(errors="replace")[-2000:]
