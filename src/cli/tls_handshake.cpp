#include "tls_handshake.hpp"

#include <openssl/bio.h>

#include <new>

#include "openssl_errors.hpp"

namespace latchkey::cli {

TlsSide::TlsSide(SSL_CTX& context, bool is_server) : connection_(SSL_new(&context)) {
  BIO* const in = BIO_new(BIO_s_mem());
  BIO* const out = BIO_new(BIO_s_mem());
  if (!connection_ || in == nullptr || out == nullptr) {
    BIO_free(in);
    BIO_free(out);
    throw std::bad_alloc();
  }
  BIO_set_mem_eof_return(in, -1);  // "nothing there yet", not the end
  SSL_set_bio(connection_.get(), in, out);
  SSL_set_verify(connection_.get(), SSL_VERIFY_NONE, nullptr);
  is_server ? SSL_set_accept_state(connection_.get()) : SSL_set_connect_state(connection_.get());
}

bool TlsSide::restrict_groups(const std::string& list) {
  return SSL_set1_groups_list(connection_.get(), list.c_str()) > 0;
}

bool TlsSide::set_server_name(const std::string& host) {
  return SSL_set_tlsext_host_name(connection_.get(), host.c_str()) > 0;
}

TlsSide::State TlsSide::step() {
  forget_openssl_errors();
  const int result = SSL_do_handshake(connection_.get());
  if (result == 1) return State::done;
  const int error = SSL_get_error(connection_.get(), result);
  return error == SSL_ERROR_WANT_READ ? State::waits : State::failed;
}

void TlsSide::close() {
  SSL_shutdown(connection_.get());
  forget_openssl_errors();
}

SentBytes TlsSide::take_output() {
  BIO* const out = SSL_get_wbio(connection_.get());
  SentBytes bytes(BIO_ctrl_pending(out));
  if (!bytes.empty()) BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

void TlsSide::add_input(const SentBytes& bytes) {
  if (bytes.empty()) return;
  BIO* const in = SSL_get_rbio(connection_.get());
  if (BIO_write(in, bytes.data(), static_cast<int>(bytes.size())) <= 0) throw std::bad_alloc();
}

ClientOffer offer_of_client(SSL_CTX& client) {
  ClientOffer offer;
  TlsSide side(client, false);
  const bool is_sent = side.step() == TlsSide::State::waits;
  const auto hello = read_client_hello_vartime(side.take_output());
  if (!is_sent || !hello) {
    offer.fault = take_openssl_errors();
  } else {
    offer.hello = *hello;
  }
  return offer;
}

Handshake handshake_in_memory(SSL_CTX& client, SSL_CTX& server, const std::string& group) {
  constexpr int kMostFlights = 10;  // of each side; a handshake with a HelloRetryRequest has three
  Handshake handshake;
  TlsSide near(client, false), far(server, true);
  if (!group.empty() && !near.restrict_groups(group)) {
    handshake.fault = take_openssl_errors();
    return handshake;
  }
  SentBytes sent_by_server;
  for (int i = 0; i < kMostFlights; ++i) {
    const auto client_state = near.step();
    if (client_state == TlsSide::State::failed) break;
    far.add_input(near.take_output());
    const auto server_state = far.step();
    const SentBytes flight = far.take_output();
    sent_by_server.insert(sent_by_server.end(), flight.begin(), flight.end());
    if (server_state == TlsSide::State::failed) break;
    if (client_state == TlsSide::State::done && server_state == TlsSide::State::done) {
      handshake.answer = read_server_answer_vartime(sent_by_server);
      return handshake;
    }
    near.add_input(flight);
  }
  handshake.fault = take_openssl_errors();
  handshake.answer = read_server_answer_vartime(sent_by_server);
  return handshake;
}

}  // namespace latchkey::cli
