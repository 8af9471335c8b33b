#include "provider/tls_wire.hpp"

namespace latchkey::test {
namespace {

Certificate make_certificate(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  X509* const it = certificate.get();
  X509_set_version(it, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(it), 1);
  X509_gmtime_adj(X509_getm_notBefore(it), -3600);
  X509_gmtime_adj(X509_getm_notAfter(it), 86400);
  X509_set_pubkey(it, key);
  const unsigned char name[] = "localhost";
  X509_NAME_add_entry_by_txt(X509_get_subject_name(it), "CN", MBSTRING_ASC, name, -1, -1, 0);
  X509_set_issuer_name(it, X509_get_subject_name(it));
  if (X509_sign(it, key, EVP_sha256()) == 0) throw std::runtime_error("no certificate");
  return certificate;
}

Side make_side(OSSL_LIB_CTX* library, const SSL_METHOD* method, const char* groups) {
  Side side(SSL_CTX_new_ex(library, kOurs, method));
  if (!side || SSL_CTX_set_min_proto_version(side.get(), TLS1_3_VERSION) != 1 ||
      SSL_CTX_set1_groups_list(side.get(), groups) != 1) {
    ERR_print_errors_fp(stderr);
    throw std::runtime_error(std::string("libssl does not know the groups ") + groups);
  }
  return side;
}

// Where the share of a hello is, and the length fields that contain it, innermost first.
struct Place {
  std::size_t share = 0, size = 0;
  std::vector<std::pair<std::size_t, int>> lengths;  // offset, bytes
};

std::size_t number(View bytes, std::size_t at, int size) {
  std::size_t n = 0;
  for (int i = 0; i < size; ++i) n = n << 8 | bytes[at + static_cast<std::size_t>(i)];
  return n;
}

// RFC 8446, sections 4.1.2, 4.1.3, 4.2.8 and 5.1.
Place find_share(View hello) {
  constexpr std::uint8_t kHandshake = 22, kClientHello = 1;
  constexpr std::size_t kKeyShare = 51, kRandomEnd = 5 + 4 + 2 + 32;
  if (hello.size() < kRandomEnd + 1 || hello[0] != kHandshake) return {};
  const bool is_client = hello[5] == kClientHello;
  std::size_t at = kRandomEnd + 1 + hello[kRandomEnd];  // the session's identifier
  at += is_client ? 2 + number(hello, at, 2) : 2;       // cipher suites
  at += is_client ? 1 + hello[at] : 1;                  // compression
  const std::size_t extensions = at;
  const std::size_t end = at + 2 + number(hello, at, 2);
  for (at += 2; at + 4 <= end; at += 4 + number(hello, at + 2, 2)) {
    if (number(hello, at, 2) != kKeyShare) continue;
    const std::size_t list = at + 4, entry = list + (is_client ? 2 : 0);
    Place place{entry + 4, number(hello, entry + 2, 2), {{entry + 2, 2}}};
    if (is_client) {
      if (number(hello, list, 2) != place.size + 4) return {};
      place.lengths.push_back({list, 2});
    }
    for (const std::size_t offset : {at + 2, extensions}) place.lengths.push_back({offset, 2});
    place.lengths.push_back({6, 3});
    place.lengths.push_back({3, 2});
    return place;
  }
  return {};
}

}  // namespace

Side make_server(OSSL_LIB_CTX* library, const char* groups) {
  Side side = make_side(library, TLS_server_method(), groups);
  const Key key(EVP_PKEY_Q_keygen(library, nullptr, "EC", "P-256"));
  if (!key || SSL_CTX_use_certificate(side.get(), make_certificate(key.get()).get()) != 1 ||
      SSL_CTX_use_PrivateKey(side.get(), key.get()) != 1) {
    throw std::runtime_error("libssl takes no certificate");
  }
  SSL_CTX_set_num_tickets(side.get(), 0);
  return side;
}

Side make_client(OSSL_LIB_CTX* library, const char* groups) {
  return make_side(library, TLS_client_method(), groups);
}

End::End(SSL_CTX* side, bool is_server) : connection_(SSL_new(side)) {
  SSL_set_bio(get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_app_data(get(), this);
  SSL_set_info_callback(get(), [](const SSL* connection, int where, int value) {
    if ((where & SSL_CB_WRITE_ALERT) != SSL_CB_WRITE_ALERT || value >> 8 != SSL3_AL_FATAL) return;
    static_cast<End*>(SSL_get_app_data(connection))->alert_ = value & 0xff;
  });
  is_server ? SSL_set_accept_state(get()) : SSL_set_connect_state(get());
}

Bytes End::step(View from_peer) {
  if (!from_peer.empty()) {
    BIO_write(SSL_get_rbio(get()), from_peer.data(), static_cast<int>(from_peer.size()));
  }
  ERR_clear_error();
  if (!has_failed_) {
    const int result = SSL_do_handshake(get());
    const int error = SSL_get_error(get(), result);
    has_failed_ = result != 1 && error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
  }
  Bytes written(BIO_ctrl_pending(SSL_get_wbio(get())));
  if (!written.empty()) {
    BIO_read(SSL_get_wbio(get()), written.data(), static_cast<int>(written.size()));
  }
  return written;
}

void run(End& client, End& server) {
  Bytes from_client = client.step({});
  while (!from_client.empty()) {
    const Bytes from_server = server.step(from_client);
    if (from_server.empty()) return;
    from_client = client.step(from_server);
  }
}

// libssl has no NID for a provider's group, and gives its number with a bit that says so.
int group_of(const End& end) {
  return static_cast<int>(SSL_get_negotiated_group(end.get())) & ~TLSEXT_nid_unknown;
}

Bytes share_in(View hello) {
  const Place place = find_share(hello);
  return copy_of(hello.subspan(place.share, place.size));
}

Bytes with_share(View hello, View share) {
  const Place place = find_share(hello);
  Bytes changed = copy_of(hello.first(place.share));
  changed.insert(changed.end(), share.begin(), share.end());
  const View rest = hello.subspan(place.share + place.size);
  changed.insert(changed.end(), rest.begin(), rest.end());
  for (const auto& [offset, size] : place.lengths) {
    std::size_t length = number(hello, offset, size) + share.size() - place.size;
    for (int i = size; i-- > 0; length >>= 8) {
      changed[offset + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(length & 0xff);
    }
  }
  return changed;
}

}  // namespace latchkey::test
