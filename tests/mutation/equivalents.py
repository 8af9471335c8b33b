r"""The list of equivalent mutants: changes that no test can notice, each with its reason.

A line that begins with = is a reason, and those below it, up to an empty line, are the mutants that
it is true of: `file | mutation; mutation | the line that they change`. Lines that begin with # are
comments, and | in code is \|, there but || itself. Where a line of code stands in a file several
times, the entry is for all of them.
"""

import re


def read(path):
    """The reasons by (file, line of code, mutation)."""
    entries, reason = {}, None
    for number, line in enumerate(path.read_text().split("\n"), 1):
        if line.startswith("#"):
            continue
        if line.startswith("= ") or not line.strip():
            reason = line[2:].strip() or None
            continue
        parts = [part.strip().replace("\\|", "|")
                 for part in re.split(r"(?<!\\)\|", line.replace("||", "\\|\\|"))]
        if len(parts) != 3 or not all(parts):
            raise ValueError(f"{path}:{number}: not `file | mutations | line`")
        if reason is None:
            raise ValueError(f"{path}:{number}: stands below no reason")
        file, mutations, text = parts
        for what in mutations.split("; "):
            if (file, text, what) in entries:
                raise ValueError(f"{path}:{number}: stands there twice: {what}")
            entries[file, text, what] = reason
    return entries


def judge(entries, outcomes, files, untried=()):
    """What is wrong with the list, given [(mutant, who killed it or None)] of all mutants of
    `files` but for those `untried`."""
    survived, killed = {mutant.key() for mutant in untried}, {}
    for mutant, killer in outcomes:
        if killer in (None, "same code"):  # another compiler may make something else of it
            survived.add(mutant.key())
        else:
            killed[mutant.key()] = killer
    faults = []
    for key in entries:
        if key[0] not in files or key in survived:
            continue
        if key in killed:
            faults.append(f"not equivalent, killed by {killed[key]}: {' | '.join(key)}")
        else:
            faults.append(f"no such mutant: {' | '.join(key)}")
    return faults
