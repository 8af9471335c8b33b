// The KEMs of this library as types, for code that is written once for all of them.
//
//   template <latchkey::Kem K>
//   void greet(const typename K::EncapsulationKey& peer) { auto sent = peer.encapsulate(); ... }
//   greet<latchkey::XWing>(key);
#pragma once

#include <concepts>

#include "latchkey/export.h"
#include "latchkey/mlkem768.hpp"
#include "latchkey/xwing.hpp"

LATCHKEY_API_BEGIN

namespace latchkey {

struct MlKem768 {
  using EncapsulationKey = latchkey::EncapsulationKey;
  using DecapsulationKey = latchkey::DecapsulationKey;
  using Encapsulation = latchkey::Encapsulation;

  static constexpr const char* kName = "ML-KEM-768";
  static constexpr std::uint16_t kHpkeId = 0x0041;  // draft-ietf-hpke-pq, section 4
  // In bytes.
  static constexpr std::size_t kEncapsulationKeySize = latchkey::kEncapsulationKeySize;
  static constexpr std::size_t kSeedSize = latchkey::kSeedSize;
  static constexpr std::size_t kCiphertextSize = latchkey::kCiphertextSize;
};

struct XWing {
  using EncapsulationKey = xwing::EncapsulationKey;
  using DecapsulationKey = xwing::DecapsulationKey;
  using Encapsulation = xwing::Encapsulation;

  static constexpr const char* kName = "X-Wing";
  static constexpr std::uint16_t kHpkeId = 0x647a;
  static constexpr std::size_t kEncapsulationKeySize = xwing::kEncapsulationKeySize;
  static constexpr std::size_t kSeedSize = xwing::kSeedSize;
  static constexpr std::size_t kCiphertextSize = xwing::kCiphertextSize;
};

// What both have: keys that are made, parsed and stored, and a secret of kSharedSecretSize bytes.
template <class K>
concept Kem = requires(const typename K::EncapsulationKey& ek,
                       const typename K::DecapsulationKey& dk, std::span<const std::uint8_t> bytes,
                       std::span<std::uint8_t, K::kSeedSize> seed) {
  { K::kName } -> std::convertible_to<const char*>;
  { K::kHpkeId } -> std::convertible_to<std::uint16_t>;
  { K::EncapsulationKey::parse(bytes) } -> std::same_as<Result<typename K::EncapsulationKey>>;
  { ek.encapsulate() } -> std::same_as<Result<typename K::Encapsulation>>;
  { ek.bytes() } -> std::same_as<std::span<const std::uint8_t>>;
  { K::DecapsulationKey::generate() } -> std::same_as<Result<typename K::DecapsulationKey>>;
  { K::DecapsulationKey::from_seed(bytes) } -> std::same_as<Result<typename K::DecapsulationKey>>;
  { dk.decapsulate(bytes) } -> std::same_as<Result<SharedSecret>>;
  { dk.encapsulation_key() } -> std::same_as<const typename K::EncapsulationKey&>;
  { dk.export_seed(seed) } -> std::same_as<Result<void>>;
};

static_assert(Kem<MlKem768> && Kem<XWing>);

}  // namespace latchkey

LATCHKEY_API_END
