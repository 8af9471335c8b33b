#!/bin/bash
# Checks the avx512 backend on a machine with AVX-512, which Bochs emulates:
#
#   avx512.sh BUILD [TEST...]
#
# BUILD is one with -Dprefer_static=true -Dcpp_link_args=-static. TESTs are kernel tests to run, as
# Catch2 takes them; "*", all of them, takes an hour or more. Environment: KERNEL and TIME_LIMIT,
# see bochs.sh.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
runner=$1/kat/latchkey-kat
forms=$1/tests/platforms/forms
trapped=$(mktemp)
vectors=$(mktemp -d)
trap 'rm -rf "$trapped" "$vectors"' EXIT

# trapping BACKENDS: the vectors on avx512, with the code of those backends overwritten by traps.
trapping() {
  python3 -B "$here/deselected_test.py" --trap "$1" "$runner" "$trapped"
  "$here/bochs.sh" "$trapped" --backend avx512 --no-accumulated "$root"/kat/own/latchkey.rsp
}

# Bochs 2.7 computes ADOX wrongly: it sets OF where signed numbers overflow, and not where there is a
# carry. So the form adx has no right answers there, and nobody asks for X25519. QEMU computes it rightly.
echo "known answers"
find "$root/kat" -name '*.rsp' -not -path '*/seal/*' -not -name '*x25519*' -exec cp -t "$vectors" {} +
python3 -B "$here/known_answers.py" ref,avx2,avx512 "$vectors" "$here/bochs.sh" "$runner"

# Skylake has AVX-512 and no IFMA, and Ice Lake has both.
expect_forms() {
  local said
  said=$(CPU=$1 "$here/bochs.sh" "$forms")
  [[ $said == "$2" ]] || { printf '%s: %s, not %s\n' "$1" "$said" "$2"; exit 1; }
}
echo "forms of X25519, without IFMA and with it"
expect_forms corei7_skylake_x $'ref portable\navx2 adx\navx512 adx'
expect_forms corei7_icelake_u $'ref portable\navx2 adx\navx512 ifma'

echo "avx512 enters no other backend"
trapping ref,avx2,portable,ifma
echo "which would be seen"
status=0
trapping avx512 || status=$?
[[ $status -eq $((128 + 5)) ]] || { echo "exit status $status, not that of SIGTRAP"; exit 1; }

echo "what is left on the stack and in registers"
"$here/bochs.sh" "$1/tests/scrub/scrub-tests"

if (($# > 1)); then
  echo "kernels"
  TIME_LIMIT=${TIME_LIMIT:-7200} "$here/bochs.sh" "$1/tests/mlkem/kernel-tests" \
    -w NoTests -d yes "${@:2}"
fi
