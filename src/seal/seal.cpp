// Messages sealed to a public key: HPKE's base mode in a container of ours (docs/formats.md).
#include "latchkey/seal.hpp"

#include <cstdlib>

#include "seal/container.hpp"
#include "seal/hkdf.hpp"
#include "seal/hpke.hpp"

namespace latchkey {

using seal::Eight;
using seal::Head;
using seal::View;
using Schedule = hpke::internal::Schedule;

namespace {

// What the keys commit to: a label, the recipient and the context.
Result<LockedBuffer> info_of(View ek, View context) noexcept {
  if (context.size() > kMaxSealingContext) return Error::too_long;
  return seal::joined(
      {seal::bytes_of("latchkey-seal-v1"), Eight(ek.size()), ek, Eight(context.size()), context});
}

}  // namespace

struct Sealing {
  template <Kem K>
  static Result<SealedMessage> seal(const typename K::EncapsulationKey& key, View plaintext,
                                    View aad, View context, SealingSuite suite) noexcept {
    if (key.bytes().empty()) return Error::moved_from;
    const auto info = info_of(key.bytes(), context);
    if (!info) return info.error();
    auto sender = info->read([&](View bytes) noexcept {
      return hpke::setup_sender<K>(
          key, {.kdf = suite.kdf, .aead = suite.aead, .info = bytes, .psk = {}, .psk_id = {}});
    });
    if (!sender) return sender.error();

    constexpr std::size_t kPrefix = Head::kSize + K::kCiphertextSize;
    if (plaintext.size() > SIZE_MAX - kSealingOverhead<K>) return Error::too_long;
    SealedMessage message;
    message.size_ = plaintext.size() + kSealingOverhead<K>;
    message.data_ = static_cast<std::uint8_t*>(std::malloc(message.size_));
    if (message.data_ == nullptr) return Error::no_memory;
    const std::span<std::uint8_t> all(message.data_, message.size_);
    const auto box = all.subspan(kPrefix);
    Head{seal::Kind::message, K::kHpkeId, suite, box.size()}.write(
        all.template first<Head::kSize>());
    std::memcpy(all.data() + Head::kSize, sender->enc.data(), K::kCiphertextSize);
    const auto done =
        Schedule::crypt(sender->context, true, box, plaintext, {all.first(kPrefix), aad});
    if (!done) return done.error();
    return message;
  }

  template <Kem K>
  static Result<LockedBuffer> open(const typename K::DecapsulationKey& key, View sealed, View aad,
                                   View context) noexcept {
    const View ek = key.encapsulation_key().bytes();
    if (ek.empty()) return Error::moved_from;
    const auto head = Head::read(sealed, seal::Kind::message, K::kHpkeId);
    if (!head) return head.error();
    constexpr std::size_t kPrefix = Head::kSize + K::kCiphertextSize;
    if (sealed.size() < kPrefix + hpke::kTagSize || head->size != sealed.size() - kPrefix) {
      return Error::sealed_length;
    }
    const auto info = info_of(ek, context);
    if (!info) return info.error();
    auto receiver = info->read([&](View bytes) noexcept {
      return hpke::setup_receiver<K>(key, sealed.subspan(Head::kSize, K::kCiphertextSize),
                                     {.kdf = head->suite.kdf,
                                      .aead = head->suite.aead,
                                      .info = bytes,
                                      .psk = {},
                                      .psk_id = {}});
    });
    if (!receiver) return receiver.error();
    return Schedule::open(*receiver, sealed.subspan(kPrefix), {sealed.first(kPrefix), aad});
  }
};

Result<SealedMessage> seal_for(const xwing::EncapsulationKey& key, View plaintext, View aad,
                               View context, SealingSuite suite) noexcept {
  return Sealing::seal<XWing>(key, plaintext, aad, context, suite);
}

Result<SealedMessage> seal_for(const EncapsulationKey& key, View plaintext, View aad, View context,
                               SealingSuite suite) noexcept {
  return Sealing::seal<MlKem768>(key, plaintext, aad, context, suite);
}

Result<LockedBuffer> open_sealed(const xwing::DecapsulationKey& key, View sealed, View aad,
                                 View context) noexcept {
  return Sealing::open<XWing>(key, sealed, aad, context);
}

Result<LockedBuffer> open_sealed(const DecapsulationKey& key, View sealed, View aad,
                                 View context) noexcept {
  return Sealing::open<MlKem768>(key, sealed, aad, context);
}

}  // namespace latchkey
