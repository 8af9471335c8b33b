// The groups of TLS 1.3 that pair ML-KEM with a curve of NIST's: SecP256r1MLKEM768 (0x11eb) and
// SecP384r1MLKEM1024 (0x11ed), by RFC 10024, earlier draft-ietf-tls-ecdhe-mlkem. For peers that
// have no X25519. P-256 and P-384 are libcrypto's.
//
//   using latchkey::tls::Group;
//   auto client = latchkey::tls::ClientShareOf<Group::secp256r1_mlkem768>::generate();
//   auto server = latchkey::tls::answer<Group::secp256r1_mlkem768>(client_share);
//   auto secret = std::move(*client).secret(server_share);
//
// tls.hpp describes them. The curve's half comes first in shares and secrets. A configuration of
// libcrypto that forbids ECDH, or asks for another provider's, gives crypto_policy: the arithmetic
// is that of libcrypto's default provider, which is no validated module of FIPS 140. A peer's point
// is multiplied in a way that leaves nothing on the heap: with P-256 that is some twenty times as
// slow as libcrypto's fastest.
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
