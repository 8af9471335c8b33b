// HPKE (RFC 9180, section 5), with the one-stage key derivation of draft-ietf-hpke-pq beside the
// two stages of HKDF. The names are the standard's.
#include "hpke/hpke.hpp"

#include <cstring>

#include "api/hash.hpp"
#include "base/stack.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "crypto/hkdf.hpp"
#include "encoding/integers.hpp"

namespace latchkey::hpke {
namespace {

using base::Scrubbed;
using crypto::kNonceSize;
using crypto::kSha256Size;
using encoding::Two;

constexpr std::string_view kVersion = "HPKE-v1";

// LabeledDerive() of draft-ietf-hpke-pq. The key material and the context come in parts. The
// context is `before` and then `context`.
void labeled_derive(std::span<std::uint8_t> out, mlkem::SpongeKind kind, std::array<View, 4> ikm,
                    View suite_id, std::string_view label, std::array<View, 4> before,
                    const InfoParts& context) noexcept {
  hash(out, kind,
       {ikm[0], ikm[1], ikm[2], ikm[3], bytes_of(kVersion), suite_id, Two(label.size()),
        bytes_of(label), Two(out.size()), before[0], before[1], before[2], before[3], context[0],
        context[1], context[2], context[3], context[4]});
}

std::size_t size_of(const InfoParts& info) noexcept {
  std::size_t size = 0;
  for (const View part : info) size += part.size();
  return size;
}

// What every derivation of a context is bound to.
class Suite {
 public:
  Suite(std::uint16_t kem_id, Kdf kdf, Aead aead) noexcept : kdf_(kdf) {
    std::size_t at = 4;
    for (const auto number :
         {std::size_t{kem_id}, static_cast<std::size_t>(kdf), static_cast<std::size_t>(aead)}) {
      for (const std::uint8_t byte : Two(number).bytes) id_[at++] = byte;
    }
  }

  [[nodiscard]] bool two_stages() const noexcept { return kdf_ == Kdf::hkdf_sha256; }

  // Section 4, for HKDF.
  Result<void> labeled_extract(std::span<std::uint8_t, kSha256Size> out, View salt,
                               std::string_view label, const InfoParts& ikm) const noexcept {
    return crypto::hkdf_extract(
        out, salt,
        {bytes_of(kVersion), id_, bytes_of(label), ikm[0], ikm[1], ikm[2], ikm[3], ikm[4]});
  }
  Result<void> labeled_expand(std::span<std::uint8_t> out, View prk, std::string_view label,
                              View info) const noexcept {
    return crypto::hkdf_expand(out, prk,
                               {Two(out.size()), bytes_of(kVersion), id_, bytes_of(label), info});
  }

  // For SHAKE.
  void labeled_derive(std::span<std::uint8_t> out, std::array<View, 4> ikm, std::string_view label,
                      std::array<View, 4> before, const InfoParts& context) const noexcept {
    hpke::labeled_derive(out, kdf_ == Kdf::shake128 ? mlkem::kShake128 : mlkem::kShake256, ikm, id_,
                         label, before, context);
  }

