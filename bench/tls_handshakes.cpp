// tls-handshakes CONFIG GROUP SECONDS: how many TLS 1.3 handshakes a second one core does, both
// sides in this process, by whatever libssl it runs with.
//
// CONFIG is an openssl.cnf that says which providers there are, GROUP the only one that both sides
// have. The server's certificate is on P-256; the client checks its signature and no chain. Prints
// handshakes a second of this process's CPU time: other work on the machine counts less so.
// tls_handshakes.py runs it for several libraries in turn.

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>

namespace {

[[noreturn]] void stop(const char* what) {
  std::fprintf(stderr, "tls-handshakes: %s\n", what);
  ERR_print_errors_fp(stderr);
  std::exit(1);
}
void need(bool done, const char* what) {
  if (!done) stop(what);
}

struct Free {
  void operator()(SSL_CTX* side) const { SSL_CTX_free(side); }
  void operator()(SSL* end) const { SSL_free(end); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Side = std::unique_ptr<SSL_CTX, Free>;
using End = std::unique_ptr<SSL, Free>;

Side make_side(OSSL_LIB_CTX* library, const SSL_METHOD* method, const char* group) {
  Side side(SSL_CTX_new_ex(library, nullptr, method));
  need(side != nullptr, "no SSL_CTX");
  need(SSL_CTX_set_min_proto_version(side.get(), TLS1_3_VERSION) == 1, "no TLS 1.3");
  need(SSL_CTX_set1_groups_list(side.get(), group) == 1, "no such group");
  return side;
}

void certify(SSL_CTX* side, OSSL_LIB_CTX* library) {
  const std::unique_ptr<EVP_PKEY, Free> key(EVP_PKEY_Q_keygen(library, nullptr, "EC", "P-256"));
  const std::unique_ptr<X509, Free> certificate(X509_new());
  X509* const it = certificate.get();
  need(key != nullptr && it != nullptr, "no key");
  X509_set_version(it, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(it), 1);
  X509_gmtime_adj(X509_getm_notBefore(it), -3600);
  X509_gmtime_adj(X509_getm_notAfter(it), 86400);
  X509_set_pubkey(it, key.get());
  need(X509_sign(it, key.get(), EVP_sha256()) != 0 && SSL_CTX_use_certificate(side, it) == 1 &&
           SSL_CTX_use_PrivateKey(side, key.get()) == 1,
       "no certificate");
}

End make_end(SSL_CTX* side) {
  End end(SSL_new(side));
  need(end != nullptr, "no SSL");
  return end;
}

// What one end writes, the other reads.
void connect(SSL* client, SSL* server) {
  BIO *one = nullptr, *other = nullptr;
  need(BIO_new_bio_pair(&one, 65536, &other, 65536) == 1, "no BIO");
  SSL_set_bio(client, one, one);
  SSL_set_bio(server, other, other);
  SSL_set_connect_state(client);
  SSL_set_accept_state(server);
}

void shake_hands(SSL_CTX* client_side, SSL_CTX* server_side) {
  const End client = make_end(client_side), server = make_end(server_side);
  connect(client.get(), server.get());
  for (int i = 0; i < 4 && SSL_do_handshake(client.get()) != 1; ++i) {
    SSL_do_handshake(server.get());
  }
  need(SSL_do_handshake(server.get()) == 1 && SSL_is_init_finished(client.get()) == 1,
       "the handshake fails");
}

double cpu_seconds() {
  timespec now;
  need(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0, "no clock");
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

int main(int argc, char** argv) {
  need(argc == 4, "usage: tls-handshakes CONFIG GROUP SECONDS");
  OSSL_LIB_CTX* const library = OSSL_LIB_CTX_new();
  need(library != nullptr && OSSL_LIB_CTX_load_config(library, argv[1]) == 1, "no configuration");
  {
    const Side server = make_side(library, TLS_server_method(), argv[2]);
    const Side client = make_side(library, TLS_client_method(), argv[2]);
    certify(server.get(), library);
    for (int i = 0; i < 20; ++i) shake_hands(client.get(), server.get());
    const double start = cpu_seconds(), seconds = std::atof(argv[3]);
    double now = start;
    long count = 0;
    for (; now < start + seconds; now = cpu_seconds()) {
      for (int i = 0; i < 10; ++i, ++count) shake_hands(client.get(), server.get());
    }
    std::printf("%.1f\n", static_cast<double>(count) / (now - start));
  }
  OSSL_LIB_CTX_free(library);
  return 0;
}
