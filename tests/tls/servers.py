"""Debian's servers with the plainest configuration of TLS, in a temporary folder."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys

from place import PAGE, free_port
from server import Server

PEER = pathlib.Path(__file__).resolve().parent / "peer.py"
APACHE_MODULES = pathlib.Path("/usr/lib/apache2/modules")


class Absent(Exception):
    """A program that this machine does not have."""


def program(name, *others):
    found = next(filter(None, map(shutil.which, (name, *others))), None)
    if found is None:
        raise Absent(f"there is no {name}")
    return found


def nginx(place, configuration, *, modules=None, before=None, more="", main="",
          events="", http="", port=None):
    """`more` are lines of the server, the others those of their blocks."""
    port, home = port or free_port(), place.path("nginx")
    home.mkdir(exist_ok=True)
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(f"{kind}_temp_path {home}/{kind};\n" for kind in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    written = place.write("nginx.conf", f"""\
daemon off; pid {home}/pid; error_log {home}/error.log; {user} {main}
events {{ {events} }}
http {{
log_format group '$ssl_protocol $ssl_curve $ssl_session_reused';
access_log {home}/access.log group;
{temporary}{http}
server {{
  listen 127.0.0.1:{port} ssl;
  ssl_certificate {place.path('server.pem')};
  ssl_certificate_key {place.path('server-key.pem')};
  ssl_protocols TLSv1.2 TLSv1.3;
  root {place.path('www')};
  location = /group {{ default_type text/html; return 200 '{GROUP_PAGE}'; }}
  {more}
}}
}}
""")
    return Server([program("nginx", "/usr/sbin/nginx"), "-p", home, "-c", written], port,
                  home / "stderr.log", place.environment(configuration, modules),
                  before=before)


# What Chromium shows: the curve as nginx has it from OpenSSL, and the browser's own name.
GROUP_PAGE = ("<!DOCTYPE html><meta charset=utf-8><title>group</title>"
              "<body style=\"font:28px sans-serif;margin:32px\">"
              "<p>nginx: <b>$ssl_protocol</b>, group <b>$ssl_curve</b>"
              "<p>OpenSSL 3.0 and Latchkey"
              "<p style=\"font-size:14px;color:#555\">$http_user_agent")


def apache(place, configuration, *, modules=None, more=""):
    if not (APACHE_MODULES / "mod_ssl.so").exists():
        raise Absent("there is no Apache with mod_ssl")
    port, home = free_port(), place.path("apache")
    home.mkdir(exist_ok=True)
    loaded = "".join(f"LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so\n"
                     for name in ("mpm_prefork", "authz_core", "ssl"))
    user = ""
    if os.geteuid() == 0:
        user = f"User {pwd.getpwnam('www-data').pw_name}\nGroup www-data\n"
    written = place.write("apache.conf", f"""\
ServerRoot {home}
ServerName localhost
PidFile {home}/pid
ErrorLog {home}/error.log
{loaded}{user}Listen 127.0.0.1:{port}
DocumentRoot {place.path('www')}
SSLEngine on
SSLCertificateFile {place.path('server.pem')}
SSLCertificateKeyFile {place.path('server-key.pem')}
{more}
Mutex file:{home} default
<Directory />
Require all granted
</Directory>
""")
    return Server([program("apache2", "/usr/sbin/apache2"), "-f", written, "-DFOREGROUND"], port,
                  home / "stderr.log", place.environment(configuration, modules))


def haproxy(place, configuration, *, modules=None, more=""):
    port = free_port()
    text = PAGE.replace("\n", "\\n").replace(" ", "\\ ")
    written = place.write("haproxy.cfg", f"""\
global
  maxconn 200
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 5s
frontend tls
  bind 127.0.0.1:{port} ssl crt {place.path('server-both.pem')} {more}
  http-request return status 200 content-type text/plain string {text}
""")
    return Server([program("haproxy", "/usr/sbin/haproxy"), "-db", "-f", written], port,
                  place.path("haproxy.log"), place.environment(configuration, modules),
                  end=signal.SIGINT)


def python(place, configuration, *, modules=None):
    port = free_port()
    return Server([system_python(), "-B", PEER, "serve", port, place.path("server-both.pem"),
                   place.path("www")], port, place.path("python.log"),
                  place.environment(configuration, modules))


def system_python():
    """Debian's, which uses the system's OpenSSL; another one may have its own."""
    return "/usr/bin/python3" if pathlib.Path("/usr/bin/python3").exists() else sys.executable


def postgresql(place, configuration, *, modules=None, curve="prime256v1"):
    folders = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
    if not folders:
        raise Absent("there is no PostgreSQL server")
    port, home = free_port(), place.path("postgresql")
    as_user = []
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    if os.geteuid() == 0:  # which it refuses to run as
        user = pwd.getpwnam("nobody")
        os.chown(home, user.pw_uid, user.pw_gid)
        as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    environment = dict(place.environment(configuration, modules), HOME=str(home))
    subprocess.run([*as_user, folders[-1] / "initdb", "-D", home / "data", "-A", "trust", "-U", "us",
                    "--no-sync"], check=True, capture_output=True, env=environment, cwd=home)
    for name in ("server.pem", "server-key.pem"):
        copy = home / "data" / name
        shutil.copy(place.path(name), copy)
        copy.chmod(0o600)
        if as_user:
            os.chown(copy, user.pw_uid, user.pw_gid)
    settings = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": home,
                "ssl": "on", "ssl_cert_file": "server.pem", "ssl_key_file": "server-key.pem",
                "ssl_ecdh_curve": curve,
                "fsync": "off"}
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Server([*as_user, folders[-1] / "postgres", "-D", home / "data", *words], port,
                  place.path("postgresql.log"), environment, home, end=signal.SIGINT)