 private:
  Kdf kdf_;
  std::uint8_t id_[10] = {'H', 'P', 'K', 'E'};
};

enum class Mode : std::uint8_t { base = 0, psk = 1 };

// KeySchedule() of RFC 9180, section 5.1.
Result<void> schedule_in_two_stages(Secrets& secrets, const Suite& suite, Aead aead, Mode mode,
                                    View shared_secret, const Parameters& parameters,
                                    const InfoParts& info) noexcept {
  std::uint8_t context[1 + 2 * kSha256Size] = {static_cast<std::uint8_t>(mode)};
  const auto psk_id_hash = std::span(context).subspan<1, kSha256Size>();
  const auto info_hash = std::span(context).last<kSha256Size>();
  Scrubbed<std::array<std::uint8_t, kSha256Size>> secret;

  auto done = suite.labeled_extract(psk_id_hash, {}, "psk_id_hash", {parameters.psk_id});
  if (done) done = suite.labeled_extract(info_hash, {}, "info_hash", info);
  if (done) done = suite.labeled_extract(*secret, shared_secret, "secret", {parameters.psk});
  if (done) {
    done = suite.labeled_expand(std::span(secrets.key).first(crypto::key_size(aead)), *secret,
                                "key", context);
  }
  if (done) done = suite.labeled_expand(secrets.base_nonce, *secret, "base_nonce", context);
  if (!done) return done;
  return suite.labeled_expand(std::span(secrets.exporter_secret).first<kSha256Size>(), *secret,
                              "exp", context);
}

// The same by one hash: its output is cut into the three.
void schedule_in_one_stage(Secrets& secrets, const Suite& suite, Kdf kdf, Aead aead, Mode mode,
                           View shared_secret, const Parameters& parameters,
                           const InfoParts& info) noexcept {
  Scrubbed<Secrets> derived;
  auto* const begin = reinterpret_cast<std::uint8_t*>(&*derived);
  const std::size_t key = crypto::key_size(aead), exporter = hash_size(kdf);
  const std::uint8_t mode_byte[] = {static_cast<std::uint8_t>(mode)};
  suite.labeled_derive(
      {begin, key + kNonceSize + exporter},
      {Two(parameters.psk.size()), parameters.psk, Two(shared_secret.size()), shared_secret},
      "secret", {mode_byte, Two(parameters.psk_id.size()), parameters.psk_id, Two(size_of(info))},
      info);
  base::copy_secret(secrets.key, begin, key);
  base::copy_secret(secrets.base_nonce, begin + key, kNonceSize);
  base::copy_secret(secrets.exporter_secret, begin + key + kNonceSize, exporter);
}

// Whether an output is as long as what goes there, in bytes.
Result<void> check_sizes(bool encrypt, std::size_t out, std::size_t in) noexcept {
  if (!encrypt && in < kTagSize) return Error::not_authentic;
  if (encrypt ? out < kTagSize || out - kTagSize != in : out != in - kTagSize) {
    return Error::wrong_size;
  }
  return {};
}

}  // namespace

Result<void> internal::ScheduleAccess::run(Context& context, std::uint16_t kem_id,
                                           const SharedSecret& shared_secret,
                                           const Parameters& parameters,
                                           const InfoParts& info) noexcept {
  if (!is_known(parameters.kdf) || !is_known(parameters.aead)) return Error::unknown_version;
  for (const std::size_t size : {size_of(info), parameters.psk.size(), parameters.psk_id.size()}) {
    if (size > kMaxParameter) return Error::too_long;
  }
  // VerifyPSKInputs()
  if (parameters.psk.empty() != parameters.psk_id.empty()) return Error::bad_psk;
  if (!parameters.psk.empty() && parameters.psk.size() < 32) return Error::bad_psk;
  const Mode mode = parameters.psk.empty() ? Mode::base : Mode::psk;

  auto buffer = LATCHKEY_TRY(LockedBuffer::create(sizeof(Secrets)));
  const OpenSecrets open;
  const auto bytes = LATCHKEY_TRY(shared_secret.expose());
  const Suite suite(kem_id, parameters.kdf, parameters.aead);
  const auto done = buffer.write([&](std::span<std::uint8_t> to) noexcept -> Result<void> {
    auto& secrets = *reinterpret_cast<Secrets*>(to.data());
    if (suite.two_stages()) {
      return schedule_in_two_stages(secrets, suite, parameters.aead, mode, bytes, parameters, info);
    }
    schedule_in_one_stage(secrets, suite, parameters.kdf, parameters.aead, mode, bytes, parameters,
                          info);
    return {};
  });
  if (!done) return done.error();
  // The secret may have been purged before it was used up.
  LATCHKEY_TRY(shared_secret.expose());
  context.kdf_ = parameters.kdf;
  context.aead_ = parameters.aead;
  context.kem_id_ = kem_id;
  context.sequence_ = 0;
  context.secrets_ = std::move(buffer);
  return {};
}

const char* name_of(Kdf kdf) noexcept {
  switch (kdf) {
    case Kdf::hkdf_sha256:
      return "HKDF-SHA256";
    case Kdf::shake128:
      return "SHAKE128";
    case Kdf::shake256:
      return "SHAKE256";
  }
  return "unknown";
}

const char* name_of(Aead aead) noexcept {
  switch (aead) {
    case Aead::aes_128_gcm:
      return "AES-128-GCM";
    case Aead::aes_256_gcm:
      return "AES-256-GCM";
    case Aead::chacha20_poly1305:
      return "ChaCha20-Poly1305";
  }
  return "unknown";
}

// ---- Contexts

namespace {

// Whether the KDF can give `size` bytes for such a context.
Result<void> check_export(const Suite& suite, std::size_t size, View exporter_context) noexcept {
  const std::size_t most = suite.two_stages() ? 255 * kSha256Size : kMaxParameter;
  if (size > most || exporter_context.size() > kMaxParameter) return Error::too_long;
  return {};
}

}  // namespace

Result<void> internal::ScheduleAccess::export_to(const Context& context,
                                                 std::span<std::uint8_t> out,
                                                 View exporter_context) noexcept {
  const Suite suite(context.kem_id_, context.kdf_, context.aead_);
  auto done = check_export(suite, out.size(), exporter_context);
  if (done) {
    done = context.secrets_.read([&](View bytes) noexcept -> Result<void> {
      const auto& secrets = *reinterpret_cast<const Secrets*>(bytes.data());
      const View exporter = View(secrets.exporter_secret).first(hash_size(context.kdf_));
      if (suite.two_stages()) return suite.labeled_expand(out, exporter, "sec", exporter_context);
      suite.labeled_derive(out, {exporter}, "sec", {exporter_context}, {});
      return {};
    });
  }
  if (!done) base::wipe(out.data(), out.size());
  return done;
}

Result<LockedBuffer> internal::Context::export_secret(View exporter_context,
                                                      std::size_t size) const noexcept {
  LATCHKEY_TRY(check_export(Suite(kem_id_, kdf_, aead_), size, exporter_context));
  auto exported = LockedBuffer::create(size);
  if (!exported) return exported;
  const auto done = exported->write([&](std::span<std::uint8_t> out) noexcept {
    return ScheduleAccess::export_to(*this, out, exporter_context);
  });
  if (!done) return done.error();
  return exported;
}

// ComputeNonce() and IncrementSeq() of section 5.2.
Result<void> internal::Context::crypt(bool encrypt, std::span<std::uint8_t> out, View in,
                                      Parts aad) noexcept {
  const auto done = secrets_.read([&](View bytes) noexcept -> Result<void> {
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

// ---- Keys (draft-ietf-hpke-pq)

template <class K, class>
Result<typename K::DecapsulationKey> derive_key_pair(View ikm) noexcept {
  constexpr std::uint8_t kSuiteId[] = {'K', 'E', 'M', K::kHpkeId >> 8, K::kHpkeId & 0xff};
  Scrubbed<std::array<std::uint8_t, K::kSeedSize>> seed;
  labeled_derive(*seed, mlkem::kShake256, {ikm}, kSuiteId, "DeriveKeyPair", {}, {});
  return K::DecapsulationKey::from_seed(*seed);
}

#define LATCHKEY_INSTANTIATE(K)                                                        \
  template Result<Sender<K>> setup_sender<K>(const K::EncapsulationKey&,               \
                                             const Parameters&) noexcept;              \
  template Result<ReceiverContext> setup_receiver<K>(const K::DecapsulationKey&, View, \
                                                     const Parameters&) noexcept;      \
  template Result<K::DecapsulationKey> derive_key_pair<K>(View) noexcept
LATCHKEY_INSTANTIATE(MlKem512);
LATCHKEY_INSTANTIATE(MlKem768);
LATCHKEY_INSTANTIATE(MlKem1024);
LATCHKEY_INSTANTIATE(XWing);
#undef LATCHKEY_INSTANTIATE

}  // namespace latchkey::hpke
