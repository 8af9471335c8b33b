r"""The list of equivalent mutants: changes that no test can notice, each with its reason.

A line is `file | mutation | the line that it changes | reason`; lines that begin with # are
comments, and | in code is \| there, but || itself. Where a line of code stands in a file several
times, the entry is for all of them.
"""

import re


def read(path):
    """The reasons by (file, line of code, mutation)."""
    entries = {}
    for number, line in enumerate(path.read_text().split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip().replace("\\|", "|")
                 for part in re.split(r"(?<!\\)\|", line.replace("||", "\\|\\|"))]
        if len(parts) != 4 or not all(parts):
            raise ValueError(f"{path}:{number}: not `file | mutation | line | reason`")
        file, what, text, reason = parts
        if (file, text, what) in entries:
            raise ValueError(f"{path}:{number}: stands there twice")
        entries[file, text, what] = reason
    return entries


def judge(entries, outcomes, files):
    """What is wrong with the list, given [(mutant, who killed it or None)] of all mutants of
    `files`."""
    survived, killed = {}, {}
    for mutant, killer in outcomes:
        (survived if killer is None else killed).setdefault(mutant.key(), []).append(killer)
    faults = []
    for key in entries:
        if key[0] not in files or key in survived:
            continue
        if key in killed:
            faults.append(f"not equivalent, killed by {killed[key][0]}: {' | '.join(key)}")
        else:
            faults.append(f"no such mutant: {' | '.join(key)}")
    return faults
