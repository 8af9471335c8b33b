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

// In bytes; 0 for a KEM whose containers are not read.
std::size_t preamble_size_of(std::uint16_t kem_id) noexcept {
  switch (kem_id) {
    case MlKem512::kHpkeId:
      return seal::kPreambleSize<MlKem512>;
    case MlKem768::kHpkeId:
      return seal::kPreambleSize<MlKem768>;
    case MlKem1024::kHpkeId:
      return seal::kPreambleSize<MlKem1024>;
    case XWing::kHpkeId:
      return seal::kPreambleSize<XWing>;
    default:
      return 0;
  }
}

}  // namespace

Result<SealedMessage> seal_for(const xwing::EncapsulationKey& key, View plaintext, View aad,
                               View context, SealingSuite suite) noexcept {
  return encapsulate_and_seal<XWing>(key, plaintext, aad, context, suite);
}

template <MlKem set>
Result<SealedMessage> seal_for(const MlKemEncapsulationKey<set>& key, View plaintext, View aad,
                               View context, SealingSuite suite) noexcept {
  return encapsulate_and_seal<MlKemOf<set>>(key, plaintext, aad, context, suite);
}

Result<LockedBuffer> open_sealed(const xwing::DecapsulationKey& key, View sealed, View aad,
                                 View context) noexcept {
  return SealingAccess::open<XWing>(key, sealed, aad, context);
}

template <MlKem set>
Result<LockedBuffer> open_sealed(const MlKemDecapsulationKey<set>& key, View sealed, View aad,
                                 View context) noexcept {
  return SealingAccess::open<MlKemOf<set>>(key, sealed, aad, context);
}

Result<SealedInfo> inspect_sealed(View first_bytes) noexcept {
  const auto header = LATCHKEY_TRY(Header::parse(first_bytes));
  const std::size_t preamble_size = preamble_size_of(header.kem_id);
  if (preamble_size == 0) return Error::unknown_version;
  return SealedInfo{.kind = header.kind,
                    .kem = header.kem_id,
                    .suite = header.suite,
                    .preamble_size = preamble_size,
                    .size = header.size};
}

// SealingAccess::seal() is for vectors, too.
#define LATCHKEY_INSTANTIATE(K)                                                                    \
  template Result<SealedMessage> SealingAccess::seal<K>(const K::EncapsulationKey&,                \
                                                        const K::Encapsulation&, View, View, View, \
                                                        SealingSuite) noexcept
#define LATCHKEY_INSTANTIATE_SET(set)                                                          \
  LATCHKEY_INSTANTIATE(MlKemOf<set>);                                                          \
  template Result<SealedMessage> seal_for(const MlKemEncapsulationKey<set>&, View, View, View, \
                                          SealingSuite) noexcept;                              \
  template Result<LockedBuffer> open_sealed(const MlKemDecapsulationKey<set>&, View, View,     \
                                            View) noexcept
LATCHKEY_INSTANTIATE_SET(MlKem::k512);
LATCHKEY_INSTANTIATE_SET(MlKem::k768);
LATCHKEY_INSTANTIATE_SET(MlKem::k1024);
LATCHKEY_INSTANTIATE(XWing);
#undef LATCHKEY_INSTANTIATE_SET
#undef LATCHKEY_INSTANTIATE

}  // namespace latchkey
