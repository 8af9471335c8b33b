// The C interface (latchkey_tls.h) of TLS's groups.
#include "c_api/core/tls.hpp"

using latchkey::Error;
using latchkey::Result;
namespace c = latchkey::c;
namespace tls = latchkey::tls;

static_assert(LATCHKEY_TLS_MLKEM512 == int(tls::Group::mlkem512));
static_assert(LATCHKEY_TLS_MLKEM768 == int(tls::Group::mlkem768));
static_assert(LATCHKEY_TLS_MLKEM1024 == int(tls::Group::mlkem1024));
static_assert(LATCHKEY_TLS_SECP256R1MLKEM768 == int(tls::Group::secp256r1_mlkem768));
static_assert(LATCHKEY_TLS_X25519MLKEM768 == int(tls::Group::x25519_mlkem768));
static_assert(LATCHKEY_TLS_SECP384R1MLKEM1024 == int(tls::Group::secp384r1_mlkem1024));
static_assert(LATCHKEY_TLS_X25519MLKEM768_CLIENT_SHARE_SIZE == tls::kClientShareSize);
static_assert(LATCHKEY_TLS_X25519MLKEM768_SERVER_SHARE_SIZE == tls::kServerShareSize);
static_assert(LATCHKEY_TLS_X25519MLKEM768_SECRET_SIZE == tls::kSecretSize);
static_assert(LATCHKEY_TLS_MAX_SHARE_SIZE ==
              std::max(tls::sizes_of(tls::Group::secp384r1_mlkem1024).client,
                       tls::sizes_of(tls::Group::secp384r1_mlkem1024).server));

namespace {

// The sizes of a group, also of those that latchkey-seal has; zeros for another number.
tls::ShareSizes sizes_of(latchkey_tls_group group) noexcept {
  switch (group) {
    case LATCHKEY_TLS_MLKEM512:
    case LATCHKEY_TLS_MLKEM768:
    case LATCHKEY_TLS_MLKEM1024:
    case LATCHKEY_TLS_SECP256R1MLKEM768:
    case LATCHKEY_TLS_X25519MLKEM768:
    case LATCHKEY_TLS_SECP384R1MLKEM1024:
      return tls::sizes_of(static_cast<tls::Group>(group));
    default:
      return {};
  }
}

// A group of this library; null for another number.
const c::TlsFunctions* functions_of(latchkey_tls_group group) noexcept {
  switch (group) {
    case LATCHKEY_TLS_MLKEM512:
      return &c::kTlsFunctions<tls::Group::mlkem512>;
    case LATCHKEY_TLS_MLKEM768:
      return &c::kTlsFunctions<tls::Group::mlkem768>;
    case LATCHKEY_TLS_MLKEM1024:
      return &c::kTlsFunctions<tls::Group::mlkem1024>;
    case LATCHKEY_TLS_X25519MLKEM768:
      return &c::kTlsFunctions<tls::Group::x25519_mlkem768>;
    default:
      return nullptr;
  }
}

}  // namespace

size_t latchkey_tls_client_share_size(latchkey_tls_group group) { return sizes_of(group).client; }
size_t latchkey_tls_server_share_size(latchkey_tls_group group) { return sizes_of(group).server; }
size_t latchkey_tls_secret_size(latchkey_tls_group group) { return sizes_of(group).secret; }

int latchkey_tls_client_generate(latchkey_tls_group group, latchkey_tls_client** client) {
  return c::generate_client(functions_of(group), client);
}

latchkey_tls_group latchkey_tls_client_group(const latchkey_tls_client* client) {
  if (client == nullptr) return 0;
  client->check();
  return client->group.number;
}

int latchkey_tls_client_share(const latchkey_tls_client* client, uint8_t* share, size_t size) {
  return c::fill_from(client, share, size, [](const latchkey_tls_client& handle) noexcept {
    return c::Output{latchkey_tls_client_share_size(handle.group.number),
                     [&](std::span<std::uint8_t> to) noexcept -> Result<void> {
                       const auto bytes = handle.group.share(handle);
                       if (bytes.empty()) return Error::moved_from;
                       std::ranges::copy(bytes, to.begin());
                       return {};
                     }};
  });
}

int latchkey_tls_client_secret(latchkey_tls_client* client, const uint8_t* server_share,
                               size_t size, latchkey_secret** secret) {
  if (secret == nullptr) return LATCHKEY_E_NULL_ARGUMENT;  // before the share is used up
  return c::give(secret, c::with(client, [&](latchkey_tls_client& handle) noexcept {
                   return c::with_bytes(server_share, size, [&](latchkey::View share) noexcept {
                     return handle.group.secret(handle, share);
                   });
                 }));
}

void latchkey_tls_client_free(latchkey_tls_client* client) {
  if (client == nullptr) return;
  client->check();
  client->group.free(client);
}

int latchkey_tls_answer(latchkey_tls_group group, const uint8_t* client_share,
                        size_t client_share_size, uint8_t* server_share, size_t size,
                        latchkey_secret** secret) {
  return c::answer(functions_of(group), {client_share, client_share_size}, server_share, size,
                   secret);
}
