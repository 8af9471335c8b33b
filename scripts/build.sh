# Building, for `dev`: one folder a compiler and purpose, below the root.

FORMATTER=clang-format-14

# build_with COMPILER FOLDER OPTION...: everything.
build_with() {
  configure "$@" && compile "$ROOT/$2" all
}

# build_beside COMPILER FOLDER OPTION...: everything, as fast as it can be.
build_beside() {
  configure_beside "$@" && compile "$ROOT/$2" all
}

# build_tested COMPILER FOLDER SUITE...: what the tests of those suites need.
build_tested() {
  configure_beside "$1" "$2" -Dtests=enabled && build_targets_of "${@:2}"
}

# build_targets_of FOLDER SUITE...
build_targets_of() {
  local targets
  targets=$(python3 -B "$ROOT/scripts/tested.py" "$ROOT/$1" "${@:2}") || return
  # shellcheck disable=SC2086
  compile "$ROOT/$1" $targets
}

# configure_tests: build/ with the tests, as `./dev test` has it, unless it is there.
configure_tests() {
  if [[ ! -f $ROOT/build/build.ninja ]] || [[ ! -d $ROOT/build/tests ]]; then
    configure g++ build -Dtests=enabled -Ddefault_library=both
  fi
}

# Warnings are errors here, and not to those who build from a release or as a subproject.
configure() {
  local compiler=$1 folder=$ROOT/$2 again=()
  shift 2
  if [[ -f $folder/build.ninja ]]; then again=(--reconfigure); fi
  CXX=$compiler quietly meson setup "${again[@]}" -Dwerror=true "$@" "$folder" "$ROOT"
}

# configure_beside COMPILER FOLDER OPTION...: for the same tests once more, built faster: latchkey-seal
# is compiled at once, and Catch2's main() is that of build/, if it is there.
configure_beside() {
  local main=$ROOT/build/tests/libtest-support.a
  if [[ ! -f $main ]]; then main=''; fi
  configure "$@" -Dunity_seal=true -Dtest_main="$main"
}

# build_one TARGET: in build/, configured without the tests unless they are there already.
build_one() {
  if [[ ! -f $ROOT/build/build.ninja ]]; then
    CXX=${CXX:-g++} quietly meson setup -Dwerror=true -Dtests=disabled "$ROOT/build" "$ROOT"
  elif ! ninja -C "$ROOT/build" -t query "$1" >/dev/null 2>&1; then
    quietly meson setup --reconfigure "$ROOT/build" "$ROOT" # what it needs came later
  fi
  compile "$ROOT/build" "$1"
}

compile() {
  local quiet=()
  if [[ ! -t 1 ]]; then quiet=(--quiet); fi
  ninja "${quiet[@]}" -C "$1" "${@:2}"
}

format_sources() {
  find "$ROOT" -path "$ROOT/build*" -prune -o \( -name '*.[ch]pp' -o -name '*.[ch]' \) -print0 |
    xargs -0 "$FORMATTER" "$@"
}
