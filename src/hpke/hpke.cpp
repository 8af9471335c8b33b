// HPKE's contexts and their setup (RFC 9180, sections 5.1 and 5.2), and its key pairs.
#include <cstring>

#include "base/stack.hpp"
#include "base/wipe.hpp"
#include "hpke/dhkem.hpp"
#include "hpke/hpke.hpp"
#include "hpke/kems.hpp"
#include "hpke/labeled.hpp"

namespace latchkey::hpke {
namespace {

using base::Scrubbed;
using crypto::kNonceSize;

// Whether an output is as long as what goes there, in bytes.
Result<void> check_sizes(bool encrypt, std::size_t out, std::size_t in) noexcept {
  if (!encrypt && in < kTagSize) return Error::not_authentic;
  if (encrypt ? out < kTagSize || out - kTagSize != in : out != in - kTagSize) {
    return Error::wrong_size;
  }
  return {};
}

}  // namespace

// ---- Contexts

// ComputeNonce() and IncrementSeq() of section 5.2.
Result<void> internal::Context::crypt(bool encrypt, std::span<std::uint8_t> out, View in,
                                      Parts aad) noexcept {
  const auto done = secrets_.read([&](View bytes) noexcept -> Result<void> {
    if (aead_ == Aead::export_only) return Error::export_only;
    LATCHKEY_TRY(check_sizes(encrypt, out.size(), in.size()));
    if (sequence_ == UINT64_MAX) return Error::sequence_overflow;
    const auto& secrets = *reinterpret_cast<const Secrets*>(bytes.data());
    Scrubbed<std::array<std::uint8_t, kNonceSize>> nonce;
    std::memcpy(nonce->data(), secrets.base_nonce, kNonceSize);
    for (std::size_t i = 0; i < 8; ++i) {
      (*nonce)[kNonceSize - 1 - i] ^= static_cast<std::uint8_t>(sequence_ >> 8 * i);
    }
    const View key = View(secrets.key).first(crypto::key_size(aead_));
    return encrypt ? crypto::aead_seal(out, aead_, key, *nonce, in, aad)
                   : crypto::aead_open(out, aead_, key, *nonce, in, aad);
  });
  if (done) {
    ++sequence_;
  } else {
    base::wipe_output(out.data(), out.size());
  }
  return done;
}

Result<LockedBuffer> internal::ScheduleAccess::open(Context& context, View box,
                                                    Parts aad) noexcept {
  if (context.aead_ == Aead::export_only && !is_empty(context)) return Error::export_only;
  if (box.size() < kTagSize) return Error::not_authentic;
  auto message = LockedBuffer::create(box.size() - kTagSize);
  if (!message) return message;
  const auto done = message->write(
      [&](std::span<std::uint8_t> to) noexcept { return crypt(context, false, to, box, aad); });
  if (!done) return done.error();
  return message;
}

Result<void> SenderContext::seal_to(std::span<std::uint8_t> box, View message, View aad) noexcept {
  return crypt(true, box, message, {aad});
}

Result<void> ReceiverContext::open_to(std::span<std::uint8_t> message, View box,
                                      View aad) noexcept {
  return crypt(false, message, box, {aad});
}

Result<LockedBuffer> ReceiverContext::open(View box, View aad) noexcept {
  return internal::ScheduleAccess::open(*this, box, {aad});
}

// ---- Setup (sections 5.1.1 and 5.1.2)

template <class K, class>
Result<Sender<K>> setup_sender(const typename K::EncapsulationKey& key,
                               const Parameters& parameters) noexcept {
  const auto sent = LATCHKEY_TRY(key.encapsulate());
  return sender_of<K>(sent, parameters);
}

template <class K, class>
Result<ReceiverContext> setup_receiver(const typename K::DecapsulationKey& key, View enc,
                                       const Parameters& parameters) noexcept {
  const auto secret = LATCHKEY_TRY(key.decapsulate(enc));
  Result<ReceiverContext> context(std::in_place);
  LATCHKEY_TRY(internal::ScheduleAccess::run(*context, K::kHpkeId, secret, parameters));
  return context;
}

// ---- Keys (draft-ietf-hpke-pq; for DHKEMs RFC 9180)

namespace {

template <class K>
inline constexpr bool kIsDhKem = false;
template <DhGroup group>
inline constexpr bool kIsDhKem<DhKemOf<group>>{true};

}  // namespace

template <class K, class>
Result<typename K::DecapsulationKey> derive_key_pair(View ikm) noexcept {
  if constexpr (kIsDhKem<K>) {
    return derive_dh_key_pair<static_cast<DhGroup>(K::kHpkeId)>(ikm);
  } else {
    constexpr std::uint8_t kSuiteId[] = {'K', 'E', 'M', K::kHpkeId >> 8, K::kHpkeId & 0xff};
    Scrubbed<std::array<std::uint8_t, K::kSeedSize>> seed;
    labeled_derive(*seed, mlkem::kShake256, {ikm}, kSuiteId, "DeriveKeyPair", {}, {});
    return K::DecapsulationKey::from_seed(*seed);
  }
}

#define LATCHKEY_INSTANTIATE(K)                                                        \
  template Result<Sender<K>> setup_sender<K>(const K::EncapsulationKey&,               \
                                             const Parameters&) noexcept;              \
  template Result<ReceiverContext> setup_receiver<K>(const K::DecapsulationKey&, View, \
                                                     const Parameters&) noexcept;      \
  template Result<K::DecapsulationKey> derive_key_pair<K>(View) noexcept
LATCHKEY_EACH_HPKE_KEM(LATCHKEY_INSTANTIATE);
#undef LATCHKEY_INSTANTIATE

}  // namespace latchkey::hpke
