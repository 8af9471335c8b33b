# Steps and their counts, for `dev`: what passed, what failed, and the table at the end.

passed=0
failed=0
table=()
failures=() # the names of Meson's tests that failed

# check NAME COMMAND...: runs a step that passes or fails as a whole.
check() {
  local name=$1 start=$SECONDS
  shift
  echo "== $name"
  if "$@"; then
    record "$name" 1 0 0 "$start"
  else
    record "$name" 0 1 0 "$start"
    return 1
  fi
}

# suite NAME FOLDER OPTION...: runs Meson's tests and counts them. No test at all is a failure.
suite() {
  local name=$1 folder=$ROOT/$2 start=$SECONDS status=0 total=0 good=0 skipped=0
  local log=$folder/meson-logs/testlog.json
  shift 2
  echo "== $name"
  rm -f "$log"
  meson test -C "$folder" --no-rebuild --print-errorlogs "$@" || status=$?
  if [[ -f $log ]]; then
    total=$(grep -c '"result": ' "$log") || true
    good=$(grep -cE '"result": "(OK|EXPECTEDFAIL)"' "$log") || true
    skipped=$(grep -c '"result": "SKIP"' "$log") || true
  fi
  local bad=$((total - good - skipped))
  if ((bad > 0)); then note_failures "$log"; fi
  if ((bad == 0 && (status != 0 || good == 0))); then bad=1; fi
  record "$name" "$good" "$bad" "$skipped" "$start"
}

# note_failures LOG: one JSON object a line, with the test's name before its result.
note_failures() {
  local name
  while read -r name; do
    failures+=("$name")
  done < <(grep -vE '"result": "(OK|EXPECTEDFAIL|SKIP)"' "$1" | grep -oP '^\{"name": "\K[^"]*')
}

# tally NAME COMMAND...: runs a step that counts for itself; its last line is `N passed, M failed`.
tally() {
  local name=$1 start=$SECONDS status=0 last good=0 bad=1
  local log
  shift
  echo "== $name"
  log=$(mktemp)
  "$@" | tee "$log" || status=$?
  last=$(tail -n 1 "$log")
  rm -f "$log"
  if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    good=${BASH_REMATCH[1]} bad=${BASH_REMATCH[2]}
  fi
  if ((bad == 0 && (status != 0 || good == 0))); then bad=1; fi
  record "$name" "$good" "$bad" 0 "$start"
}

# record NAME PASSED FAILED SKIPPED START
record() {
  local mark='' seconds=$((SECONDS - $5))
  passed=$((passed + $2))
  failed=$((failed + $3))
  if (($3 > 0)); then mark=' FAILED'; fi
  table+=("$(printf '%6d %6d %7d %6d  %s%s' "$2" "$3" "$4" "$seconds" "$1" "$mark")")
  echo "   $2 passed, $3 failed, $4 skipped, $seconds s$mark"
}

summarise() {
  printf '\npassed failed skipped seconds step\n'
  printf '%s\n' "${table[@]}"
  if ((${#failures[@]} > 0)); then printf 'FAILED  %s\n' "${failures[@]}"; fi
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0))
}
