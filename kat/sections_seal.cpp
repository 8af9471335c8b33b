// The sections of sealed messages and streams (seal.hpp, stream.hpp), where the runner has
// latchkey-seal.

#include "seal/seal.hpp"

#include "latchkey/derand.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "seal/stream.hpp"
#include "seal_fields.hpp"

namespace latchkey::kat {
namespace {

SealedKind kind_of(const Record& record) {
  const Bytes& kind = record.at("kind");
  if (kind.size() != 1 || (kind[0] != 1 && kind[0] != 2))
    throw Rejected("kind is neither 01 nor 02");
  return static_cast<SealedKind>(kind[0]);
}

// Chunk by chunk: the whole is what seal_stream() writes.
template <Kem K>
Bytes sealed_stream(const typename K::EncapsulationKey& key, const typename K::Encapsulation& sent,
                    const Record& record, SealingSuite suite) {
  auto sealer =
      accepted(StreamAccess::sealer<K>(key, sent, record.at("aad"), record.at("context"), suite));
  Bytes all = revealed(sealer.header());
  std::span<const std::uint8_t> left = record.at("content");
  for (bool is_last = false; !is_last;) {
    const auto chunk = left.first(std::min(left.size(), kStreamChunk));
    left = left.subspan(chunk.size());
    is_last = left.empty();
    Bytes encrypted(chunk.size() + hpke::kTagSize);
    accepted(sealer.seal_chunk(encrypted, chunk, Last{is_last}));
    all.insert(all.end(), encrypted.begin(), encrypted.end());
  }
  return revealed(all);
}

template <Kem K>
Fields seal(const Record& record) {
  constexpr std::size_t kSeed = K::kHpkeId == XWing::kHpkeId ? xwing::kEncapsulationSeedSize : 32;
  const auto key = accepted(K::DecapsulationKey::from_seed(*SecretCopy(record.at("sk"))));
  const auto& recipient = key.encapsulation_key();
  const SecretCopy randomness(record.at("eseed"));
  if ((*randomness).size() != kSeed) throw Rejected("eseed has not the KEM's size");
  const auto sent = accepted(derand::encapsulate(recipient, (*randomness).template first<kSeed>()));
  const SealingSuite suite{static_cast<hpke::Kdf>(number(record, "kdf_id")),
                           static_cast<hpke::Aead>(number(record, "aead_id"))};
  Bytes sealed;
  if (kind_of(record) == SealedKind::stream) {
    sealed = sealed_stream<K>(recipient, sent, record, suite);
  } else {
    const SecretCopy content(record.at("content"));
    const auto message = accepted(SealingAccess::seal<K>(
        recipient, sent, *content, record.at("aad"), record.at("context"), suite));
    sealed = revealed(message.bytes());
  }
  constexpr std::size_t kCommitment = kSealedInfoSize + K::kCiphertextSize;
  return {{"commitment", revealed(std::span<const std::uint8_t>(sealed).subspan(
                             kCommitment, kSealingCommitmentSize))},
          {"sealed", sealed}};
}

// Of either kind.
template <Kem K>
Fields open(const Record& record) {
  const auto key = accepted(K::DecapsulationKey::from_seed(*SecretCopy(record.at("sk"))));
  const Bytes& sealed = record.at("sealed");
  const auto info = accepted(inspect_sealed(sealed));
  if (info.kind == SealedKind::message) {
    return {{"content",
             revealed(accepted(open_sealed(key, sealed, record.at("aad"), record.at("context"))))}};
  }
  Bytes content;
  std::span<const std::uint8_t> left = sealed;
  const auto read = [&](std::span<std::uint8_t> to) -> Result<std::size_t> {
    const auto part = left.first(std::min(left.size(), to.size()));
    std::ranges::copy(part, to.begin());
    left = left.subspan(part.size());
    return part.size();
  };
  const auto write = [&](std::span<const std::uint8_t> chunk) -> Result<void> {
    const Bytes bytes = revealed(chunk);
    content.insert(content.end(), bytes.begin(), bytes.end());
    return {};
  };
  accepted(open_stream(key, read, write, record.at("aad"), record.at("context")));
  return {{"content", content}};
}

constexpr auto kOpen = [](const Record& record) {
  return by_kem(record, [](auto kem, const Record& of) { return open<decltype(kem)>(of); });
};

}  // namespace

Section seal_section() {
  return {
      .name = kSealSection,
      .inputs = {"kind", "kem_id", "kdf_id", "aead_id", "sk", "eseed", "aad", "context", "content"},
      .outputs = {"commitment", "sealed"},
      .optional_outputs = {},
      .paths = {{"seal",
                 [](const Record& record) {
                   return by_kem(
                       record, [](auto kem, const Record& of) { return seal<decltype(kem)>(of); });
                 }},
                {"open", kOpen, true}},
      .batch = {}};
}

Section open_sealed_section() {
  return {.name = kOpenSealedSection,
          .inputs = {"kem_id", "sk", "sealed", "aad", "context"},
          .outputs = {"content"},
          .optional_outputs = {},
          .paths = {{"open", kOpen}},
          .batch = {}};
}

}  // namespace latchkey::kat
