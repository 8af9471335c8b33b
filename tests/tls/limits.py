"""What a process under test may lock: functions for preexec_fn of subprocess."""

import ctypes
import errno
import pathlib
import resource
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import refusing  # noqa: E402

PR_CAPBSET_DROP, CAP_IPC_LOCK = 24, 14


def locked_memory(size):
    """At most so many bytes of locked memory, also for root."""
    def install():
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (size, size))
        # Without root's right, which goes beyond the limit. Others do not have it.
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_IPC_LOCK, 0, 0, 0)
    return install


def no_locked_memory_by_seccomp():
    """A seccomp filter refuses every way to lock memory."""
    refused = dict.fromkeys(("mlock", "mlock2", "memfd_secret"), errno.EPERM)
    return refusing.refusing(refused)["preexec_fn"]
