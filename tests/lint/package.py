#!/usr/bin/env python3
"""Builds and runs a program of ten lines against the library, as its users do.

usage: package.py subproject|install SOURCE_ROOT MESON BUILD_ROOT COMPILER... | --skip

`subproject` builds it anew, as a part of another project; `install` takes what is in BUILD_ROOT.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIP = 77

# With exceptions and without our warnings: a consumer's own choice.
PROGRAM = """\
#include <latchkey/mlkem768.hpp>
#include <stdexcept>

int main() try {
  const auto key = latchkey::DecapsulationKey::generate();
  const auto sent = key.value().encapsulation_key().encapsulate();
  const auto opened = key->decapsulate(sent.value().ciphertext);
  for (int i = 0; i < 32; ++i)
    if ((*opened->expose())[i] != (*sent->secret.expose())[i]) throw std::runtime_error("differ");
  return latchkey::self_test() ? 0 : 1;
} catch (const std::exception&) {
  return 2;
}
"""

PROJECT = """\
project('consumer', 'cpp', default_options: 'cpp_std=c++20')
if get_option('by_name')
  latchkey = dependency('latchkey', fallback: 'latchkey')
else
  latchkey = subproject('latchkey').get_variable('latchkey_dep')
endif
executable('consumer', 'main.cpp', dependencies: latchkey)
"""


def run(*command, **options):
    """Runs a command; its output is shown only if it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{done.stdout}\nfailed with {done.returncode}: {' '.join(map(str, command))}")
    return done.stdout


def test_subproject(folder, source, meson, _build, _compiler):
    (folder / "main.cpp").write_text(PROGRAM)
    (folder / "meson.build").write_text(PROJECT)
    (folder / "meson_options.txt").write_text("option('by_name', type: 'boolean', value: true)\n")
    (folder / "subprojects").mkdir()
    (folder / "subprojects" / "latchkey").symlink_to(source)
    build = folder / "build"
    # The subproject is what is under test, not a Latchkey that is installed on this machine.
    run(meson, "setup", build, folder, "--force-fallback-for=latchkey")
    folders = ("kat", "tests", "bench", "examples", "src/cli")
    extra = [name for name in folders if (build / "subprojects/latchkey" / name).exists()]
    if extra:
        sys.exit(f"as a subproject it configures {extra} too")
    run(meson, "compile", "-C", build)
    run(build / "consumer")
    run(meson, "setup", "--reconfigure", build, folder, "-Dby_name=false")


def test_install(folder, source, meson, build, compiler):
    pkg_config = shutil.which("pkg-config")
    if pkg_config is None:
        print("skipped: no pkg-config")
        sys.exit(SKIP)
    run(meson, "install", "-C", build, "--no-rebuild", "--destdir", folder / "root")
    (pc,) = folder.rglob("latchkey.pc")
    environment = dict(os.environ, PKG_CONFIG_LIBDIR=str(pc.parent),
                       PKG_CONFIG_SYSROOT_DIR=str(folder / "root"),
                       LD_LIBRARY_PATH=str(pc.parent.parent))  # if it was built shared
    words = run(pkg_config, "--static", "--cflags", "--libs", "latchkey", env=environment).split()
    (folder / "main.cpp").write_text(PROGRAM)
    run(*compiler, "-std=c++20", folder / "main.cpp", "-o", folder / "consumer", *words)
    run(folder / "consumer", env=environment)
    installed = sorted(path.name for path in (folder / "root").rglob("*.hpp"))
    wanted = sorted(path.name for path in (source / "include/latchkey").glob("*.hpp"))
    if installed != wanted:
        sys.exit(f"installed the headers {installed}, not {wanted}")


def main():
    if sys.argv[1] == "--skip":
        print("skipped: what is instrumented does not link by itself")
        sys.exit(SKIP)
    mode, source, meson, build, *compiler = sys.argv[1:]
    os.environ["CXX"] = " ".join(compiler)
    test = {"subproject": test_subproject, "install": test_install}[mode]
    with tempfile.TemporaryDirectory() as folder:
        test(pathlib.Path(folder), pathlib.Path(source).resolve(), meson, build, compiler)
    print(f"{mode}: built and ran")


if __name__ == "__main__":
    main()
