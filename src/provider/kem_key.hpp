// A key of a KEM by itself, ML-KEM or X-Wing, as EVP has it: generated, imported or decoded, and
// used as often as one likes.
//
// With `inherit_keys = yes`, a private key may be used in children of fork(). It is then kept in
// two places: in memory that children do not see, as always, and as its seed on pages of its own
// that each child has a copy of. A child makes its own key from its copy when it first uses it.
#pragma once

#include <atomic>

#include "base/bytes.hpp"
#include "latchkey/derand.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "latchkey/kem.hpp"
#include "provider/context.hpp"

namespace latchkey::provider {

// The names of a KEM's keys in libcrypto, and its sizes.
template <class K>
struct KemTraits;
template <MlKem set>
struct KemTraits<MlKemOf<set>> {
  static constexpr const char* kNames =
      set == MlKem::k512   ? "ML-KEM-512:MLKEM512:id-alg-ml-kem-512:2.16.840.1.101.3.4.4.1"
      : set == MlKem::k768 ? "ML-KEM-768:MLKEM768:id-alg-ml-kem-768:2.16.840.1.101.3.4.4.2"
                           : "ML-KEM-1024:MLKEM1024:id-alg-ml-kem-1024:2.16.840.1.101.3.4.4.3";
  // The first of them, for people and for libcrypto.
  static constexpr const char* kName = set == MlKem::k512   ? "ML-KEM-512"
                                       : set == MlKem::k768 ? "ML-KEM-768"
                                                            : "ML-KEM-1024";
  static constexpr unsigned kBits = static_cast<unsigned>(set);
  static constexpr unsigned kSecurityBits = set == MlKem::k512   ? 128
                                            : set == MlKem::k768 ? 192
                                                                 : 256;
  static constexpr std::size_t kIkmeSize = 32;                                  // m
  static constexpr std::size_t kPrivateSize = sizes_of(set).decapsulation_key;  // expanded
  static constexpr bool kHasExpanded = true;
};
template <>
struct KemTraits<XWing> {
  static constexpr const char* kNames = "X-Wing:XWing:1.3.6.1.4.1.62253.25722";
  static constexpr const char* kName = "X-Wing";
  static constexpr unsigned kBits = 768;
  static constexpr unsigned kSecurityBits = 192;
  static constexpr std::size_t kIkmeSize = xwing::kEncapsulationSeedSize;
  static constexpr std::size_t kPrivateSize = xwing::kSeedSize;  // the key is its seed
  static constexpr bool kHasExpanded = false;
};

template <class K>
class KemKey : public KemTraits<K> {
 public:
  using Kem = K;
  using Traits = KemTraits<K>;
  using EncapsulationKey = typename K::EncapsulationKey;
  using DecapsulationKey = typename K::DecapsulationKey;
  using Seed = std::span<std::uint8_t, K::kSeedSize>;
  using Private = std::span<std::uint8_t, Traits::kPrivateSize>;

  static constexpr bool kIsEphemeral = false;
  // Sizes in bytes.
  static constexpr std::size_t kSeedSize = K::kSeedSize;
  static constexpr std::size_t kPublicSize = K::kEncapsulationKeySize;
  static constexpr std::size_t kCiphertextSize = K::kCiphertextSize;
  static constexpr std::size_t kSecretSize = kSharedSecretSize;

  explicit KemKey(const Context& context) noexcept : context_(context) {}
  ~KemKey();
  KemKey(const KemKey&) = delete;
  KemKey& operator=(const KemKey&) = delete;

  [[nodiscard]] const Context& context() const noexcept { return context_; }
  [[nodiscard]] bool has_public() const noexcept { return !public_bytes().empty(); }
  [[nodiscard]] bool has_private() const noexcept { return latest() != nullptr; }
  [[nodiscard]] View public_bytes() const noexcept { return public_key().bytes(); }

  // Each is for a key that is empty yet. Errors: those of the functions of K of these names.
  [[nodiscard]] Result<void> generate() noexcept;
  [[nodiscard]] Result<void> set_public(View bytes) noexcept;
  [[nodiscard]] Result<void> set_seed(View seed) noexcept;
  // The expanded form of ML-KEM, or X-Wing's key.
  [[nodiscard]] Result<void> set_private(View bytes) noexcept;
  // The key of `seed`, if `bytes` are its private key, too. Error besides: seed_mismatch.
  [[nodiscard]] Result<void> set_both(View seed, View bytes) noexcept;
  // A private key that was made elsewhere.
  [[nodiscard]] Result<void> adopt(DecapsulationKey key) noexcept;
  // A copy of `from`, its public half alone if so wanted.
  [[nodiscard]] Result<void> copy(const KemKey& from, bool with_private) noexcept;

  // `seed` and `bytes` are zeroed on error. Errors: moved_from, inherited, purged; no_seed.
  [[nodiscard]] Result<void> export_seed(Seed seed) const noexcept;
  [[nodiscard]] Result<void> export_private(Private bytes) const noexcept;
  // Encapsulates and decapsulates. Errors: inconsistent_key, no_entropy, those on memory.
  [[nodiscard]] Result<void> run_pairwise_test() const noexcept;

  // With the randomness `ikme`, or with fresh randomness if that is empty. `secret` is zeroed on
  // error.
  [[nodiscard]] Result<void> encapsulate(std::span<std::uint8_t, kCiphertextSize> ciphertext,
                                         std::span<std::uint8_t, kSecretSize> secret,
                                         View ikme) const noexcept;
  [[nodiscard]] Result<void> decapsulate(std::span<std::uint8_t, kSecretSize> secret,
                                         View ciphertext) const noexcept;

  // Calls f with the private key, that of this process.
  template <class F>
  auto use(F f) const noexcept -> decltype(f(std::declval<const DecapsulationKey&>()));

 private:
  // A private key that belongs to one process. In a child of fork(), the child's own stands in
  // front of its parent's.
  struct Own {
    DecapsulationKey key;
    Own* before = nullptr;
  };

  [[nodiscard]] Own* latest() const noexcept { return own_.load(std::memory_order_acquire); }
  [[nodiscard]] const EncapsulationKey& public_key() const noexcept {
    const Own* const own = latest();
    return own == nullptr ? public_ : own->key.encapsulation_key();
  }
  // Makes this process's key in front of `inherited`. Errors: inherited, if the key may not be
  // used in children; those on memory.
  [[nodiscard]] Result<const DecapsulationKey*> make_own(Own* inherited) const noexcept;

  const Context& context_;
  EncapsulationKey public_;  // of a key without private half
  mutable std::atomic<Own*> own_{nullptr};
  LockedBuffer for_children_;  // the seed or the expanded key, for children of fork()
};

extern template class KemKey<MlKem512>;
extern template class KemKey<MlKem768>;
extern template class KemKey<MlKem1024>;
extern template class KemKey<XWing>;

template <class K>
template <class F>
auto KemKey<K>::use(F f) const noexcept -> decltype(f(std::declval<const DecapsulationKey&>())) {
  Own* const own = latest();
  if (own == nullptr) return Error::moved_from;
  auto result = f(own->key);
  if (result || result.error() != Error::inherited) return result;
  const auto mine = make_own(own);
  if (!mine) return mine.error();
  return f(**mine);
}

}  // namespace latchkey::provider
