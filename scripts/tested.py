#!/usr/bin/env python3
"""The files that the tests of some suites need, for ninja: tested.py BUILD-FOLDER SUITE..."""

import json
import pathlib
import sys

build = pathlib.Path(sys.argv[1]).resolve()
suites = {f"latchkey:{suite}" for suite in sys.argv[2:]}


def described(what):
    return json.loads((build / f"meson-info/intro-{what}.json").read_text())


files = {target["id"]: target["filename"] for target in described("targets")}
needed = {name for test in described("tests") if suites & set(test["suite"])
          for target in test["depends"] for name in files[target]}
if not needed:
    sys.exit(f"no test is of {', '.join(suites)}")
print("\n".join(sorted(str(pathlib.Path(name).relative_to(build)) for name in needed)))
