// The C interface (latchkey_kem.h) of private keys.
#include "c_api/core/kem.hpp"

using latchkey::Error;
using latchkey::LockedBuffer;
using latchkey::Result;
using latchkey::View;
namespace c = latchkey::c;

int latchkey_private_key_generate(latchkey_kem kem, int test, latchkey_private_key** key) {
  return c::generate(c::functions_of(kem), test, key);
}

int latchkey_private_key_from_seed(latchkey_kem kem, const uint8_t* seed, size_t size, int test,
                                   latchkey_private_key** key) {
  return c::from_seed(c::functions_of(kem), {seed, size}, test, key);
}

int latchkey_private_key_import_expanded(latchkey_kem kem, const uint8_t* expanded, size_t size,
                                         int test, latchkey_private_key** key) {
  if (!c::is_choice(test)) return c::give(key, Error::unknown_value);
  const auto check = test == 1 ? latchkey::ExpandedKeyCheck::hash_and_pairwise
                               : latchkey::ExpandedKeyCheck::hash_only;
  return c::give(key, c::with_kem(c::functions_of(kem), {expanded, size},
                                  [&](const c::KemFunctions& functions, View bytes) noexcept {
                                    return functions.import_expanded(bytes, check);
                                  }));
}

int latchkey_private_key_export_seed(const latchkey_private_key* key, uint8_t* seed, size_t size) {
  return c::fill_from(key, seed, size, [](const auto& handle) noexcept {
    return c::Output{handle.kem.seed_size, [&](std::span<std::uint8_t> to) noexcept {
                       return handle.kem.export_seed(handle, to);
                     }};
  });
}

int latchkey_private_key_export_expanded(const latchkey_private_key* key, uint8_t* expanded,
                                         size_t size) {
  return c::fill_from(key, expanded, size, [size](const auto& handle) noexcept {
    const std::size_t wanted = handle.kem.expanded_key_size;
    return c::Output{wanted != 0 ? wanted : size, [&](std::span<std::uint8_t> to) noexcept {
                       return handle.kem.export_expanded(handle, to);
                     }};
  });
}

latchkey_kem latchkey_private_key_kem(const latchkey_private_key* key) {
  if (key == nullptr) return 0;
  key->check();
  return key->kem.number;
}

int latchkey_private_key_is_locked(const latchkey_private_key* key) {
  if (key == nullptr) return 0;
  key->check();
  return key->kem.is_locked(*key) ? 1 : 0;
}

int latchkey_private_key_public(const latchkey_private_key* key, latchkey_public_key** public_key) {
  return c::give(public_key, c::with(key, [](const auto& handle) noexcept {
                   return handle.kem.public_half(handle);
                 }));
}

int latchkey_decapsulate(const latchkey_private_key* key, const uint8_t* ciphertext, size_t size,
                         latchkey_secret** secret) {
  return c::give(secret, c::with(key, [&](const auto& handle) noexcept {
                   return c::with_bytes(ciphertext, size, [&](View bytes) noexcept {
                     return handle.kem.decapsulate(handle, bytes);
                   });
                 }));
}

int latchkey_decapsulate_with_expanded_key(latchkey_kem kem, const uint8_t* expanded,
                                           size_t expanded_size, const uint8_t* ciphertext,
                                           size_t size, latchkey_secret** secret) {
  if (c::is_missing(ciphertext, size)) return c::give(secret, Error::null_argument);
  return c::give(
      secret,
      c::with_kem(c::functions_of(kem), {expanded, expanded_size},
                  [&](const c::KemFunctions& functions, View bytes) noexcept {
                    return functions.decapsulate_with_expanded_key(bytes, {ciphertext, size});
                  }));
}

namespace {

// An inheritable buffer that write(its bytes) fills.
template <class Write>
Result<LockedBuffer> packed(std::size_t size, Write write) noexcept {
  auto parcel = LockedBuffer::inheritable(size);
  if (!parcel) return parcel;
  const auto written = parcel->write(write);
  if (!written) return written.error();
  return parcel;
}

Result<LockedBuffer> pack_key(const latchkey_private_key& key) noexcept {
  auto seed = packed(key.kem.seed_size, [&](std::span<std::uint8_t> to) noexcept {
    return key.kem.export_seed(key, to);
  });
  if (seed || seed.error() != Error::no_seed) return seed;
  return packed(key.kem.expanded_key_size, [&](std::span<std::uint8_t> to) noexcept {
    return key.kem.export_expanded(key, to);
  });
}

// What is in a parcel was a key already.
auto restore_like(const latchkey_private_key* key) noexcept {
  return [key](View bytes) noexcept {
    return bytes.size() == key->kem.seed_size
               ? key->kem.from_seed(bytes, latchkey::PairwiseTest::skip)
               : key->kem.import_expanded(bytes, latchkey::ExpandedKeyCheck::hash_only);
  };
}

}  // namespace

int latchkey_private_key_inheritable(const latchkey_private_key* key,
                                     latchkey_private_key** inheritable) {
  return c::make_inheritable(key, inheritable, pack_key, restore_like(key));
}

int latchkey_private_key_adopt(const latchkey_private_key* inherited, latchkey_private_key** own) {
  return c::adopt(inherited, own, restore_like(inherited));
}

void latchkey_private_key_free(latchkey_private_key* key) { c::free_key(key); }
