// The C interface (latchkey_kem.h, latchkey_derand.h) of public keys.
#include <algorithm>

#include "c_api/core/kem.hpp"
#include "latchkey/latchkey_derand.h"

using latchkey::Error;
using latchkey::Result;
using latchkey::View;
namespace c = latchkey::c;

int latchkey_public_key_parse(latchkey_kem kem, const uint8_t* bytes, size_t size,
                              latchkey_public_key** key) {
  return c::parse(c::functions_of(kem), {bytes, size}, key);
}

int latchkey_public_key_bytes(const latchkey_public_key* key, uint8_t* bytes, size_t size) {
  return c::fill_from(key, bytes, size, [](const auto& handle) noexcept {
    return c::Output{handle.kem.public_key_size,
                     [&](std::span<std::uint8_t> to) noexcept -> Result<void> {
                       std::ranges::copy(handle.kem.bytes(handle), to.begin());
                       return {};
                     }};
  });
}

latchkey_kem latchkey_public_key_kem(const latchkey_public_key* key) {
  if (key == nullptr) return 0;
  key->check();
  return key->kem.number;
}

int latchkey_public_key_clone(const latchkey_public_key* key, latchkey_public_key** clone) {
  return c::give(
      clone, c::with(key, [](const auto& handle) noexcept { return handle.kem.clone(handle); }));
}

namespace {

// The ciphertext and secret that send(handle, its place) makes.
template <class Send>
int encapsulate(const latchkey_public_key* key, std::uint8_t* ciphertext, std::size_t size,
                latchkey_secret** secret, Send send) noexcept {
  if (secret == nullptr) {
    c::clear(ciphertext, size);
    return LATCHKEY_E_NULL_ARGUMENT;
  }
  *secret = nullptr;
  return c::fill_from(key, ciphertext, size, [&](const auto& handle) noexcept {
    return c::Output{handle.kem.ciphertext_size,
                     [&](std::span<std::uint8_t> to) noexcept -> Result<void> {
                       auto made = LATCHKEY_TRY(send(handle, to));
                       *secret = c::make<latchkey_secret>(std::move(made));
                       if (*secret == nullptr) return Error::no_memory;
                       return {};
                     }};
  });
}

}  // namespace

int latchkey_encapsulate(const latchkey_public_key* key, uint8_t* ciphertext, size_t size,
                         latchkey_secret** secret) {
  return encapsulate(key, ciphertext, size, secret, [](const auto& handle, auto to) noexcept {
    return handle.kem.encapsulate(handle, to);
  });
}

int latchkey_encapsulate_derand(const latchkey_public_key* key, const uint8_t* randomness,
                                size_t randomness_size, uint8_t* ciphertext, size_t size,
                                latchkey_secret** secret) {
  return encapsulate(
      key, ciphertext, size, secret,
      [&](const auto& handle, auto to) noexcept -> Result<latchkey::SharedSecret> {
        if (c::is_missing(randomness, randomness_size)) return Error::null_argument;
        if (randomness_size != handle.kem.randomness_size) return Error::wrong_size;
        return handle.kem.encapsulate_derand(handle, {randomness, randomness_size}, to);
      });
}

void latchkey_public_key_free(latchkey_public_key* key) { c::free_key(key); }
