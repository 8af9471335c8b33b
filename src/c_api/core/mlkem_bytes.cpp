// The C interface (latchkey_mlkem_bytes.h) of ML-KEM from bytes to bytes.
#include "latchkey/latchkey_mlkem_bytes.h"

#include "base/stack.hpp"
#include "base/try.hpp"
#include "c_api/core/secret.hpp"
#include "latchkey/derand.hpp"

using latchkey::Error;
using latchkey::MlKem;
using latchkey::Result;
using latchkey::View;
namespace c = latchkey::c;

namespace {

constexpr std::size_t kSeedSize = latchkey::kSeedSize;
constexpr std::size_t kSecretSize = latchkey::kSharedSecretSize;

Result<void> copy_out(latchkey::SharedSecret secret, std::uint8_t* to) noexcept {
  return c::Secret(std::move(secret)).read([&](View bytes) noexcept {
    latchkey::base::copy_secret(to, bytes.data(), bytes.size());
  });
}

// What run() returns. On an error, the outputs are zeroed, and not before: an input may lie there.
template <class Run>
int or_clear(std::span<std::uint8_t> a, std::span<std::uint8_t> b, Run run) noexcept {
  const int status = c::status_of(run());
  if (status == LATCHKEY_OK) return status;
  c::clear(a.data(), a.size());
  c::clear(b.data(), b.size());
  return status;
}

// The key pair that generate() makes, to `pk` and `sk`.
template <MlKem set, class Generate>
int keypair(std::uint8_t* pk, std::uint8_t* sk, Generate generate) noexcept {
  constexpr auto kSizes = latchkey::sizes_of(set);
  const auto run = [&]() noexcept -> Result<void> {
    if (pk == nullptr || sk == nullptr) return Error::null_argument;
    const auto key = LATCHKEY_TRY(generate());
    using Expanded = typename latchkey::MlKemDecapsulationKey<set>::Expanded;
    LATCHKEY_TRY(key.export_expanded(Expanded(sk, kSizes.decapsulation_key)));
    std::memcpy(pk, key.encapsulation_key().bytes().data(), kSizes.encapsulation_key);
    return {};
  };
  return or_clear({pk, kSizes.encapsulation_key}, {sk, kSizes.decapsulation_key}, run);
}

template <MlKem set>
int keypair(std::uint8_t* pk, std::uint8_t* sk) noexcept {
  return keypair<set>(pk, sk,
                      []() noexcept { return latchkey::MlKemDecapsulationKey<set>::generate(); });
}

template <MlKem set>
int keypair_derand(std::uint8_t* pk, std::uint8_t* sk, const std::uint8_t* seed) noexcept {
  using Key = latchkey::MlKemDecapsulationKey<set>;
  return keypair<set>(pk, sk, [&]() noexcept {
    return c::with_bytes(seed, kSeedSize,
                         [](View d_and_z) noexcept { return Key::from_seed(d_and_z); });
  });
}

// What send(the key) encapsulates, to `ct` and `ss`.
template <MlKem set, class Send>
int encapsulate(std::uint8_t* ct, std::uint8_t* ss, const std::uint8_t* pk, Send send) noexcept {
  constexpr auto kSizes = latchkey::sizes_of(set);
  const auto run = [&]() noexcept -> Result<void> {
    if (ct == nullptr || ss == nullptr || pk == nullptr) return Error::null_argument;
    const auto key =
        LATCHKEY_TRY(latchkey::MlKemEncapsulationKey<set>::parse({pk, kSizes.encapsulation_key}));
    auto sent = LATCHKEY_TRY(send(key));
    LATCHKEY_TRY(copy_out(std::move(sent.secret), ss));
    std::memcpy(ct, sent.ciphertext.data(), kSizes.ciphertext);
    return {};
  };
  return or_clear({ct, kSizes.ciphertext}, {ss, kSecretSize}, run);
}

template <MlKem set>
int encapsulate(std::uint8_t* ct, std::uint8_t* ss, const std::uint8_t* pk) noexcept {
  return encapsulate<set>(ct, ss, pk, [](const auto& key) noexcept { return key.encapsulate(); });
}

template <MlKem set>
int encapsulate_derand(std::uint8_t* ct, std::uint8_t* ss, const std::uint8_t* pk,
                       const std::uint8_t* m) noexcept {
  using Sent = Result<latchkey::MlKemEncapsulation<set>>;
  return encapsulate<set>(ct, ss, pk, [&](const auto& key) noexcept -> Sent {
    if (m == nullptr) return Error::null_argument;
    return latchkey::derand::encapsulate(key, std::span<const std::uint8_t, 32>(m, 32));
  });
}

template <MlKem set>
int decapsulate(std::uint8_t* ss, const std::uint8_t* ct, const std::uint8_t* sk) noexcept {
  constexpr auto kSizes = latchkey::sizes_of(set);
  const auto run = [&]() noexcept -> Result<void> {
    if (ss == nullptr || ct == nullptr || sk == nullptr) return Error::null_argument;
    auto secret = LATCHKEY_TRY(latchkey::decapsulate_with_expanded_key<set>(
        {sk, kSizes.decapsulation_key}, {ct, kSizes.ciphertext}));
    return copy_out(std::move(secret), ss);
  };
  return or_clear({ss, kSecretSize}, {}, run);
}

}  // namespace

