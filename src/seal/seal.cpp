// Messages sealed to a public key: HPKE's base mode in a container of ours (docs/formats.md).
#include "seal/seal.hpp"

#include <cstdlib>

#include "base/try.hpp"
#include "seal/container.hpp"

namespace latchkey {

using hpke::internal::ScheduleAccess;
using seal::Header;

template <class K>
Result<SealedMessage> SealingAccess::seal(const typename K::EncapsulationKey& key,
                                          const typename K::Encapsulation& sent, View plaintext,
                                          View aad, View context, SealingSuite suite) noexcept {
  if (plaintext.size() > PTRDIFF_MAX - kSealingOverhead<K>) return Error::no_memory;
  SealedMessage message;
  message.size_ = plaintext.size() + kSealingOverhead<K>;
  message.data_ = static_cast<std::uint8_t*>(std::malloc(message.size_));
  if (message.data_ == nullptr) return Error::no_memory;
  const std::span<std::uint8_t> all(message.data_, message.size_);
  const auto preamble = all.template first<seal::kPreambleSize<K>>();
  const auto encrypted = all.subspan(preamble.size());
  const Header header{seal::Kind::message, K::kHpkeId, suite, encrypted.size()};
  hpke::internal::Context sender;
  LATCHKEY_TRY(seal::begin_container(sender, preamble, header, sent.ciphertext, sent.secret,
                                     {key.bytes(), aad, context}));
  LATCHKEY_TRY(ScheduleAccess::crypt(sender, true, encrypted, plaintext, {preamble, aad}));
  return message;
}

template <class K>
Result<LockedBuffer> SealingAccess::open(const typename K::DecapsulationKey& key, View sealed,
                                         View aad, View context) noexcept {
  const View ek = key.encapsulation_key().bytes();
  if (ek.empty()) return Error::moved_from;
  const auto header = LATCHKEY_TRY(Header::read(sealed, seal::Kind::message, K::kHpkeId));
  constexpr std::size_t kPreamble = seal::kPreambleSize<K>;
  if (sealed.size() < kPreamble + hpke::kTagSize || header.size != sealed.size() - kPreamble) {
    return Error::sealed_length;
  }
  const View preamble = sealed.first(kPreamble);
  const auto secret = LATCHKEY_TRY(key.decapsulate(seal::enc_in<K>(preamble)));
  hpke::internal::Context receiver;
  LATCHKEY_TRY(seal::accept_container(receiver, preamble, header, secret, {ek, aad, context}));
  return ScheduleAccess::open(receiver, sealed.subspan(kPreamble), {preamble, aad});
}

namespace {

template <class K>
Result<SealedMessage> encapsulate_and_seal(const typename K::EncapsulationKey& key, View plaintext,
                                           View aad, View context, SealingSuite suite) noexcept {
  const auto sent = LATCHKEY_TRY(key.encapsulate());
  return SealingAccess::seal<K>(key, sent, plaintext, aad, context, suite);
}

}  // namespace

Result<SealedMessage> seal_for(const xwing::EncapsulationKey& key, View plaintext, View aad,
                               View context, SealingSuite suite) noexcept {
  return encapsulate_and_seal<XWing>(key, plaintext, aad, context, suite);
}

Result<SealedMessage> seal_for(const EncapsulationKey& key, View plaintext, View aad, View context,
                               SealingSuite suite) noexcept {
  return encapsulate_and_seal<MlKem768>(key, plaintext, aad, context, suite);
}

Result<LockedBuffer> open_sealed(const xwing::DecapsulationKey& key, View sealed, View aad,
                                 View context) noexcept {
  return SealingAccess::open<XWing>(key, sealed, aad, context);
}

Result<LockedBuffer> open_sealed(const DecapsulationKey& key, View sealed, View aad,
                                 View context) noexcept {
  return SealingAccess::open<MlKem768>(key, sealed, aad, context);
}

Result<SealedInfo> inspect_sealed(View first_bytes) noexcept {
  const auto header = LATCHKEY_TRY(Header::parse(first_bytes));
  const bool is_xwing = header.kem_id == XWing::kHpkeId;
  if (!is_xwing && header.kem_id != MlKem768::kHpkeId) return Error::unknown_version;
  return SealedInfo{
      .kind = header.kind,
      .kem = header.kem_id,
      .suite = header.suite,
      .preamble_size = is_xwing ? seal::kPreambleSize<XWing> : seal::kPreambleSize<MlKem768>,
      .size = header.size};
}

// For vectors.
template Result<SealedMessage> SealingAccess::seal<XWing>(const xwing::EncapsulationKey&,
                                                          const xwing::Encapsulation&, View, View,
                                                          View, SealingSuite) noexcept;
template Result<SealedMessage> SealingAccess::seal<MlKem768>(const EncapsulationKey&,
                                                             const Encapsulation&, View, View, View,
                                                             SealingSuite) noexcept;

}  // namespace latchkey
