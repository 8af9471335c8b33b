// The groups of TLS 1.3 that combine ML-KEM with a NIST curve: SecP256r1MLKEM768 (0x11eb) and
// SecP384r1MLKEM1024 (0x11ed), by RFC 10024, earlier draft-ietf-tls-ecdhe-mlkem. For peers that do
// not support X25519. In the library latchkey-seal. libcrypto computes P-256 and P-384.
//
//   using latchkey::tls::Group;
//   auto client = latchkey::tls::ClientShareOf<Group::secp256r1_mlkem768>::generate();
//   auto server = latchkey::tls::answer<Group::secp256r1_mlkem768>(client_share);
//   auto secret = std::move(*client).secret(server_share);
//
// tls.hpp describes the classes. The curve's half comes first in shares and secrets. The arithmetic
// is that of libcrypto's default provider, which is not a FIPS 140 validated module; if the
// configuration of libcrypto forbids ECDH, or requires another provider, the error is
// crypto_policy. The multiplication of a peer's point leaves no secrets on the heap; with P-256 it
// is about twenty times slower than libcrypto's fastest one.
#pragma once

#include "latchkey/export.h"
#include "latchkey/tls.hpp"

LATCHKEY_API_BEGIN

namespace latchkey::tls {

namespace internal {
template <>
struct HasGroup<Group::secp256r1_mlkem768> : std::true_type {};
template <>
struct HasGroup<Group::secp384r1_mlkem1024> : std::true_type {};
}  // namespace internal

extern template class ClientShareOf<Group::secp256r1_mlkem768>;
extern template class ClientShareOf<Group::secp384r1_mlkem1024>;

}  // namespace latchkey::tls

LATCHKEY_API_END
