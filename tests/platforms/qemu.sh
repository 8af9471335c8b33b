#!/bin/bash
# Runs a static x86-64 Linux program on a machine with protection keys, which QEMU emulates:
#
#   qemu.sh PROGRAM [ARGUMENT...]
#
# Files that arguments name exist in that machine under the same names. The output, all on stdout,
# and the exit status are the program's; 77 if something needed is missing, 124 if the time is up.
#
# Environment: TIME_LIMIT, in seconds (600); KERNEL, a vmlinuz to use instead of downloading that of
# linux-image-cloud-amd64; KERNEL_ARGUMENTS, such as secretmem.enable=1, without which Debian 12's
# kernel has no memfd_secret(2); CPU, as QEMU names it (max); all LATCHKEY_*, which are passed on:
# LATCHKEY_TEST_PROTECTION_KEYS=1 lets a test program run with all its secrets closed.
#
# Debian: apt-get install busybox-static qemu-system-x86
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/initramfs.sh"
require_tools qemu-system-x86_64 busybox

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
get_kernel "$work"
make_initramfs "$work/initrd" "$@"

# A machine that says nothing has not come as far as the program: on a busy host, emulated kernels
# die now and then while they start.
for attempt in 1 2 3; do
  status=0
  rm -f "$work/serial"
  timeout -k 10 "${TIME_LIMIT:-600}" \
    qemu-system-x86_64 -accel tcg -cpu "${CPU:-max}" -smp 2 -m 1024 -nodefaults -no-reboot \
    -display none -serial "file:$work/serial" -kernel "$KERNEL" -initrd "$work/initrd" \
    -append "console=ttyS0 loglevel=0 panic=-1 mitigations=off ${KERNEL_ARGUMENTS-}" \
    < /dev/null > "$work/log" 2>&1 || status=$?
  if [[ -s $work/serial || $status -ne 0 ]]; then break; fi
  echo "the machine did not start ($attempt)" >&2
done
end_as "$work/serial" "$status" "$work/log"
