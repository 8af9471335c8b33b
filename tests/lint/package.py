#!/usr/bin/env python3
"""Builds and runs programs of some ten lines against the library, as its users do.

usage: package.py subproject|core-alone|libcxx|install|consumers SOURCE_ROOT MESON BUILD_ROOT COMPILER... | --skip

`subproject` and `core-alone` build it anew, as a part of examples/consumers; `libcxx` only tries to.
The others take what is in BUILD_ROOT. `consumers` builds examples/consumers by its other build files.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SKIP = 77
CORE_PROGRAMS = ["exchange", "hybrid"]  # of examples/consumers, with the core alone

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

def run(*command, **options):
    """Runs a command; its output is shown only if it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{done.stdout}\nfailed with {done.returncode}: {' '.join(map(str, command))}")
    return done.stdout


# For a library that is built anew: without optimisation it is compiled in half the time.
UNOPTIMISED = dict(os.environ, CXXFLAGS=os.environ.get("CXXFLAGS", "") + " -O0")


def copy_consumers(source, folder):
    shutil.copytree(source / "examples/consumers", folder, dirs_exist_ok=True)


def run_programs(folder, expected, environment=None):
    """Runs those that are there, and fails if they are not the expected ones."""
    built = [name + kind for kind in ("", "-static-pie") for name in (*CORE_PROGRAMS, "sealed")
             if (folder / (name + kind)).exists()]
    if built != expected:
        sys.exit(f"built {built}, not {expected}")
    for name in built:
        said = run(folder / name, env=environment)
        if not ("both have the same secret" in said or "opened: attack at dawn" in said):
            sys.exit(f"{name} said {said!r}")


def test_subproject(folder, source, meson, _build, _compiler):
    copy_consumers(source, folder)
    (folder / "subprojects").mkdir()
    (folder / "subprojects" / "latchkey").symlink_to(source)
    build = folder / "build"
    # The subproject is what is under test, not a Latchkey that is installed on this machine.
    run(meson, "setup", build, folder, "--force-fallback-for=latchkey,latchkey-seal",
        "-Dlatchkey:unity_seal=true", env=UNOPTIMISED)
    folders = ("kat", "tests", "bench", "examples", "src/cli")
    extra = [name for name in folders if (build / "subprojects/latchkey" / name).exists()]
    if extra:
        sys.exit(f"as a subproject it configures {extra} too")
    run(meson, "compile", "-C", build)
    seal = ["sealed"] if list(build.rglob("liblatchkey-seal.*")) else []
    run_programs(build, CORE_PROGRAMS + seal)
    # By the variable, too.
    project = (folder / "meson.build").read_text()
    by_name = "dependency('latchkey', fallback: ['latchkey', 'latchkey_dep'])"
    by_variable = project.replace(by_name, "subproject('latchkey').get_variable('latchkey_dep')")
    if by_variable == project:
        sys.exit(f"examples/consumers/meson.build does not say {by_name}")
    (folder / "meson.build").write_text(by_variable)
    run(meson, "setup", "--reconfigure", build, folder)


def install(folder, meson, build):
    """Returns the environment to use it in, and its pkg-config file."""
    if shutil.which("pkg-config") is None:
        print("skipped: no pkg-config")
        sys.exit(SKIP)
    run(meson, "install", "-C", build, "--no-rebuild", "--destdir", folder / "root")
    (pc,) = folder.rglob("latchkey.pc")
    # libcrypto's file is the system's.
    system = run("pkg-config", "--variable", "pc_path", "pkg-config").strip()
    environment = dict(os.environ, PKG_CONFIG_LIBDIR=f"{pc.parent}:{system}",
                       PKG_CONFIG_SYSROOT_DIR=str(folder / "root"),
                       LD_LIBRARY_PATH=str(pc.parent.parent))  # if it was built shared
    return environment, pc


def test_core_alone(folder, source, meson, _build, compiler):
    """The core is built on request without the rest, and without looking for libcrypto."""
    copy_consumers(source, folder)
    (folder / "subprojects").mkdir()
    (folder / "subprojects" / "latchkey").symlink_to(source)
    project = folder / "meson.build"
    core_alone = "'latchkey_dep'],\n  default_options: ['seal=disabled'])"
    text = project.read_text().replace("'latchkey_dep'])", core_alone, 1)
    project.write_text(re.sub(r"(?ms)^seal_dep = .*?^endif\n", "", text))
    build = folder / "build"
    said = run(meson, "setup", build, folder, "--force-fallback-for=latchkey,latchkey-seal",
               "-Dlatchkey:unity_seal=true", env=UNOPTIMISED)
    run(meson, "compile", "-C", build)
    extra = [path.name for path in build.rglob("*latchkey-seal*")]
    # Meson says so where it does not look for it.
    asked = [line for line in said.splitlines()
             if "libcrypto" in line and not line.endswith("skipped: feature seal disabled")]
    if extra or asked:
        sys.exit(f"the core alone builds {extra}; Meson said:\n{said}")
    run_programs(build, CORE_PROGRAMS)
    for name in CORE_PROGRAMS:
        if any("crypto" in needed for needed in needs(build / name)):
            sys.exit(f"with the core alone, {name} needs {needs(build / name)}")
    check_core_headers(folder, source, meson, build, compiler)


