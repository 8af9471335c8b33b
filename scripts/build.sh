# Building, for `dev`: one folder a compiler and purpose, below the root.

FORMATTER=clang-format-14

# build_with COMPILER FOLDER OPTION...: everything.
build_with() {
  configure "$@" && compile "$ROOT/$2" all
}

# build_tested COMPILER FOLDER SUITE...: what the tests of those suites need, and the benchmark.
build_tested() {
  local targets
  configure "$1" "$2" -Dtests=enabled || return
  targets=$(python3 -B "$ROOT/scripts/tested.py" "$ROOT/$2" "${@:3}") || return
  # shellcheck disable=SC2086
  compile "$ROOT/$2" bench/latchkey-bench $targets
}

# Warnings are errors here, and not to those who build from a release or as a subproject.
configure() {
  local compiler=$1 folder=$ROOT/$2 again=()
  shift 2
  if [[ -f $folder/build.ninja ]]; then again=(--reconfigure); fi
  CXX=$compiler quietly meson setup "${again[@]}" -Dwerror=true "$@" "$folder" "$ROOT"
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
