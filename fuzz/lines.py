"""Which lines a target's inputs run, of the sources that it is about: by gcc and gcov.

Needs g++ and its gcov. Templates count once, however many backends make code of them.
"""

import json
import os
import subprocess

OPTIONS = ["-Dtests=enabled", "-Dbench=disabled", "-Db_coverage=true", "-Dbuildtype=debug",
           "-Doptimization=1"]
ABOUT = {
    "age_file": ["src/age/"],
    "age_header": ["src/age/header.cpp"],
    "batch": ["src/mlkem/batch.hpp", "src/api/batch.cpp"],
    "command_line": ["kat/arguments.cpp", "src/cli/command_line.cpp", "src/cli/parse.cpp",
                     "src/cli/nearest.cpp"],
    "decapsulate": ["src/mlkem/kpke.hpp", "src/mlkem/mlkem.hpp"],
    "hpke_contexts": ["src/crypto/aead.cpp", "src/crypto/hkdf.cpp", "src/hpke/hpke.cpp"],
    "import_key": ["src/mlkem/keys.hpp", "src/api/decapsulation_key.cpp"],
    "keccak": ["src/mlkem/keccak.hpp", "src/mlkem/sponge.hpp"],
    "key_file": ["src/crypto/pbes2.cpp", "src/encoding/", "src/keyfile/"],
    "locked_buffer": ["src/memory/"],
    "parse_key": ["src/mlkem/sample.hpp", "src/api/encapsulation_key.cpp"],
    "pem_objects": ["src/keyfile/key_file.cpp", "src/encoding/pem.cpp"],
    "provider_files": ["src/provider/decoder.cpp", "src/provider/encoder.cpp", "src/provider/forms.cpp",
                       "src/provider/key_info.cpp", "src/provider/key_text.cpp"],
    "provider_keys": ["src/provider/kem.hpp", "src/provider/kem_key.cpp", "src/provider/keymgmt",
                      "src/provider/tls_key.cpp"],
    "backends": ["src/avx2/", "src/mlkem/", "src/ref/"],
    "sealed_message": ["src/seal/container.cpp", "src/seal/seal.cpp"],
    "stream_chunks": ["src/seal/container.cpp", "src/seal/stream.cpp", "src/seal/whole_stream.cpp"],
    "tls_hello": ["src/cli/tls_hello.cpp"],
    "vector_file": ["kat/check.cpp", "kat/report.cpp", "kat/rsp.cpp", "kat/sections.cpp"],
    "xwing_exchange": ["src/crypto/x25519.cpp", "src/hybrid/xwing.cpp"],
}


def build(folder, root, call):
    again = ["--reconfigure"] if (folder / "build.ninja").exists() else []
    call("meson", "setup", *again, *OPTIONS, folder, root, env=dict(os.environ, CXX="g++"))
    call("ninja", "-C", folder, "fuzz/corpus-tests")


def counts_of(folder, root, data):
    """{(source, line): how often} of one object."""
    done = subprocess.run(["gcov", "--json-format", "--stdout", str(data)], cwd=folder,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    for file in json.loads(done.stdout)["files"]:
        source = os.path.relpath(os.path.join(folder, file["file"]), root)
        for line in file["lines"]:
            yield (source, line["line_number"]), line["count"]


def run(target, folders, build_folder, root, call):
    """(lines that ran, lines that there are) when the target runs all files of these folders."""
    for data in build_folder.rglob("*.gcda"):
        data.unlink()
    for folder in folders:
        if any(folder.iterdir()):
            call(build_folder / "fuzz/corpus-tests", target, folder)
    ran = {}
    for data in build_folder.rglob("*.gcda"):
        for place, count in counts_of(build_folder, root, data):
            if place[0].startswith(tuple(ABOUT[target])):
                ran[place] = ran.get(place, False) or count > 0
    return sum(ran.values()), len(ran)
