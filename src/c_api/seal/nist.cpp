// The C interface (latchkey_nist.h) of what needs P-256 and P-384.
#include "c_api/core/tls.hpp"
#include "c_api/seal/handles.hpp"
#include "latchkey/tls_nist.hpp"

using latchkey::Error;
using latchkey::Result;
using latchkey::View;
namespace c = latchkey::c;
namespace hpke = latchkey::hpke;
namespace tls = latchkey::tls;

namespace {

// Whether the header has a KEM's number and sizes as they are.
template <class K>
constexpr bool is_declared(latchkey_kem kem, std::size_t public_key, std::size_t ciphertext) {
  return K::kHpkeId == kem && K::kEncapsulationKeySize == public_key &&
         K::kCiphertextSize == ciphertext && K::kSeedSize == 32;
}
static_assert(is_declared<hpke::DhKemP256>(LATCHKEY_KEM_DHKEM_P256,
                                           LATCHKEY_DHKEM_P256_PUBLIC_KEY_SIZE,
                                           LATCHKEY_DHKEM_P256_CIPHERTEXT_SIZE));
static_assert(is_declared<hpke::DhKemX25519>(LATCHKEY_KEM_DHKEM_X25519,
                                             LATCHKEY_DHKEM_X25519_PUBLIC_KEY_SIZE,
                                             LATCHKEY_DHKEM_X25519_CIPHERTEXT_SIZE));
static_assert(is_declared<latchkey::MlKem768P256>(LATCHKEY_KEM_MLKEM768_P256,
                                                  LATCHKEY_MLKEM768_P256_PUBLIC_KEY_SIZE,
                                                  LATCHKEY_MLKEM768_P256_CIPHERTEXT_SIZE));
static_assert(is_declared<latchkey::MlKem1024P384>(LATCHKEY_KEM_MLKEM1024_P384,
                                                   LATCHKEY_MLKEM1024_P384_PUBLIC_KEY_SIZE,
                                                   LATCHKEY_MLKEM1024_P384_CIPHERTEXT_SIZE));

// A KEM of this part; null for another number.
const c::KemFunctions* functions_of(latchkey_kem kem) noexcept {
  switch (kem) {
    case LATCHKEY_KEM_DHKEM_P256:
      return &c::kKemFunctions<hpke::DhKemP256>;
    case LATCHKEY_KEM_DHKEM_X25519:
      return &c::kKemFunctions<hpke::DhKemX25519>;
    case LATCHKEY_KEM_MLKEM768_P256:
      return &c::kKemFunctions<latchkey::MlKem768P256>;
    case LATCHKEY_KEM_MLKEM1024_P384:
      return &c::kKemFunctions<latchkey::MlKem1024P384>;
    default:
      return nullptr;
  }
}

std::size_t size_of(latchkey_kem kem, std::size_t c::KemFunctions::*size) noexcept {
  const auto* const functions = functions_of(kem);
  return functions == nullptr ? 0 : functions->*size;
}

// A group of this part; null for another number.
const c::TlsFunctions* group_of(latchkey_tls_group group) noexcept {
  switch (group) {
    case LATCHKEY_TLS_SECP256R1MLKEM768:
      return &c::kTlsFunctions<tls::Group::secp256r1_mlkem768>;
    case LATCHKEY_TLS_SECP384R1MLKEM1024:
      return &c::kTlsFunctions<tls::Group::secp384r1_mlkem1024>;
    default:
      return nullptr;
  }
}

}  // namespace

// ---- KEMs

size_t latchkey_nist_public_key_size(latchkey_kem kem) {
  return size_of(kem, &c::KemFunctions::public_key_size);
}
size_t latchkey_nist_ciphertext_size(latchkey_kem kem) {
  return size_of(kem, &c::KemFunctions::ciphertext_size);
}
size_t latchkey_nist_seed_size(latchkey_kem kem) {
  return size_of(kem, &c::KemFunctions::seed_size);
}
size_t latchkey_nist_encapsulation_randomness_size(latchkey_kem kem) {
  return size_of(kem, &c::KemFunctions::randomness_size);
}

const char* latchkey_nist_kem_name(latchkey_kem kem) {
  const auto* const functions = functions_of(kem);
  return functions == nullptr ? "unknown" : functions->name;
}

int latchkey_nist_private_key_generate(latchkey_kem kem, int test, latchkey_private_key** key) {
  return c::generate(functions_of(kem), test, key);
}

int latchkey_nist_private_key_from_seed(latchkey_kem kem, const uint8_t* seed, size_t size,
                                        int test, latchkey_private_key** key) {
  return c::from_seed(functions_of(kem), {seed, size}, test, key);
}

int latchkey_nist_public_key_parse(latchkey_kem kem, const uint8_t* bytes, size_t size,
                                   latchkey_public_key** key) {
  return c::parse(functions_of(kem), {bytes, size}, key);
}

// ---- TLS

int latchkey_nist_tls_client_generate(latchkey_tls_group group, latchkey_tls_client** client) {
  return c::generate_client(group_of(group), client);
}

int latchkey_nist_tls_answer(latchkey_tls_group group, const uint8_t* client_share,
                             size_t client_share_size, uint8_t* server_share, size_t size,
                             latchkey_secret** secret) {
  return c::answer(group_of(group), {client_share, client_share_size}, server_share, size, secret);
}
