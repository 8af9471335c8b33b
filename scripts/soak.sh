# The steps of `./dev soak`, each `soak_NAME`, and `./dev fuzz`.

SOAK_STEPS=(accumulated arithmetic builds proofs mutation coverage fuzz platforms package)

soak_accumulated() {
  check "a million accumulated rounds" run_kat --backend all --accumulated 1000000 || true
}

# All inputs of Montgomery's reduction, every bit of a key flipped, every system call failing with
# every error; and the kernels without AVX2.
soak_arithmetic() {
  need "${TOOLS[@]}" "${TEST_TOOLS[@]}"
  if check "gcc: builds without a warning" build_with g++ build -Dtests=enabled; then
    suite "gcc: what takes long" build --suite slow
  fi
  test_with_sanitizers "what takes long" --suite slow --suite processes
}

# Everything with clang 19, of which `./dev test` builds what it tests; with clang 14, with which
# `./dev test` builds the sanitizers' tests, what depends on the compiler; and with fewer optimisations
# wiping, and the isolation of the backends, where functions have larger frames and inline less.
soak_builds() {
  local compiler level folder
  need "${TOOLS[@]}" "${TEST_TOOLS[@]}"
  if need_if_available clang-19; then
    if check "clang 19: builds without a warning" build_with clang++-19 build-clang19 \
      -Dtests=enabled -Dtest_main= -Dunity_seal=false; then
      suite "clang 19: memory" build-clang19 --suite memory
    fi
  fi
  test_with_clang 14
  for compiler in g++ clang++-14; do
    if [[ $compiler == clang* ]] && ! need_if_available clang-14; then continue; fi
    for level in 0 g 1; do
      if [[ $compiler == clang* && $level != 0 ]]; then continue; fi
      folder=build-$compiler-O$level
      if check "$compiler -O$level: builds without a warning" build_for_wiping "$compiler" \
        "$folder" "$level"; then
        check "$compiler -O$level: wiping" "$ROOT/$folder/tests/scrub/scrub-tests" || true
        check "$compiler -O$level: backends and forms show their tables alone" python3 -B \
          "$ROOT/tests/lint/symbols.py" --backends "$ROOT/$folder/src/liblatchkey.a" || true
      fi
    done
  done
}

build_for_wiping() {
  configure "$1" "$2" -Dtests=enabled -Dbench=disabled -Dbuildtype=debug -Doptimization="$3" &&
    compile "$ROOT/$2" src/liblatchkey.a tests/scrub/scrub-tests
}

soak_proofs() {
  need python3 coq
  tally "proofs" python3 -B "$ROOT/proofs/check.py"
}

soak_mutation() {
  need "${TOOLS[@]}" "${TEST_TOOLS[@]}" valgrind
  tally "mutants" python3 -B "$ROOT/tests/mutation/run.py"
}

soak_coverage() {
  need "${TOOLS[@]}" "${TEST_TOOLS[@]}" clang-14 llvm-14 libclang-rt-14-dev
  tally "coverage" python3 -B "$ROOT/tests/coverage/run.py"
}

soak_fuzz() { fuzz_for 600; }

soak_platforms() { check_platforms; }

# What is made for others: Debian packages, the OpenSSL provider for other systems, and the same bytes
# from any folder. A new user's first session needs root's rights, for a system of its own.
soak_package() {
  need "${TOOLS[@]}" libssl-dev debhelper lintian debootstrap iproute2 rpm
  check "the same bytes in two folders" "$ROOT/packaging/reproduce.sh" || true
  check "the OpenSSL provider as a tarball" "$ROOT/packaging/openssl_tarball.sh" \
    "$ROOT/build-tarball" || true
  check "the OpenSSL provider as an RPM package" "$ROOT/packaging/rpm.sh" "$ROOT/build-rpm" || true
  if check "Debian packages" "$ROOT/packaging/debian.sh" "$ROOT/build-debian"; then
    if check "a new user's first session" as_root "$ROOT/packaging/newcomer.sh" \
      "$ROOT/build-debian"; then
      check "post-quantum TLS on a server" as_root "$ROOT/packaging/newcomer_tls.sh" \
        "$ROOT/build-debian" || true
    fi
  fi
}

# fuzz_for SECONDS [TARGET...]
fuzz_for() {
  need "${TOOLS[@]}" "${TEST_TOOLS[@]}" clang-14 llvm-14 libclang-rt-14-dev
  tally "fuzzing, $1 s a target" python3 -B "$ROOT/fuzz/run.py" "$@" --build "$ROOT/build-fuzz"
}
