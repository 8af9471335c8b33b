#!/usr/bin/env bash
# An operator's first session: docs/tutorial-tls.md, typed in by newcomer_tls.py on the fresh Debian that
# newcomer.sh left: newcomer_tls.sh FOLDER. As root; in a network of its own, where port 443 is free.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$(realpath "$1")
root=$folder/fresh
cp "$folder"/latchkey-openssl_*.deb "$root/tmp"
cp "$ROOT/docs/tutorial-tls.md" "$ROOT/packaging/newcomer_tls.py" "$ROOT/tests/readme/pages.py" \
  "$root/tmp"
chroot "$root" sh -ec 'apt-get install -y --no-install-recommends /tmp/latchkey-openssl_*.deb \
  nginx-light curl ca-certificates openssl python3' >"$folder/apt.log" 2>&1 ||
  { tail -n 5 "$folder/apt.log" && exit 1; }

# The server that the operator has: a certificate that the machine trusts, and one site.
chroot "$root" sh -ec '
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost -keyout /etc/ssl/private/site.key \
    -out /usr/local/share/ca-certificates/site.crt
  update-ca-certificates
  cat >/etc/nginx/sites-enabled/site <<SITE
server {
  listen 127.0.0.1:443 ssl;
  ssl_certificate /usr/local/share/ca-certificates/site.crt;
  ssl_certificate_key /etc/ssl/private/site.key;
  root /var/www/html;
}
SITE
  rm -f /etc/nginx/sites-enabled/default' >"$folder/site.log" 2>&1 ||
  { tail -n 5 "$folder/site.log" && exit 1; }
echo page >"$root/var/www/html/index.html"
echo '127.0.0.1 localhost' >"$root/etc/hosts" # which debootstrap does not write

# There is no systemd in a chroot.
cat >"$root/usr/local/bin/systemctl" <<'SYSTEMCTL'
#!/bin/sh -e
[ "$*" = 'restart nginx' ]
pid=$(cat /run/nginx.pid 2>/dev/null || true)
if [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = nginx ]; then
  kill -QUIT "$pid"
  while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
fi
nginx
SYSTEMCTL
chmod +x "$root/usr/local/bin/systemctl"

# Whatever still runs when the session ends, nginx among it, ends with its namespace of processes.
# shellcheck disable=SC2016
unshare --net --pid --mount --fork --kill-child bash -ec '
  ip link set lo up
  mount --types proc proc "$1/proc"
  chroot "$1" env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    sh -c "cd /tmp && python3 newcomer_tls.py tutorial-tls.md"' bash "$root"
