// The C interface (latchkey_kem.h) of KEMs: their numbers, names and sizes.
#include "c_api/core/kem_functions.hpp"

#include "latchkey/latchkey_derand.h"

namespace c = latchkey::c;

static_assert(LATCHKEY_SHARED_SECRET_SIZE == latchkey::kSharedSecretSize);
static_assert(LATCHKEY_MLKEM_SEED_SIZE == latchkey::kSeedSize);
static_assert(LATCHKEY_XWING_SEED_SIZE == latchkey::xwing::kSeedSize);

namespace {

// Whether the header has a KEM's number and sizes as they are.
template <class K>
constexpr bool is_declared(latchkey_kem kem, std::size_t public_key, std::size_t ciphertext,
                           std::size_t expanded) {
  return K::kHpkeId == kem && K::kEncapsulationKeySize == public_key &&
         K::kCiphertextSize == ciphertext && c::kExpandedKeySize<K> == expanded;
}
static_assert(is_declared<latchkey::MlKem512>(LATCHKEY_KEM_MLKEM512,
                                              LATCHKEY_MLKEM512_PUBLIC_KEY_SIZE,
                                              LATCHKEY_MLKEM512_CIPHERTEXT_SIZE,
                                              LATCHKEY_MLKEM512_EXPANDED_KEY_SIZE));
static_assert(is_declared<latchkey::MlKem768>(LATCHKEY_KEM_MLKEM768,
                                              LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE,
                                              LATCHKEY_MLKEM768_CIPHERTEXT_SIZE,
                                              LATCHKEY_MLKEM768_EXPANDED_KEY_SIZE));
static_assert(is_declared<latchkey::MlKem1024>(LATCHKEY_KEM_MLKEM1024,
                                               LATCHKEY_MLKEM1024_PUBLIC_KEY_SIZE,
                                               LATCHKEY_MLKEM1024_CIPHERTEXT_SIZE,
                                               LATCHKEY_MLKEM1024_EXPANDED_KEY_SIZE));
static_assert(is_declared<latchkey::XWing>(LATCHKEY_KEM_XWING, LATCHKEY_XWING_PUBLIC_KEY_SIZE,
                                           LATCHKEY_XWING_CIPHERTEXT_SIZE, 0));

std::size_t size_of(latchkey_kem kem, std::size_t c::KemFunctions::*size) noexcept {
  const auto* const functions = c::functions_of(kem);
  return functions == nullptr ? 0 : functions->*size;
}

}  // namespace

const c::KemFunctions* c::functions_of(latchkey_kem kem) noexcept {
  switch (kem) {
    case LATCHKEY_KEM_MLKEM512:
      return &kKemFunctions<latchkey::MlKem512>;
    case LATCHKEY_KEM_MLKEM768:
      return &kKemFunctions<latchkey::MlKem768>;
    case LATCHKEY_KEM_MLKEM1024:
      return &kKemFunctions<latchkey::MlKem1024>;
    case LATCHKEY_KEM_XWING:
      return &kKemFunctions<latchkey::XWing>;
    default:
      return nullptr;
  }
}

void c::free_key(latchkey_private_key* key) noexcept {
  if (key == nullptr) return;
  key->check();
  key->kem.free_private(key);
}
void c::free_key(latchkey_public_key* key) noexcept {
  if (key == nullptr) return;
  key->check();
  key->kem.free_public(key);
}

// ---- KEMs

size_t latchkey_public_key_size(latchkey_kem kem) {
  return size_of(kem, &c::KemFunctions::public_key_size);
}
size_t latchkey_ciphertext_size(latchkey_kem kem) {
  return size_of(kem, &c::KemFunctions::ciphertext_size);
}
size_t latchkey_seed_size(latchkey_kem kem) { return size_of(kem, &c::KemFunctions::seed_size); }
size_t latchkey_expanded_key_size(latchkey_kem kem) {
  return size_of(kem, &c::KemFunctions::expanded_key_size);
}
size_t latchkey_encapsulation_randomness_size(latchkey_kem kem) {
  return size_of(kem, &c::KemFunctions::randomness_size);
}

const char* latchkey_kem_name(latchkey_kem kem) {
  const auto* const functions = c::functions_of(kem);
  return functions == nullptr ? "unknown" : functions->name;
}
