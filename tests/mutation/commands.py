"""Commands that a mutant may keep from ever ending: limited in processor time, which does not depend
on what else the machine does."""

import os
import resource
import shlex
import subprocess


class Failure(Exception):
    """Something that is no mutant's doing."""


def run(command, cpu_seconds=600, environment=None, folder=None):
    """(exit status, output, processor seconds); the status is None if the time ran out."""
    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, preexec_fn=limit, cwd=folder,
                                env={**os.environ, **(environment or {})},
                                timeout=300 + 60 * cpu_seconds)
    except subprocess.TimeoutExpired:
        return None, "", cpu_seconds
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    status = result.returncode
    if status < 0 and used > 0.9 * cpu_seconds:
        status = None
    return status, result.stdout.decode(errors="replace"), used


def checked(command, **options):
    status, output, _ = run(command, **options)
    if status != 0:
        raise Failure(f"{shlex.join(map(str, command))}: exit status {status}\n{output[-3000:]}")
    return output
