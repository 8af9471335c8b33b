#!/usr/bin/env python3
"""docs/tutorial-tls.md typed in as it stands, by root, on a machine that is given away afterwards:
newcomer_tls.py PAGE

It needs nginx with a server at localhost:443, curl, and a command `systemctl`. What a block of the
page says goes into the files that the page names.
"""

import pathlib
import re
import subprocess
import sys
import time

import pages

LIMIT = 120  # seconds
OPENSSL = pathlib.Path("/etc/ssl/openssl.cnf")
NGINX = pathlib.Path("/etc/nginx/conf.d/tls-log.conf")


def pattern_of(shown):
    return ".*".join(re.escape(part) for part in shown.split("..."))


def type_in(command, shown):
    done = subprocess.run(["bash", "-c", command], text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT)
    print(f"$ {command}\n{done.stdout}", end="")
    if not re.fullmatch(pattern_of(shown), done.stdout):
        sys.exit(f"newcomer_tls.py: the page shows\n{shown}")


def write(block):
    if block.tag == "nginx":
        NGINX.write_text(block.text)
    elif block.text.startswith("[Service]"):  # the other way to activate it: there is no systemd here
        print(f"(left out)\n{block.text}", end="")
    else:
        with OPENSSL.open("a") as file:
            file.write(block.text)


def main():
    start = time.monotonic()
    for block in pages.split(pathlib.Path(sys.argv[1]).read_text())[0]:
        if block.tag == "console":
            for command, shown in pages.session(block.text):
                type_in(command, shown)
        else:
            write(block)
    seconds = time.monotonic() - start
    print(f"typed in {seconds:.0f} s")
    if seconds > LIMIT:
        sys.exit(f"newcomer_tls.py: longer than {LIMIT} s")


if __name__ == "__main__":
    main()
