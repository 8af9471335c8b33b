# What `./dev tls` runs: TLS between the programs that people have, by the provider, on loopback.
# Programs are Debian's; those of other suites lie unpacked in build-interop/ (scripts/interop.sh).
# Debian starts a server when its package is installed, unless the system says otherwise.

TLS_PROGRAMS=(openssl curl nginx apache2 haproxy postgresql chromium)

# check_tls [FILE]: FILE is where Chromium's picture goes.
check_tls() {
  local module=build/src/provider/latchkey.so folder=$ROOT/build/src/provider
  local package matrix=("$folder" "$INTEROP")
  if (($# > 0)); then matrix+=(--screenshot "$1"); fi
  for package in "${TLS_PROGRAMS[@]}"; do
    need_if_available "$package" || true # its rows say that it is not there
  done
  check "OpenSSL of Debian trixie" trixie_packages || true
  check "OpenSSL of Debian sid" sid_packages || true
  check "Node.js of Debian" nodejs_with_the_systems_openssl || true
  if check "the provider" build_one "${module#build/}"; then
    check "groups, s_server and s_client" python3 -B "$ROOT/tests/tls/openssl_test.py" "$folder" ||
      true
    check "where the provider is not loaded" python3 -B "$ROOT/tests/tls/fallback_test.py" \
      "$folder" || true
    tally "each server with each client" python3 -B "$ROOT/tests/tls/matrix.py" "${matrix[@]}"
    check "the tool" build_one latchkey && check "what the tutorial shows" python3 -B \
      "$ROOT/tests/tls/tutorial.py" "$ROOT/build/latchkey" "$folder" || true
    tally "half-open handshakes" python3 -B "$ROOT/tests/tls/half_open.py" "$folder"
    tally "nginx under load" python3 -B "$ROOT/tests/tls/load.py" "$folder"
  fi
}

# Debian's package, unpacked if the system has another one: that of others has an OpenSSL inside.
nodejs_with_the_systems_openssl() {
  local shared='process.config.variables.node_shared_openssl'
  if [[ $(node -p "$shared" 2>/dev/null) == true ]]; then return; fi
  debian_packages bookworm nodejs
}
