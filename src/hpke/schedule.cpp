// HPKE's key schedule and export (RFC 9180, sections 5.1 and 5.3), with the one-stage key
// derivation of draft-ietf-hpke-pq beside the two stages of HKDF. The names are the standard's.
#include "base/stack.hpp"
#include "base/wipe.hpp"
#include "hpke/hpke.hpp"
#include "hpke/labeled.hpp"

namespace latchkey::hpke {
namespace {

using base::Scrubbed;
using crypto::Hash;
using crypto::kDigestSize;
using encoding::Two;

std::size_t size_of(const InfoParts& info) noexcept {
  std::size_t size = 0;
  for (const View part : info) size += part.size();
  return size;
}

// The suite_id, which every derivation of a context includes.
class SuiteId {
 public:
  SuiteId(std::uint16_t kem_id, Kdf kdf, Aead aead) noexcept {
    std::size_t at = 4;
    for (const auto number :
         {std::size_t{kem_id}, static_cast<std::size_t>(kdf), static_cast<std::size_t>(aead)}) {
      for (const std::uint8_t byte : Two(number).bytes) id_[at++] = byte;
    }
  }
  operator View() const noexcept { return id_; }  // NOLINT: implicit

 private:
  std::uint8_t id_[10] = {'H', 'P', 'K', 'E'};
};

bool has_two_stages(Kdf kdf) noexcept { return kdf == Kdf::hkdf_sha256 || kdf == Kdf::hkdf_sha384; }

// The sponge of a KDF that has one stage.
mlkem::SpongeKind sponge_of(Kdf kdf) noexcept {
  switch (kdf) {
    case Kdf::shake128:
      return mlkem::kShake128;
    case Kdf::turboshake128:
      return mlkem::kTurboShake128;
    case Kdf::turboshake256:
      return mlkem::kTurboShake256;
    default:
      return mlkem::kShake256;
  }
}

enum class Mode : std::uint8_t { base = 0, psk = 1 };

// KeySchedule() of RFC 9180, section 5.1.
template <Hash hash>
Result<void> schedule_in_two_stages(Secrets& secrets, View suite, Aead aead, Mode mode,
                                    View shared_secret, const Parameters& parameters,
                                    const InfoParts& info) noexcept {
  constexpr std::size_t kSize = kDigestSize<hash>;
  std::uint8_t context[1 + 2 * kSize] = {static_cast<std::uint8_t>(mode)};
  const auto psk_id_hash = std::span(context).template subspan<1, kSize>();
  const auto info_hash = std::span(context).template last<kSize>();
  Scrubbed<std::array<std::uint8_t, kSize>> secret;

  LATCHKEY_TRY(labeled_extract<hash>(psk_id_hash, {}, suite, "psk_id_hash", {parameters.psk_id}));
  LATCHKEY_TRY(labeled_extract<hash>(info_hash, {}, suite, "info_hash", info));
  LATCHKEY_TRY(labeled_extract<hash>(*secret, shared_secret, suite, "secret", {parameters.psk}));
  if (aead != Aead::export_only) {
    LATCHKEY_TRY(labeled_expand<hash>(std::span(secrets.key).first(crypto::key_size(aead)), *secret,
                                      suite, "key", context));
    LATCHKEY_TRY(labeled_expand<hash>(secrets.base_nonce, *secret, suite, "base_nonce", context));
  }
  return labeled_expand<hash>(std::span(secrets.exporter_secret).template first<kSize>(), *secret,
                              suite, "exp", context);
}

// The same with a one-stage KDF: its output is split into the three. An export-only context has
// only the last one.
void schedule_in_one_stage(Secrets& secrets, View suite, Kdf kdf, Aead aead, Mode mode,
                           View shared_secret, const Parameters& parameters,
                           const InfoParts& info) noexcept {
  Scrubbed<Secrets> derived;
  auto* const begin = reinterpret_cast<std::uint8_t*>(&*derived);
  const std::size_t key = crypto::key_size(aead), nonce = crypto::nonce_size(aead),
                    exporter = hash_size(kdf);
  const std::uint8_t mode_byte[] = {static_cast<std::uint8_t>(mode)};
  labeled_derive(
      {begin, key + nonce + exporter}, sponge_of(kdf),
      {Two(parameters.psk.size()), parameters.psk, Two(shared_secret.size()), shared_secret}, suite,
      "secret", {mode_byte, Two(parameters.psk_id.size()), parameters.psk_id, Two(size_of(info))},
      info);
  base::copy_secret(secrets.key, begin, key);
  base::copy_secret(secrets.base_nonce, begin + key, nonce);
  base::copy_secret(secrets.exporter_secret, begin + key + nonce, exporter);
}

}  // namespace

Result<LockedBuffer> internal::ScheduleAccess::derive(std::uint16_t kem_id, View shared_secret,
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
  const SuiteId suite(kem_id, parameters.kdf, parameters.aead);
  const auto done = buffer.write([&](std::span<std::uint8_t> to) noexcept -> Result<void> {
    auto& secrets = *reinterpret_cast<Secrets*>(to.data());
    const auto in_two_stages = [&](auto schedule) noexcept {
      return schedule(secrets, suite, parameters.aead, mode, shared_secret, parameters, info);
    };
    if (parameters.kdf == Kdf::hkdf_sha256) {
      return in_two_stages(schedule_in_two_stages<Hash::sha256>);
    }
    if (parameters.kdf == Kdf::hkdf_sha384) {
      return in_two_stages(schedule_in_two_stages<Hash::sha384>);
    }
    schedule_in_one_stage(secrets, suite, parameters.kdf, parameters.aead, mode, shared_secret,
                          parameters, info);
    return {};
  });
  if (!done) return done.error();
  return buffer;
}

void internal::ScheduleAccess::start(Context& context, std::uint16_t kem_id,
                                     const Parameters& parameters, LockedBuffer secrets) noexcept {
  context.kdf_ = parameters.kdf;
  context.aead_ = parameters.aead;
  context.kem_id_ = kem_id;
  context.sequence_ = 0;
  context.secrets_ = std::move(secrets);
}

Result<void> internal::ScheduleAccess::run(Context& context, std::uint16_t kem_id,
                                           const SharedSecret& shared_secret,
                                           const Parameters& parameters,
                                           const InfoParts& info) noexcept {
  const OpenSecrets open;
  const auto bytes = LATCHKEY_TRY(shared_secret.expose());
  auto secrets = LATCHKEY_TRY(derive(kem_id, bytes, parameters, info));
  // The secret may have been purged before it was used up.
  LATCHKEY_TRY(shared_secret.expose());
  start(context, kem_id, parameters, std::move(secrets));
  return {};
}

const char* name_of(Kdf kdf) noexcept {
  switch (kdf) {
    case Kdf::hkdf_sha256:
      return "HKDF-SHA256";
    case Kdf::hkdf_sha384:
      return "HKDF-SHA384";
    case Kdf::shake128:
      return "SHAKE128";
    case Kdf::shake256:
      return "SHAKE256";
    case Kdf::turboshake128:
      return "TurboSHAKE128";
    case Kdf::turboshake256:
      return "TurboSHAKE256";
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
    case Aead::export_only:
      return "Export-only";
  }
  return "unknown";
}

// ---- Export

namespace {

// Whether the KDF can give `size` bytes for such a context.
Result<void> check_export(Kdf kdf, std::size_t size, View exporter_context) noexcept {
  const std::size_t most = has_two_stages(kdf) ? 255 * hash_size(kdf) : kMaxParameter;
  if (size > most || exporter_context.size() > kMaxParameter) return Error::too_long;
  return {};
}

}  // namespace

Result<void> internal::ScheduleAccess::export_to(const Context& context,
                                                 std::span<std::uint8_t> out,
                                                 View exporter_context) noexcept {
  const SuiteId suite(context.kem_id_, context.kdf_, context.aead_);
  auto done = check_export(context.kdf_, out.size(), exporter_context);
  if (done) {
    done = context.secrets_.read([&](View bytes) noexcept -> Result<void> {
      const auto& secrets = *reinterpret_cast<const Secrets*>(bytes.data());
      const View exporter = View(secrets.exporter_secret).first(hash_size(context.kdf_));
      if (context.kdf_ == Kdf::hkdf_sha256) {
        return labeled_expand<Hash::sha256>(out, exporter, suite, "sec", exporter_context);
      }
      if (context.kdf_ == Kdf::hkdf_sha384) {
        return labeled_expand<Hash::sha384>(out, exporter, suite, "sec", exporter_context);
      }
      labeled_derive(out, sponge_of(context.kdf_), {exporter}, suite, "sec", {exporter_context},
                     {});
      return {};
    });
  }
  if (!done) base::wipe(out.data(), out.size());
  return done;
}

Result<LockedBuffer> internal::Context::export_secret(View exporter_context,
                                                      std::size_t size) const noexcept {
  LATCHKEY_TRY(check_export(kdf_, size, exporter_context));
  auto exported = LockedBuffer::create(size);
  if (!exported) return exported;
  const auto done = exported->write([&](std::span<std::uint8_t> out) noexcept {
    return ScheduleAccess::export_to(*this, out, exporter_context);
  });
  if (!done) return done.error();
  return exported;
}

}  // namespace latchkey::hpke
