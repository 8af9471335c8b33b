#!/usr/bin/env bash
# Builds the core with gcc for musl (Debian's musl-tools): musl.sh BUILD_FOLDER. Runs the core's C test with
# it, static and dynamic, and a static C++ program that does X-Wing. Of the C++ library it needs headers
# only; two of those are made for glibc, and others stand before them (musl/bits).
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=$1
machine=$(gcc -dumpmachine)
version=$(gcc -dumpversion)
specs=/usr/lib/${machine/-gnu/-musl}/musl-gcc.specs
test -f "$specs" || { echo "musl.sh: there is no $specs" >&2 && exit 1; }

# gcc and not g++, which would link glibc's C++ library.
CXX="gcc -specs=$specs -isystem $ROOT/tests/platforms/musl -isystem /usr/include/c++/$version"
CXX+=" -isystem /usr/include/$machine/c++/$version"
again=()
if [[ -f $BUILD/build.ninja ]]; then again=(--reconfigure); fi
CXX=$CXX meson setup "${again[@]}" -Dseal=disabled -Ddeveloper=disabled "$BUILD" "$ROOT"
ninja -C "$BUILD"

for kind in -static -no-pie; do
  gcc -specs="$specs" -std=c99 -O2 "$kind" -I "$ROOT/include" \
    "$ROOT/tests/c_api/core_test.c" "$BUILD/src/liblatchkey.a" -o "$BUILD/c-test$kind"
  "$BUILD/c-test$kind"
done
readelf -lW "$BUILD/c-test-no-pie" | grep -q 'ld-musl' ||
  { echo "musl.sh: the dynamic test is not musl's" >&2 && exit 1; }

# Without exceptions, or it would need the C++ library's.
$CXX -std=c++20 -O2 -fno-exceptions -static -DLATCHKEY_STATIC -I "$ROOT/include" \
  "$ROOT/examples/consumers/hybrid.cpp" "$BUILD/src/liblatchkey.a" -o "$BUILD/hybrid"
"$BUILD/hybrid"
! readelf -lW "$BUILD/hybrid" | grep -q INTERP ||
  { echo "musl.sh: the program of X-Wing is not static" >&2 && exit 1; }
