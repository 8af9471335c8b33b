// What the C interface of latchkey-seal shares: which class a handle's key is of, and how callers'
// functions are called.
#pragma once

#include "c_api/core/kem_functions.hpp"
#include "latchkey/derand_seal.hpp"
#include "latchkey/latchkey_seal.h"
#include "latchkey/stream.hpp"

namespace latchkey::c {

template <NistHybrid hybrid>
inline constexpr std::size_t kRandomnessSize<NistHybridOf<hybrid>> = sizes_of(hybrid).randomness;

template <NistHybrid hybrid>
struct Derand<NistHybridOf<hybrid>> {
  static auto encapsulate(const NistHybridEncapsulationKey<hybrid>& key, View randomness) noexcept {
    constexpr std::size_t kSize = sizes_of(hybrid).randomness;
    return derand::encapsulate(key, randomness.first<kSize>());
  }
};
template <hpke::DhGroup group>
struct Derand<hpke::DhKemOf<group>> {
  static auto encapsulate(const hpke::DhEncapsulationKey<group>& key, View randomness) noexcept {
    return derand::encapsulate(key, randomness.first<32>());
  }
};

// f(K()) for the KEM of that number, if it is one of these. Errors: those of f; unknown_value.
template <class... Kems, class F>
auto with_one_of(latchkey_kem number, F f) noexcept {
  using Made = std::common_type_t<decltype(f(Kems()))...>;
  Made made = Error::unknown_value;
  static_cast<void>(((number == Kems::kHpkeId ? (made = f(Kems()), true) : false) || ...));
  return made;
}

// The same for those that messages are sealed to, that have key files, and that session keys bind.
template <class F>
auto with_sealing_kem(latchkey_kem number, F f) noexcept {
  return with_one_of<MlKem512, MlKem768, MlKem1024, XWing>(number, f);
}
// And for those of HPKE.
template <class F>
auto with_hpke_kem(latchkey_kem number, F f) noexcept {
  return with_one_of<MlKem512, MlKem768, MlKem1024, XWing, MlKem768P256, MlKem1024P384,
                     hpke::DhKemP256, hpke::DhKemX25519>(number, f);
}

// f(the key) for a handle whose messages can be sealed. Errors: those of f; null_argument;
// unknown_value, for another KEM.
template <class Handle, class F>
auto with_sealing_key(const Handle* handle, F f) noexcept {
  return with(handle, [&](const Handle& one) noexcept {
    return with_sealing_kem(one.kem.number, [&]<class K>(K) noexcept { return f(key_in<K>(one)); });
  });
}

// The enumerator of that number. One that does not fit becomes 0, which stands for nothing.
template <class Enum>
constexpr Enum number_of(int number) noexcept {
  using Number = std::underlying_type_t<Enum>;
  return static_cast<Enum>(std::in_range<Number>(number) ? static_cast<Number>(number) : Number{0});
}

inline SealingSuite suite_of(const latchkey_suite* suite) noexcept {
  if (suite == nullptr) return {};
  return {.kdf = number_of<hpke::Kdf>(suite->kdf), .aead = number_of<hpke::Aead>(suite->aead)};
}

inline auto source_of(latchkey_read* read, void* user) noexcept {
  return [=](std::span<std::uint8_t> to) noexcept -> Result<std::size_t> {
    const std::ptrdiff_t size = read(user, to.data(), to.size());
    if (size < 0) return Error::read_failed;
    return static_cast<std::size_t>(size);
  };
}

inline auto sink_of(latchkey_write* write, void* user) noexcept {
  return [=](View bytes) noexcept -> Result<void> {
    if (write(user, bytes.data(), bytes.size()) != 0) return Error::write_failed;
    return {};
  };
}

}  // namespace latchkey::c