// ---- ML-KEM-512

int latchkey_mlkem512_keypair(uint8_t* pk, uint8_t* sk) { return keypair<MlKem::k512>(pk, sk); }
int latchkey_mlkem512_keypair_derand(uint8_t* pk, uint8_t* sk, const uint8_t* d_and_z) {
  return keypair_derand<MlKem::k512>(pk, sk, d_and_z);
}
int latchkey_mlkem512_encapsulate(uint8_t* ct, uint8_t* ss, const uint8_t* pk) {
  return encapsulate<MlKem::k512>(ct, ss, pk);
}
int latchkey_mlkem512_encapsulate_derand(uint8_t* ct, uint8_t* ss, const uint8_t* pk,
                                         const uint8_t* m) {
  return encapsulate_derand<MlKem::k512>(ct, ss, pk, m);
}
int latchkey_mlkem512_decapsulate(uint8_t* ss, const uint8_t* ct, const uint8_t* sk) {
  return decapsulate<MlKem::k512>(ss, ct, sk);
}

// ---- ML-KEM-768

int latchkey_mlkem768_keypair(uint8_t* pk, uint8_t* sk) { return keypair<MlKem::k768>(pk, sk); }
int latchkey_mlkem768_keypair_derand(uint8_t* pk, uint8_t* sk, const uint8_t* d_and_z) {
  return keypair_derand<MlKem::k768>(pk, sk, d_and_z);
}
int latchkey_mlkem768_encapsulate(uint8_t* ct, uint8_t* ss, const uint8_t* pk) {
  return encapsulate<MlKem::k768>(ct, ss, pk);
}
int latchkey_mlkem768_encapsulate_derand(uint8_t* ct, uint8_t* ss, const uint8_t* pk,
                                         const uint8_t* m) {
  return encapsulate_derand<MlKem::k768>(ct, ss, pk, m);
}
int latchkey_mlkem768_decapsulate(uint8_t* ss, const uint8_t* ct, const uint8_t* sk) {
  return decapsulate<MlKem::k768>(ss, ct, sk);
}

// ---- ML-KEM-1024

int latchkey_mlkem1024_keypair(uint8_t* pk, uint8_t* sk) { return keypair<MlKem::k1024>(pk, sk); }
int latchkey_mlkem1024_keypair_derand(uint8_t* pk, uint8_t* sk, const uint8_t* d_and_z) {
  return keypair_derand<MlKem::k1024>(pk, sk, d_and_z);
}
int latchkey_mlkem1024_encapsulate(uint8_t* ct, uint8_t* ss, const uint8_t* pk) {
  return encapsulate<MlKem::k1024>(ct, ss, pk);
}
int latchkey_mlkem1024_encapsulate_derand(uint8_t* ct, uint8_t* ss, const uint8_t* pk,
                                          const uint8_t* m) {
  return encapsulate_derand<MlKem::k1024>(ct, ss, pk, m);
}
int latchkey_mlkem1024_decapsulate(uint8_t* ss, const uint8_t* ct, const uint8_t* sk) {
  return decapsulate<MlKem::k1024>(ss, ct, sk);
}
