#include "provider/kem_key.hpp"

#include "api/access.hpp"
#include "base/stack.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "provider/object.hpp"

namespace latchkey::provider {
namespace {

// Copies the 32 bytes of a secret. Errors: purged.
Result<void> copy_secret(std::span<std::uint8_t, kSharedSecretSize> to,
                         const SharedSecret& from) noexcept {
  const OpenSecrets open;
  const auto bytes = LATCHKEY_TRY(from.expose());
  base::copy_secret(to.data(), bytes.data(), bytes.size());
  return SecretAccess::check_after_use(from);
}

// The seed of a key, or its expanded form if it has no seed, on pages that children have copies of.
template <class K>
Result<LockedBuffer> copy_for_children(const typename K::DecapsulationKey& key) noexcept {
  auto seed = LATCHKEY_TRY(LockedBuffer::inheritable(K::kSeedSize));
  const auto done = seed.write([&](std::span<std::uint8_t> out) noexcept {
    return key.export_seed(out.first<K::kSeedSize>());
  });
  if (done) return seed;
  if constexpr (KemTraits<K>::kHasExpanded) {
    if (done.error() == Error::no_seed) {
      auto expanded = LATCHKEY_TRY(LockedBuffer::inheritable(KemTraits<K>::kPrivateSize));
      LATCHKEY_TRY(expanded.write([&](std::span<std::uint8_t> out) noexcept {
        return key.export_expanded(out.first<KemTraits<K>::kPrivateSize>());
      }));
      return expanded;
    }
  }
  return done.error();
}

// The key, without its seed if ml-kem.retain_seed says so.
template <class K>
Result<typename K::DecapsulationKey> retained(typename K::DecapsulationKey key,
                                              const Settings& settings) noexcept {
  if constexpr (KemTraits<K>::kHasExpanded) {
    if (!settings.retain_seed) {
      base::Scrubbed<std::array<std::uint8_t, KemTraits<K>::kPrivateSize>> bytes;
      LATCHKEY_TRY(key.export_expanded(*bytes));
      return K::DecapsulationKey::import_expanded(*bytes, ExpandedKeyCheck::hash_only);
    }
  }
  return key;
}

}  // namespace

template <class K>
KemKey<K>::~KemKey() {
  for (Own* own = latest(); own != nullptr;) {
    Own* const before = own->before;
    destroy(own);
    own = before;
  }
}

template <class K>
Result<void> KemKey<K>::generate() noexcept {
  auto key = LATCHKEY_TRY(DecapsulationKey::generate());
  return adopt(LATCHKEY_TRY(retained<K>(std::move(key), context_.settings)));
}

template <class K>
Result<void> KemKey<K>::set_public(View bytes) noexcept {
  if (has_public()) return Error::unknown_value;
  public_ = LATCHKEY_TRY(EncapsulationKey::parse(bytes));
  return {};
}

template <class K>
Result<void> KemKey<K>::set_seed(View seed) noexcept {
  auto key = LATCHKEY_TRY(DecapsulationKey::from_seed(seed));
  return adopt(LATCHKEY_TRY(retained<K>(std::move(key), context_.settings)));
}

template <class K>
Result<void> KemKey<K>::set_private(View bytes) noexcept {
  if constexpr (Traits::kHasExpanded) {
    const auto check = context_.settings.import_test ? ExpandedKeyCheck::hash_and_pairwise
                                                     : ExpandedKeyCheck::hash_only;
    return adopt(LATCHKEY_TRY(DecapsulationKey::import_expanded(bytes, check)));
  } else {
    return set_seed(bytes);
  }
}

template <class K>
Result<void> KemKey<K>::set_both(View seed, View bytes) noexcept {
  LATCHKEY_TRY(set_seed(seed));
  base::Scrubbed<std::array<std::uint8_t, Traits::kPrivateSize>> own;
  LATCHKEY_TRY(export_private(*own));
  if (bytes.size() != own->size() ||
      base::secrets_differ(bytes.data(), own->data(), own->size()) != 0) {
    return Error::seed_mismatch;
  }
  return {};
}

template <class K>
Result<void> KemKey<K>::adopt(DecapsulationKey key) noexcept {
  if (has_public()) return Error::unknown_value;
  if (context_.settings.inherit_keys) for_children_ = LATCHKEY_TRY(copy_for_children<K>(key));
  Own* const own = make<Own>(std::move(key));
  if (own == nullptr) return Error::no_memory;
  own_.store(own, std::memory_order_release);
  return {};
}

template <class K>
auto KemKey<K>::make_own(Own* inherited) const noexcept -> Result<const DecapsulationKey*> {
  const auto copy = for_children_.adopt();
  if (!copy) return copy.error() == Error::moved_from ? Error::inherited : copy.error();
  auto key = LATCHKEY_TRY(copy->read([](View bytes) noexcept -> Result<DecapsulationKey> {
    if constexpr (Traits::kHasExpanded) {
      if (bytes.size() != K::kSeedSize) {  // it was checked when it was imported
        return DecapsulationKey::import_expanded(bytes, ExpandedKeyCheck::hash_only);
      }
    }
    return DecapsulationKey::from_seed(bytes);
  }));
  Own* const own = make<Own>(std::move(key), inherited);
  if (own == nullptr) return Error::no_memory;
  Own* expected = inherited;
  if (own_.compare_exchange_strong(expected, own, std::memory_order_acq_rel)) return &own->key;
  destroy(own);  // another thread was first
  return &expected->key;
}

template <class K>
Result<void> KemKey<K>::copy(const KemKey& from, bool with_private) noexcept {
  if (!with_private || !from.has_private()) {
    if (has_public()) return Error::unknown_value;
    public_ = LATCHKEY_TRY(from.public_key().clone());
    return {};
  }
  base::Scrubbed<std::array<std::uint8_t, Traits::kPrivateSize>> bytes;
  if constexpr (Traits::kHasExpanded) {
    base::Scrubbed<std::array<std::uint8_t, K::kSeedSize>> seed;
    if (from.export_seed(*seed)) return set_seed(*seed);
    LATCHKEY_TRY(from.export_private(*bytes));
    return adopt(
        LATCHKEY_TRY(DecapsulationKey::import_expanded(*bytes, ExpandedKeyCheck::hash_only)));
  } else {
    LATCHKEY_TRY(from.export_private(*bytes));
    return set_seed(*bytes);
  }
}

template <class K>
Result<void> KemKey<K>::export_seed(Seed seed) const noexcept {
  return use([&](const DecapsulationKey& key) noexcept { return key.export_seed(seed); });
}

template <class K>
Result<void> KemKey<K>::export_private(Private bytes) const noexcept {
  return use([&](const DecapsulationKey& key) noexcept {
    if constexpr (Traits::kHasExpanded) {
      return key.export_expanded(bytes);
    } else {
      return key.export_seed(bytes);
    }
  });
}

template <class K>
Result<void> KemKey<K>::run_pairwise_test() const noexcept {
  base::Scrubbed<std::array<std::uint8_t, kSecretSize>> sent, received;
  std::array<std::uint8_t, kCiphertextSize> ciphertext;
  LATCHKEY_TRY(encapsulate(ciphertext, *sent, {}));
  LATCHKEY_TRY(decapsulate(*received, ciphertext));
  if (base::secrets_differ(sent->data(), received->data(), kSecretSize) != 0) {
    return Error::inconsistent_key;
  }
  return {};
}

template <class K>
Result<void> KemKey<K>::encapsulate(std::span<std::uint8_t, kCiphertextSize> ciphertext,
                                    std::span<std::uint8_t, kSecretSize> secret,
                                    View ikme) const noexcept {
  const auto compute = [&]() noexcept -> Result<void> {
    const auto sent = LATCHKEY_TRY(
        ikme.empty() ? public_key().encapsulate()
                     : derand::encapsulate(public_key(), ikme.first<Traits::kIkmeSize>()));
    base::copy(ciphertext, std::span(sent.ciphertext));
    return copy_secret(secret, sent.secret);
  };
  const auto done = compute();
  if (!done) base::wipe(secret.data(), secret.size());
  return done;
}

template <class K>
Result<void> KemKey<K>::decapsulate(std::span<std::uint8_t, kSecretSize> secret,
                                    View ciphertext) const noexcept {
  const auto done = use([&](const DecapsulationKey& key) noexcept -> Result<void> {
    return copy_secret(secret, LATCHKEY_TRY(key.decapsulate(ciphertext)));
  });
  if (!done) base::wipe(secret.data(), secret.size());
  return done;
}

template class KemKey<MlKem512>;
template class KemKey<MlKem768>;
template class KemKey<MlKem1024>;
template class KemKey<XWing>;

}  // namespace latchkey::provider
