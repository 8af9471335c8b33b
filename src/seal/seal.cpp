// Messages sealed to a public key: HPKE's base mode in a container of ours (docs/formats.md).
#include "latchkey/seal.hpp"

#include <openssl/crypto.h>

#include <cstdlib>

#include "seal/container.hpp"

namespace latchkey {

using seal::Head;
using seal::View;
using Schedule = hpke::internal::Schedule;

namespace {
constexpr std::string_view kLabel = "latchkey-seal-v1";
}  // namespace

struct Sealing {
  template <Kem K>
  static Result<SealedMessage> seal(const typename K::EncapsulationKey& key, View plaintext,
                                    View aad, View context, SealingSuite suite) noexcept {
    if (key.bytes().empty()) return Error::moved_from;
    auto sender = seal::with_parameters(kLabel, key.bytes(), context, suite,
                                        [&](const hpke::Parameters& parameters) noexcept {
                                          return hpke::setup_sender<K>(key, parameters);
                                        });
    if (!sender) return sender.error();

    if (plaintext.size() > SIZE_MAX - kSealingOverhead<K>) return Error::too_long;
    SealedMessage message;
    message.size_ = plaintext.size() + kSealingOverhead<K>;
    message.data_ = static_cast<std::uint8_t*>(std::malloc(message.size_));
    if (message.data_ == nullptr) return Error::no_memory;
    const std::span<std::uint8_t> all(message.data_, message.size_);
    const auto prefix = all.template first<seal::kPrefixSize<K>>();
    const auto box = all.subspan(prefix.size());
    seal::write_prefix<K>(prefix, {seal::Kind::message, K::kHpkeId, suite, box.size()}, *sender);
    const auto done = Schedule::crypt(sender->context, true, box, plaintext, {prefix, aad});
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
    constexpr std::size_t kPrefix = seal::kPrefixSize<K>;
    if (sealed.size() < kPrefix + hpke::kTagSize || head->size != sealed.size() - kPrefix) {
      return Error::sealed_length;
    }
    auto receiver = seal::with_parameters(
        kLabel, ek, context, head->suite, [&](const hpke::Parameters& parameters) noexcept {
          return hpke::setup_receiver<K>(key, seal::enc_in<K>(sealed), parameters);
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

Result<SealedInfo> inspect_sealed(View beginning) noexcept {
  const auto head = Head::parse(beginning);
  if (!head) return head.error();
  const bool is_xwing = head->kem_id == XWing::kHpkeId;
  if (!is_xwing && head->kem_id != MlKem768::kHpkeId) return Error::unknown_version;
  return SealedInfo{
      .kind = head->kind,
      .kem = head->kem_id,
      .suite = head->suite,
      .prefix_size = is_xwing ? seal::kPrefixSize<XWing> : seal::kPrefixSize<MlKem768>,
      .size = head->size};
}

const char* crypto_version() noexcept { return OpenSSL_version(OPENSSL_VERSION_STRING); }

}  // namespace latchkey
