"""A kernel or a file system that refuses some system calls, as a seccomp filter (seccomp(2))."""

import ctypes
import errno
import platform
import struct

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
LOAD, JUMP_IF_EQUAL, JUMP_IF_ANY_SET, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, FAIL_WITH = 0x7FFF0000, 0x00050000
NUMBER, ARCHITECTURE, THIRD_ARGUMENT = 0, 4, 16 + 2 * 8  # offsets in struct seccomp_data
X86_64 = 0xC000003E
NUMBERS = {"openat": 257, "link": 86, "linkat": 265, "rename": 82, "renameat": 264,
           "renameat2": 316, "sendfile": 40, "madvise": 28, "prctl": 157, "prlimit64": 302,
           "mlock": 149, "mlock2": 325, "memfd_secret": 447}
O_TMPFILE = 0o20000000  # the bit that is not O_DIRECTORY's

usable = platform.machine() == "x86_64"  # the numbers are its own


def filter_of(errors, unnamed_files):
    """The program as struct sock_filter."""
    code = [(LOAD, 0, 0, ARCHITECTURE), (JUMP_IF_EQUAL, 1, 0, X86_64), (RETURN, 0, 0, ALLOW),
            (LOAD, 0, 0, NUMBER)]
    for name, error in errors.items():
        code += [(JUMP_IF_EQUAL, 0, 1, NUMBERS[name]), (RETURN, 0, 0, FAIL_WITH | error)]
    if not unnamed_files:
        code += [(JUMP_IF_EQUAL, 0, 3, NUMBERS["openat"]), (LOAD, 0, 0, THIRD_ARGUMENT),
                 (JUMP_IF_ANY_SET, 0, 1, O_TMPFILE),
                 (RETURN, 0, 0, FAIL_WITH | errno.EOPNOTSUPP)]
    code.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in code)


def refusing(errors=None, unnamed_files=True):
    """For subprocess: the calls of the program fail with these errors; its openat with
    EOPNOTSUPP, if it is for a file without a name and there are none."""
    program = filter_of(errors or {}, unnamed_files)

    def install():
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        code = ctypes.create_string_buffer(program, len(program))
        header = ctypes.create_string_buffer(
            struct.pack("@HP", len(program) // 8, ctypes.addressof(code)))
        zero = ctypes.c_ulong(0)
        if prctl(PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), zero, zero, zero) != 0 or prctl(
                PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER),
                ctypes.c_void_p(ctypes.addressof(header)), zero, zero) != 0:
            raise OSError(ctypes.get_errno(), "seccomp")
    return {"preexec_fn": install}