def check_core_headers(folder, source, meson, build, compiler):
    """What is installed can be linked: no header is of the other library, and each is complete."""
    run(meson, "install", "-C", build, "--no-rebuild", "--destdir", folder / "root")
    headers = sorted(folder.glob("root/**/include/latchkey/*"))
    if "mlkem768.hpp" not in [path.name for path in headers]:
        sys.exit(f"the core alone installs these headers: {headers}")
    listed = (source / "include" / "meson.build").read_text().partition("seal_headers =")[2]
    of_seal = set(re.findall(r"'latchkey/(.*?)'", listed))
    if "seal.hpp" not in of_seal:
        sys.exit("include/meson.build lists no headers of latchkey-seal")
    for path in headers:
        if path.name in of_seal:
            sys.exit(f"the core alone installs {path.name}, which is of latchkey-seal")
        run(*compiler, "-std=c++20", "-fsyntax-only", "-x", "c++", "-DLATCHKEY_ERROR(...)=",
            "-I", path.parents[1], path)
    libraries = [path.name for path in folder.glob("root/**/liblatchkey*.a")]
    if libraries != ["liblatchkey.a"]:
        sys.exit(f"the core alone installs {libraries}")


def test_libcxx(folder, source, meson, _build, compiler):
    """Without libc++ here: what it defines is enough to be refused."""
    as_libcxx = "-D_LIBCPP_VERSION=14000"
    done = subprocess.run([meson, "setup", folder / "build", source], text=True,
                          env=dict(os.environ, CXXFLAGS=as_libcxx), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode == 0 or "libstdc++ only" not in done.stdout:
        sys.exit(f"Meson takes libc++:\n{done.stdout}")
    (folder / "main.cpp").write_text(PROGRAM)
    done = subprocess.run([*compiler, "-std=c++20", "-fsyntax-only", as_libcxx, "-I",
                           source / "include", folder / "main.cpp"], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode == 0 or "libstdc++ only" not in done.stdout:
        sys.exit(f"the headers take libc++:\n{done.stdout}")


def check_facts(libraries, version):
    """The SONAME carries what the ABI policy says (docs/abi.md), and so do the pkg-config files."""
    major, minor, _ = version.split(".")
    abi = f"{major}.{minor}" if major == "0" else major
    for library in sorted(libraries.glob(f"liblatchkey*.so.{version}")):
        name = library.name.removesuffix(version) + abi
        dynamic = run("readelf", "-dW", library)
        if f"[{name}]" not in "".join(re.findall(r"\(SONAME\).*", dynamic)):
            sys.exit(f"{library.name} has another SONAME than {name}:\n{dynamic}")
        if not (libraries / name).exists():
            sys.exit(f"there is no {name}")
    for file in (libraries / "pkgconfig").glob("latchkey*.pc"):
        text = file.read_text()
        if re.search(r"^URL:", text, re.M):
            sys.exit(f"{file.name} has a URL, and the project has none")
        for needed in re.findall(r"^Requires(?:\.private)?: *(.*)$", text, re.M):
            for one in re.split(r", *", needed):
                if not re.search(r"(=|>=) *[\d.]+$", one):
                    sys.exit(f"{file.name} requires {one!r} without a version")
                if one.startswith("latchkey") and not re.search(rf" = *{version}$", one):
                    sys.exit(f"{file.name} requires {one!r}, not = {version}")


def test_install(folder, source, meson, build, compiler):
    environment, pc = install(folder, meson, build)
    version = re.search(r"^Version: (.*)$", pc.read_text(), re.M)[1]
    check_facts(pc.parent.parent, version)
    words = run("pkg-config", "--static", "--cflags", "--libs", "latchkey", env=environment).split()
    (folder / "main.cpp").write_text(PROGRAM)
    run(*compiler, "-std=c++20", folder / "main.cpp", "-o", folder / "consumer", *words)
    run(folder / "consumer", env=environment)
    installed = sorted(path.name for path in (folder / "root").rglob("*.h*"))
    wanted = sorted(path.name for path in (source / "include/latchkey").glob("*.h*"))
    if installed != wanted:
        sys.exit(f"installed the headers {installed}, not {wanted}")
    for name in ("latchkey", "latchkey-kat"):
        (program,) = (folder / "root").rglob("bin/" + name)
        run(program, "--help")


def needs(program):
    """Names of the shared libraries that a program needs."""
    return re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-dW", program))


def check_cmake_refusals(folder, prefix, environment):
    """What find_package() has to refuse, and what it says."""
    lists = folder / "CMakeLists.txt"
    text = lists.read_text()
    wanted = "latchkey 0.1 REQUIRED CONFIG COMPONENTS latchkey OPTIONAL_COMPONENTS seal"
    if wanted not in text:
        sys.exit(f"{lists} does not say {wanted}")
    cases = [
        ("latchkey 0.99 REQUIRED CONFIG", "", "not accepted"),
        ("latchkey 0.1 REQUIRED CONFIG COMPONENTS latchkey nosuch", "",
         "'nosuch': there is no such component"),
        (wanted, "-DCMAKE_CXX_FLAGS=-stdlib=libc++", "libstdc++ only"),
        (wanted + " nosuch", "", None),  # it is optional
        ("latchkey 0.1 REQUIRED CONFIG", "", None),
    ]
    for number, (call, option, expected) in enumerate(cases):
        lists.write_text(text.replace(wanted, call))
        command = ["cmake", "-S", folder, "-B", folder / f"case{number}",
                   f"-DCMAKE_PREFIX_PATH={prefix}", *option.split()]
        if "libc++" in option:  # gcc would refuse the option before that
            command.append("-DCMAKE_CXX_COMPILER_WORKS=1")
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env=environment)
        said = " ".join(done.stdout.split())
        if (done.returncode == 0) != (expected is None) or (expected or "") not in said:
            sys.exit(f"find_package({call}) {option}: {done.returncode}, not {expected!r}:\n"
                     f"{done.stdout}")


def test_consumers(folder, source, meson, build, compiler):
    environment, pc = install(folder, meson, build)
    environment["CXX"] = " ".join(compiler)
    libraries = pc.parent.parent
    has = {kind for kind in ("a", "so") if (libraries / f"liblatchkey.{kind}").exists()}
    seal = (pc.parent / "latchkey-seal.pc").exists()
    programs = CORE_PROGRAMS + ["sealed"] * seal

    def check(where, is_shared):
        run_programs(where, programs, environment)
        for name in programs:
            needed = " ".join(needs(where / name))
            too_much = name in CORE_PROGRAMS and re.search("latchkey-seal|crypto", needed)
            if is_shared != ("latchkey" in needed) or too_much:
                sys.exit(f"{where / name} needs {needed}")

    ran = []
    if shutil.which("make"):
        copy_consumers(source, folder / "make")
        run("make", "-C", folder / "make", *programs, env=environment)
        check(folder / "make", "so" in has)
        ran.append("make")
        crypto = run("pkg-config", "--variable=libdir", "libcrypto").strip() if seal else ""
        if "a" in has:
            copy_consumers(source, folder / "pie")
            static = [name + "-static-pie" for name in CORE_PROGRAMS]
            static += ["sealed-static-pie"] * pathlib.Path(crypto, "libcrypto.a").exists()
            run("make", "-C", folder / "pie", *static, env=environment)
            run_programs(folder / "pie", static)
            for name in static:
                if needs(folder / "pie" / name) or "DYN" not in run("readelf", "-hW",
                                                                    folder / "pie" / name):
                    sys.exit(f"{name} is not a static-pie")
            ran.append("static-pie")
    if shutil.which("cmake"):
        copy_consumers(source, folder / "cmake")
        prefix = next(path for path in libraries.parents if (path / "include/latchkey").exists())
        for kind, wish in (("so", "OFF"), ("a", "ON")):
            if kind in has:
                out = folder / "cmake" / kind
                run("cmake", "-S", folder / "cmake", "-B", out, f"-DCMAKE_PREFIX_PATH={prefix}",
                    f"-Dlatchkey_USE_STATIC_LIBS={wish}", env=environment)
                run("cmake", "--build", out, env=environment)
                check(out, kind == "so")
        check_cmake_refusals(folder / "cmake", prefix, environment)
        ran.append("cmake")
    print("by " + (", ".join(ran) or "nothing: neither make nor cmake is here"))
    if not ran:
        sys.exit(SKIP)


def main():
    if sys.argv[1] == "--skip":
        print("skipped: what is instrumented does not link by itself")
        sys.exit(SKIP)
    mode, source, meson, build, *compiler = sys.argv[1:]
    os.environ["CXX"] = " ".join(compiler)
    test = {"subproject": test_subproject, "install": test_install,
            "consumers": test_consumers, "core-alone": test_core_alone,
            "libcxx": test_libcxx}[mode]
    with tempfile.TemporaryDirectory() as folder:
        test(pathlib.Path(folder), pathlib.Path(source).resolve(), meson, build, compiler)
    print(f"{mode}: as it has to be")


if __name__ == "__main__":
    main()
