#!/bin/bash
# Runs a static x86-64 Linux program on a machine with AVX-512, which Bochs emulates:
#
#   bochs.sh PROGRAM [ARGUMENT...]
#
# Files that arguments name exist in that machine under the same names. The output, all on stdout,
# and the exit status are the program's; 77 if something needed is missing, 124 if the time is up.
#
# Environment: TIME_LIMIT, in seconds (600); KERNEL, a vmlinuz to use instead of downloading that of
# linux-image-cloud-amd64; CPU, as Bochs names it (corei7_skylake_x); all LATCHKEY_*, which are passed on.
#
# Debian: apt-get install bochs bochs-term busybox-static isolinux syslinux-common xorriso
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/initramfs.sh"
boot_loader=(/usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32)
require_tools bochs busybox script xorriso "${boot_loader[@]}"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/iso"
get_kernel "$work"
make_initramfs "$work/initrd" "$@"

# Without the options on XSAVE, Linux finds that Bochs 2.7 misreports its size, and enables no AVX.
cp "$KERNEL" "$work/iso/linux"
cp "$work/initrd" "${boot_loader[@]}" "$work/iso"
printf '%s\n' 'DEFAULT linux' 'LABEL linux' 'LINUX linux' 'INITRD initrd' \
  "APPEND console=ttyS0,115200 loglevel=0 noxsaves clearcpuid=xsavec nosmp mitigations=off nokaslr \
tsc=reliable lpj=100000 cryptomgr.notests" > "$work/iso/isolinux.cfg"
xorriso -as mkisofs -quiet -o "$work/boot.iso" -b isolinux.bin -c boot.cat -no-emul-boot \
  -boot-load-size 4 -boot-info-table "$work/iso" 2>/dev/null

printf '%s\n' "cpu: model=${CPU:-corei7_skylake_x}, ips=100000000" \
  'memory: guest=512, host=512' \
  'romimage: file=/usr/share/bochs/BIOS-bochs-latest' \
  'vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest' \
  "ata0-master: type=cdrom, path=$work/boot.iso, status=inserted" \
  'boot: cdrom' \
  'clock: sync=none' \
  'display_library: term' \
  'sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy' \
  'speaker: enabled=0' \
  "com1: enabled=1, mode=file, dev=$work/serial" \
  'panic: action=fatal' \
  "log: $work/log" > "$work/bochsrc"
# Debian's Bochs begins in its debugger, and wants a terminal. Its exit status says nothing.
# Each blink of the cursor goes to a second terminal that nobody reads, until the buffer is full and
# Bochs waits for ever: a VT100 cannot hide its cursor.
echo continue > "$work/debugger"
status=0
TERM=vt100 timeout -k 10 "${TIME_LIMIT:-600}" \
  script -qec "bochs -q -f $work/bochsrc -rc $work/debugger" /dev/null \
  < /dev/null > "$work/screen" 2>&1 || status=$?

end_as "$work/serial" "$status" "$work/screen" "$work/log"
