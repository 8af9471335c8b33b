"""How mutants are compiled, and what they pass in turn."""

from backends import BACKENDS, FORMS

# Parts of what src/meson.build gives the backends.
FLAGS = ["-std=c++20", "-fPIC", "-w", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics",
         "-fno-plt", "-DNDEBUG", "-O1", "-fconstexpr-ops-limit=3000000"]
FLAGS_OF = {backend.name: backend.flags for backend in (*BACKENDS.values(), *FORMS.values())}
COMB_TABLE = "src/x25519/comb_table.cpp"  # which a form has besides its own file
HEADERS = ("algorithm array bit concepts cstddef cstdint cstdlib cstring numeric span type_traits "
           "utility").split()
TARGETS = {"kat": "kat/latchkey-kat", "kernels": "tests/mlkem/kernel-tests",
           "api": "tests/api/api-tests", "scrub": "tests/scrub/scrub-tests",
           "x25519": "tests/x25519/x25519-tests", "proofs": "tests/x25519/proofs/x25519-proofs"}
# Those that a backend and those that a form is linked with, besides the ones of inside.py.
PROGRAMS = ("kat", "kernels", "api", "scrub")
PROGRAMS_OF_FORMS = ("kat", "x25519", "scrub")
# A mutant passes these in turn until one kills it. The accumulated figure is compared with the
# unmutated one's, and takes each through all operations.
STAGES = ("vectors", "kem", "kernels", "api", "scrub", "inside")
STAGES_OF_FORMS = ("vectors", "kernels", "scrub", "inside")
VECTORS_OF_FORMS = "*x25519.rsp"
# Of the kernel tests, those of whole operations: what most mutants break.
KEM = "[#kem_test],[#schedule_test],[#hash_test]"
# At last those that survive are compiled with these, for what is out of bounds and nobody sees.
SANITIZER = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"]
SWITCH = """
#include <cstdlib>
static int chosen() {
  const char* number = std::getenv("LATCHKEY_MUTANT");
  return number != nullptr ? std::atoi(number) : 0;
}
int latchkey_mutant = chosen();
"""
