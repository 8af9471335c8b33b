// HPKE's single-shot forms (RFC 9180, section 6): each makes a context and uses it once.
#include "base/try.hpp"
#include "hpke/kems.hpp"
#include "latchkey/hpke.hpp"

namespace latchkey::hpke {

template <class K, class>
Result<std::array<std::uint8_t, K::kCiphertextSize>> seal_to(
    const typename K::EncapsulationKey& key, const Parameters& parameters,
    std::span<std::uint8_t> box, View message, View aad) noexcept {
  auto sender = LATCHKEY_TRY(setup_sender<K>(key, parameters));
  LATCHKEY_TRY(sender.context.seal_to(box, message, aad));
  return sender.enc;
}

template <class K, class>
Result<LockedBuffer> open(const typename K::DecapsulationKey& key, View enc,
                          const Parameters& parameters, View box, View aad) noexcept {
  auto receiver = LATCHKEY_TRY(setup_receiver<K>(key, enc, parameters));
  return receiver.open(box, aad);
}

template <class K, class>
Result<Exported<K>> send_export(const typename K::EncapsulationKey& key,
                                const Parameters& parameters, View exporter_context,
                                std::size_t size) noexcept {
  const auto sender = LATCHKEY_TRY(setup_sender<K>(key, parameters));
  auto secret = LATCHKEY_TRY(sender.context.export_secret(exporter_context, size));
  return Exported<K>{sender.enc, std::move(secret)};
}

template <class K, class>
Result<LockedBuffer> receive_export(const typename K::DecapsulationKey& key, View enc,
                                    const Parameters& parameters, View exporter_context,
                                    std::size_t size) noexcept {
  const auto receiver = LATCHKEY_TRY(setup_receiver<K>(key, enc, parameters));
  return receiver.export_secret(exporter_context, size);
}

#define LATCHKEY_INSTANTIATE(K)                                                                    \
  template Result<std::array<std::uint8_t, K::kCiphertextSize>> seal_to<K>(                        \
      const K::EncapsulationKey&, const Parameters&, std::span<std::uint8_t>, View,                \
      View) noexcept;                                                                              \
  template Result<LockedBuffer> open<K>(const K::DecapsulationKey&, View, const Parameters&, View, \
                                        View) noexcept;                                            \
  template Result<Exported<K>> send_export<K>(const K::EncapsulationKey&, const Parameters&, View, \
                                              std::size_t) noexcept;                               \
  template Result<LockedBuffer> receive_export<K>(const K::DecapsulationKey&, View,                \
                                                  const Parameters&, View, std::size_t) noexcept
LATCHKEY_EACH_HPKE_KEM(LATCHKEY_INSTANTIATE);
#undef LATCHKEY_INSTANTIATE

}  // namespace latchkey::hpke
