// Handshakes of libssl, both sides in one process: what one writes is handed to the other, changed
// on the way if so wanted.
#pragma once

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <functional>

#include "provider/tls_library.hpp"

namespace latchkey::test {

struct FreeTls {
  void operator()(SSL_CTX* side) const { SSL_CTX_free(side); }
  void operator()(SSL* connection) const { SSL_free(connection); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Side = std::unique_ptr<SSL_CTX, FreeTls>;
using Certificate = std::unique_ptr<X509, FreeTls>;

// A server with a fresh certificate on P-256 that it signed itself, and a client that takes any.
// `groups` is a list as in openssl.cnf. TLS 1.3 alone.
Side make_server(OSSL_LIB_CTX* library, const char* groups);
Side make_client(OSSL_LIB_CTX* library, const char* groups);

// An end of a connection, and the alerts that it sent. It does not move: libssl has its address.
class End {
 public:
  End(SSL_CTX* side, bool is_server);
  End(const End&) = delete;
  End& operator=(const End&) = delete;

  // As far as it goes with these bytes of the peer. Returns what it writes.
  Bytes step(View from_peer);

  [[nodiscard]] SSL* get() const { return connection_.get(); }
  [[nodiscard]] bool is_done() const { return SSL_is_init_finished(get()) == 1; }
  [[nodiscard]] bool has_failed() const { return has_failed_; }
  // SSL_AD_...; -1 if it sent none.
  [[nodiscard]] int fatal_alert() const { return alert_; }

 private:
  std::unique_ptr<SSL, FreeTls> connection_;
  bool has_failed_ = false;
  int alert_ = -1;
};

// Both ends, until they are done or have failed.
void run(End& client, End& server);

// The group of a finished handshake, by its number.
int group_of(const End& end);

// The only key share in a record with a ClientHello, or that of a ServerHello. Empty if it has not
// just one.
Bytes share_in(View hello);
// The record with another share, of any length.
Bytes with_share(View hello, View share);

}  // namespace latchkey::test
