# The checks of `./dev test` and its longer companions.

PLATFORM_TOOLS=(g++-aarch64-linux-gnu g++-s390x-linux-gnu g++-i686-linux-gnu
  qemu-system-x86 bochs bochs-term bochsbios vgabios busybox-static isolinux syslinux-common
  xorriso musl-tools)

# What depends on the compiler. `./dev soak builds` compiles the rest, too.
test_with_clang() {
  local suites=(api kat scrub)
  need_if_available "clang-$1" || return 0
  if check "clang $1: builds without a warning" \
    build_tested "clang++-$1" "build-clang$1" "${suites[@]}"; then
    suite "clang $1: API, vectors, wiping" "build-clang$1" "${suites[@]/#/--suite=}"
  fi
}

# test_with_sanitizers NAME OPTION...: those of the tests. With clang: gcc 12 takes the sanitizers'
# code for uninitialised reads, and warns. A sanitizer changes nothing about what the lints read.
test_with_sanitizers() {
  if ! need_if_available clang-14 || ! need_if_available libclang-rt-14-dev; then return 0; fi
  if check "address and undefined-behaviour sanitizers: builds" \
    build_beside clang++-14 build-sanitize -Dtests=enabled -Dbench=disabled \
    -Dbuildtype=debugoptimized -Doptimization=1 -Ddebug=false \
    -Db_sanitize=address,undefined -Db_lundef=false \
    '-Dcpp_args=-D_GLIBCXX_ASSERTIONS -gline-tables-only'; then
    UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
      suite "address and undefined-behaviour sanitizers: $1" build-sanitize \
      --no-suite readme --no-suite package --no-suite bench --no-suite lint --timeout-multiplier 4 \
      "${@:2}"
  fi
}

test_with_thread_sanitizer() {
  if ! need_if_available clang-14 || ! need_if_available libclang-rt-14-dev; then return 0; fi
  if check "thread sanitizer: builds" build_for_threads; then
    suite "thread sanitizer: memory, first use, enclaves" build-threads --suite memory --suite threads \
      --timeout-multiplier 4
  fi
}

build_for_threads() {
  configure_beside clang++-14 build-threads -Dtests=enabled -Dbench=disabled \
    -Dseal=enabled -Dbuildtype=debugoptimized -Db_sanitize=thread -Db_lundef=false &&
    compile "$ROOT/build-threads" tests/memory/memory-tests tests/api/api-tests \
      tests/enclave/enclave-tests
}

# memcheck and a scan of the machine code, on two cells of the matrix that `./dev ct` runs whole.
check_constant_time() {
  need valgrind binutils
  local cells=('gcc -O2')
  if need_if_available clang-19; then cells+=('clang-19 -O2'); fi
  tally "constant time: ${cells[*]}" \
    python3 -B "$ROOT/tests/ct/matrix.py" "$ROOT/build-ct" "${cells[@]}"
}

check_constant_time_whole() {
  local version
  need python3 valgrind binutils
  for version in 14 16 19; do need_if_available "clang-$version" || true; done
  if check "gcc: the library as it is shipped" configure g++ build -Dtests=enabled; then
    tally "constant time: compilers, machine code, traces, times" \
      python3 -B "$ROOT/tests/ct/check.py" "$ROOT/build" "$ROOT/build-ct"
  fi
}

# What `./dev test` leaves out because it takes minutes.
check_platforms() {
  need "${TOOLS[@]}" "${TEST_TOOLS[@]}" "${PLATFORM_TOOLS[@]}"
  # Without KERNEL, bochs.sh downloads one, which lists that are too old name no more.
  if [[ -z ${KERNEL-} ]] && command -v apt-get >/dev/null; then refresh_package_lists || true; fi
  if check "gcc: builds without a warning" build_with g++ build -Dtests=enabled; then
    suite "x86-64 without AVX2" build --suite platforms
  fi
  known_answers_on aarch64 qemu-aarch64
  known_answers_on s390x qemu-s390x
  known_answers_on i686 qemu-i386
  check "musl: builds, and passes the C test" quietly \
    "$ROOT/tests/platforms/musl.sh" "$ROOT/build-musl" || true
  if check "static: builds" build_static; then
    check "x86-64 with AVX-512" "$ROOT/tests/platforms/avx512.sh" "$ROOT/build-static" \
      'keccak*,expansion*' || true
    closed_secrets "without memfd_secret" secretmem.enable=0
    closed_secrets "with memfd_secret" secretmem.enable=1
  fi
}

# closed_secrets NAME KERNEL_ARGUMENTS: on a CPU with protection keys, by which nothing but the
# library's own calls reaches a secret.
closed_secrets() {
  local tests=$ROOT/build-static/tests
  export KERNEL_ARGUMENTS=$2
  check "memory, $1" "$ROOT/tests/platforms/qemu.sh" "$tests/memory/memory-tests" || true
  export LATCHKEY_TEST_PROTECTION_KEYS=1
  check "memory, closed, $1" "$ROOT/tests/platforms/qemu.sh" "$tests/memory/memory-tests" || true
  check "API, closed, $1" "$ROOT/tests/platforms/qemu.sh" "$tests/api/api-tests" || true
  unset KERNEL_ARGUMENTS LATCHKEY_TEST_PROTECTION_KEYS
}

# known_answers_on CPU EMULATOR
known_answers_on() {
  if check "$1: builds without a warning" \
    build_with g++ "build-$1" --cross-file "$ROOT/tests/platforms/$1.ini" -Dtests=disabled \
    -Dbench=disabled -Dseal=disabled; then # no libcrypto for these CPUs
    check "$1: known answers" python3 -B "$ROOT/tests/platforms/known_answers.py" --rounds 1000 ref \
      "$ROOT/kat" "$2" -L "/usr/$1-linux-gnu" "$ROOT/build-$1/kat/latchkey-kat" || true
  fi
}

# Programs for a machine that has nothing but a kernel.
build_static() {
  configure g++ build-static -Dtests=enabled -Dbench=disabled -Dprefer_static=true \
    -Dcpp_link_args=-static &&
    compile "$ROOT/build-static" kat/latchkey-kat tests/mlkem/kernel-tests \
      tests/memory/memory-tests tests/api/api-tests tests/platforms/forms tests/scrub/scrub-tests
}
