#include "seal/container.hpp"

#include "api/hash.hpp"
#include "base/secrecy.hpp"
#include "base/stack.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"

namespace latchkey::seal {
namespace {

using hpke::internal::Context;
using hpke::internal::ScheduleAccess;
using Commitment = std::array<std::uint8_t, kSealingCommitmentSize>;

constexpr std::string_view kMessageLabel = "latchkey-seal-v2";
constexpr std::string_view kStreamLabel = "latchkey-seal-stream-v2";
constexpr std::string_view kCommitmentLabel = "latchkey-commitment-v2";

// Export-only AEADs encrypt nothing, so no container may name one.
bool encrypts(const SealingSuite& suite) noexcept {
  return is_known(suite.kdf) && crypto::key_size(suite.aead) != 0;
}

// The HPKE context of a container: its keys depend on the kind of container, the recipient's key
// and the caller's context.
Result<void> start(Context& context, const Header& header, const SharedSecret& secret,
                   const Agreed& agreed) noexcept {
  if (!encrypts(header.suite)) return Error::unknown_version;
  if (agreed.context.size() > kMaxSealingContext) return Error::too_long;
  const auto label = header.kind == Kind::message ? kMessageLabel : kStreamLabel;
  const hpke::Parameters parameters{.kdf = header.suite.kdf, .aead = header.suite.aead};
  return ScheduleAccess::run(context, header.kem_id, secret, parameters,
                             {bytes_of(label), encoding::Eight(agreed.ek.size()), agreed.ek,
                              encoding::Eight(agreed.context.size()), agreed.context});
}

// The digest is in the exporter context because that is limited to 65,535 bytes.
Result<ContainerDigest> commit(Commitment& commitment, const Context& context, View header_and_enc,
                               View aad) noexcept {
  ContainerDigest digest;
  hash(digest, mlkem::kSha3_256, {header_and_enc, aad});
  std::array<std::uint8_t, kCommitmentLabel.size() + digest.size()> exporter_context;
  std::memcpy(exporter_context.data(), kCommitmentLabel.data(), kCommitmentLabel.size());
  std::memcpy(&exporter_context[kCommitmentLabel.size()], digest.data(), digest.size());
  LATCHKEY_TRY(ScheduleAccess::export_to(context, commitment, exporter_context));
  return digest;
}

}  // namespace

Result<Header> Header::parse(View from) noexcept {
  if (from.size() < kSize || std::memcmp(from.data(), kMagic.data(), 8) != 0) {
    return Error::not_sealed;
  }
  if (from[8] != kVersion) return Error::unknown_version;
  const Header header{static_cast<Kind>(from[9]),
                      static_cast<std::uint16_t>(encoding::number_in(from.subspan(10, 2))),
                      {static_cast<hpke::Kdf>(encoding::number_in(from.subspan(12, 2))),
                       static_cast<hpke::Aead>(encoding::number_in(from.subspan(14, 2)))},
                      encoding::number_in(from.subspan(16, 8))};
  if (header.kind != Kind::message && header.kind != Kind::stream) return Error::not_sealed;
  if (!encrypts(header.suite)) return Error::unknown_version;
  return header;
}

Result<Header> Header::read(View from, Kind kind, std::uint16_t kem_id) noexcept {
  auto header = parse(from);
  if (!header) return header;
  if (header->kind != kind) return Error::not_sealed;
  if (header->kem_id != kem_id) return Error::other_kem;
  return header;
}

Result<ContainerDigest> begin_container(Context& context, std::span<std::uint8_t> preamble,
                                        const Header& header, View enc, const SharedSecret& secret,
                                        const Agreed& agreed) noexcept {
  LATCHKEY_TRY(start(context, header, secret, agreed));
  const auto header_and_enc = preamble.first(Header::kSize + enc.size());
  header.write(header_and_enc.first<Header::kSize>());
  std::memcpy(&header_and_enc[Header::kSize], enc.data(), enc.size());
  Commitment commitment;
  auto digest = commit(commitment, context, header_and_enc, agreed.aad);
  if (!digest) return digest;
  base::declassify(commitment.data(), commitment.size());  // it is sent in the clear
  std::memcpy(&preamble[header_and_enc.size()], commitment.data(), commitment.size());
  return digest;
}

Result<ContainerDigest> accept_container(Context& context, View preamble, const Header& header,
                                         const SharedSecret& secret,
                                         const Agreed& agreed) noexcept {
  Context started;
  LATCHKEY_TRY(start(started, header, secret, agreed));
  const View received = preamble.last(kSealingCommitmentSize);
  base::Scrubbed<Commitment> expected;
  auto digest =
      commit(*expected, started, preamble.first(preamble.size() - received.size()), agreed.aad);
  if (!digest) return digest;
  std::uint64_t differs =
      base::secrets_differ(expected->data(), received.data(), kSealingCommitmentSize);
  base::declassify(&differs, sizeof differs);  // the caller is told
  if (differs != 0) return Error::not_authentic;
  context = std::move(started);
  return digest;
}

}  // namespace latchkey::seal
