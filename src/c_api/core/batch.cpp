// The C interface (latchkey_kem.h) of batches.
#include <algorithm>

#include "c_api/core/batch.hpp"
#include "c_api/core/kem.hpp"

using latchkey::Error;
using latchkey::Result;
namespace c = latchkey::c;

namespace {

// The KEM of all these keys. Errors: null_argument, if one is NULL; unknown_value, if they are of
// different KEMs.
template <class Handle>
Result<const c::KemFunctions*> kem_of(const Handle* const* keys, std::size_t count) noexcept {
  const c::KemFunctions* kem = nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    if (keys[i] == nullptr) return Error::null_argument;
    keys[i]->check();
    if (kem == nullptr) kem = &keys[i]->kem;
    if (keys[i]->kem.number != kem->number) return Error::unknown_value;
  }
  return kem;
}

// run(first, n) for every place from 0 to count, a few at once, until one fails.
template <class Run>
Result<void> in_parts(std::size_t count, Run run) noexcept {
  for (std::size_t first = 0; first < count; first += c::kAtOnce) {
    LATCHKEY_TRY(run(first, std::min(c::kAtOnce, count - first)));
  }
  return {};
}

// What a batch returns. On an error its handles are freed.
template <class Handle, class Free>
int ended(const Result<void>& done, Handle** handles, std::size_t count, Free free) noexcept {
  if (done) return LATCHKEY_OK;
  for (std::size_t i = 0; i < count; ++i) {
    free(handles[i]);
    handles[i] = nullptr;
  }
  return c::status_of(done);
}

// Whether no array has so many pointers: a subtraction went below zero.
bool is_beyond_any(std::size_t count) noexcept { return count > PTRDIFF_MAX / sizeof(void*); }

// Whether `size` is that of all ciphertexts together.
bool fits(std::size_t size, std::size_t count, std::size_t each) noexcept {
  std::size_t all = 0;
  return !__builtin_mul_overflow(count, each, &all) && size == all;
}

}  // namespace

int latchkey_generate_batch(latchkey_kem kem, latchkey_private_key** keys, size_t count) {
  if (is_beyond_any(count)) return LATCHKEY_E_WRONG_SIZE;
  if (keys != nullptr) std::fill_n(keys, count, nullptr);
  const auto* const functions = c::functions_of(kem);
  if (functions == nullptr) return LATCHKEY_E_UNKNOWN_VALUE;
  if (keys == nullptr) return count == 0 ? LATCHKEY_OK : LATCHKEY_E_NULL_ARGUMENT;
  return ended(in_parts(count,
                        [&](std::size_t first, std::size_t n) noexcept {
                          return functions->generate_some({keys + first, n});
                        }),
               keys, count, latchkey_private_key_free);
}

int latchkey_encapsulate_batch(const latchkey_public_key* const* keys, size_t count,
                               uint8_t* ciphertexts, size_t size, latchkey_secret** secrets) {
  c::clear(ciphertexts, size);
  if (is_beyond_any(count)) return LATCHKEY_E_WRONG_SIZE;
  if (secrets != nullptr) std::fill_n(secrets, count, nullptr);
  if (count == 0) return size == 0 ? LATCHKEY_OK : LATCHKEY_E_WRONG_SIZE;
  if (keys == nullptr || ciphertexts == nullptr || secrets == nullptr) {
    return LATCHKEY_E_NULL_ARGUMENT;
  }
  const auto kem = kem_of(keys, count);
  if (!kem) return c::status_of(kem.error());
  const std::size_t each = (*kem)->ciphertext_size;
  if (!fits(size, count, each)) return LATCHKEY_E_WRONG_SIZE;
  const int status = ended(in_parts(count,
                                    [&](std::size_t first, std::size_t n) noexcept {
                                      return (*kem)->encapsulate_some(
                                          {keys + first, n}, {ciphertexts + first * each, n * each},
                                          {secrets + first, n});
                                    }),
                           secrets, count, latchkey_secret_free);
  if (status != LATCHKEY_OK) c::clear(ciphertexts, size);
  return status;
}

int latchkey_decapsulate_batch(const latchkey_private_key* const* keys, size_t count,
                               const uint8_t* ciphertexts, size_t size, latchkey_secret** secrets) {
  if (is_beyond_any(count)) return LATCHKEY_E_CIPHERTEXT_LENGTH;
  if (secrets != nullptr) std::fill_n(secrets, count, nullptr);
  if (count == 0) return size == 0 ? LATCHKEY_OK : LATCHKEY_E_CIPHERTEXT_LENGTH;
  if (keys == nullptr || ciphertexts == nullptr || secrets == nullptr) {
    return LATCHKEY_E_NULL_ARGUMENT;
  }
  const auto kem = kem_of(keys, count);
  if (!kem) return c::status_of(kem.error());
  const std::size_t each = (*kem)->ciphertext_size;
  if (!fits(size, count, each)) return LATCHKEY_E_CIPHERTEXT_LENGTH;
  return ended(in_parts(count,
                        [&](std::size_t first, std::size_t n) noexcept {
                          return (*kem)->decapsulate_some({keys + first, n},
                                                          {ciphertexts + first * each, n * each},
                                                          {secrets + first, n});
                        }),
               secrets, count, latchkey_secret_free);
}
