// The sections of HPKE's base mode (RFC 9180, appendix A, and draft-ietf-hpke-pq), where the runner
// has latchkey-seal: all of it, and from the shared secret on.

#include "api/access.hpp"
#include "hpke/hpke.hpp"
#include "latchkey/derand.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "latchkey/derand_seal.hpp"
#include "seal_fields.hpp"

namespace latchkey::kat {
namespace {

constexpr std::size_t kSeals = 10, kExports = 5;  // of a record, at most

std::string field(const char* kind, std::size_t i, const char* name) {
  return kind + std::to_string(i) + "." + name;
}

// What the key schedule made.
void add_secrets(Fields& fields, const hpke::internal::Context& context,
                 const hpke::Parameters& parameters) {
  accepted(hpke::internal::ScheduleAccess::read(context, [&](const hpke::Secrets& secrets) {
    const std::span<const std::uint8_t> key = secrets.key, exporter = secrets.exporter_secret;
    fields.emplace("key", revealed(key.first(crypto::key_size(parameters.aead))));
    fields.emplace("base_nonce", revealed(secrets.base_nonce));
    fields.emplace("exporter_secret", revealed(exporter.first(hpke::hash_size(parameters.kdf))));
  }));
}

// How many messages the record has, which are numbered from 0 on.
std::size_t seals_in(const Record& record) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < kSeals; ++i) count += record.fields.contains(field("seal", i, "ct"));
  return count;
}

void add_exports(Fields& fields, const hpke::internal::Context& context, const Record& record) {
  for (std::size_t i = 0; i < kExports; ++i) {
    const auto value = field("export", i, "value");
    if (!record.fields.contains(value)) continue;
    fields.emplace(
        value,
        revealed(accepted(context.export_secret(record.at(field("export", i, "context")),
                                                number(record, field("export", i, "length"))))));
  }
}

hpke::Parameters parameters_of(const Record& record) {
  if (number(record, "mode") != 0) throw Rejected("mode is not 0000, base");
  return {.kdf = static_cast<hpke::Kdf>(number(record, "kdf_id")),
          .aead = static_cast<hpke::Aead>(number(record, "aead_id")),
          .info = record.at("info"),
          .psk = {},
          .psk_id = {}};
}

void add_messages(Fields& fields, hpke::SenderContext& sender, const Record& record) {
  for (std::size_t i = 0; i < seals_in(record); ++i) {
    const Bytes& message = record.at(field("seal", i, "pt"));
    Bytes box(message.size() + hpke::kTagSize);
    accepted(sender.seal_to(box, message, record.at(field("seal", i, "aad"))));
    fields.emplace(field("seal", i, "ct"), revealed(box));
  }
}

// The size of ikmE in bytes.
template <class K>
constexpr std::size_t kRandomnessSize{32};
template <>
constexpr std::size_t kRandomnessSize<XWing>{xwing::kEncapsulationSeedSize};
template <NistHybrid hybrid>
constexpr std::size_t kRandomnessSize<NistHybridOf<hybrid>>{sizes_of(hybrid).randomness};

template <Kem K>
Fields send(const Record& record) {
  constexpr std::size_t kSize = kRandomnessSize<K>;
  const auto key = accepted(K::EncapsulationKey::parse(record.at("pkRm")));
  const SecretCopy randomness(record.at("ikmE"));
  if ((*randomness).size() != kSize) throw Rejected("ikmE has not the KEM's size");
  const auto sent = accepted(derand::encapsulate(key, (*randomness).template first<kSize>()));
  const auto parameters = parameters_of(record);
  auto sender = accepted(hpke::sender_of<K>(sent, parameters));
  Fields fields = {{"enc", revealed(sender.enc)}, {"shared_secret", revealed(sent.secret)}};
  add_secrets(fields, sender.context, parameters);
  add_messages(fields, sender.context, record);
  add_exports(fields, sender.context, record);
  return fields;
}

template <Kem K>
Fields receive(const Record& record) {
  const auto key = accepted(K::DecapsulationKey::from_seed(*SecretCopy(record.at("skRm"))));
  const auto parameters = parameters_of(record);
  auto context = accepted(hpke::setup_receiver<K>(key, record.at("enc"), parameters));
  Fields fields = {{"pkRm", revealed(key.encapsulation_key().bytes())}};
  add_secrets(fields, context, parameters);
  for (std::size_t i = 0; i < seals_in(record); ++i) {
    const auto message = accepted(
        context.open(record.at(field("seal", i, "ct")), record.at(field("seal", i, "aad"))));
    fields.emplace(field("seal", i, "pt"), revealed(message));
  }
  add_exports(fields, context, record);
  return fields;
}

// Nothing, where the record does not say what its key comes from.
template <Kem K>
Fields derive_key(const Record& record) {
  if (!record.fields.contains("ikmR")) return {};
  const auto key = accepted(hpke::derive_key_pair<K>(*SecretCopy(record.at("ikmR"))));
  std::array<std::uint8_t, K::kSeedSize> seed;
  accepted(key.export_seed(seed));
  return {{"skRm", revealed(seed)}, {"pkRm", revealed(key.encapsulation_key().bytes())}};
}

// With a shared secret of any KEM, which need not have 32 bytes.
Fields schedule(const Record& record) {
  using hpke::internal::ScheduleAccess;
  const SecretCopy shared_secret(record.at("shared_secret"));
  const auto parameters = parameters_of(record);
  const auto kem_id = number(record, "kem_id");
  auto secrets = accepted(
      ScheduleAccess::derive(kem_id, *shared_secret, parameters, {hpke::View(parameters.info)}));
  hpke::SenderContext sender;
  ScheduleAccess::start(sender, kem_id, parameters, std::move(secrets));
  Fields fields;
  add_secrets(fields, sender, parameters);
  add_messages(fields, sender, record);
  add_exports(fields, sender, record);
  return fields;
}

// Fields that a record may have. Names live as long as the sections.
const std::vector<std::string>& optional_fields() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = {"suite_id", "ikmR"};
    for (std::size_t i = 0; i < kSeals; ++i) {
      for (const char* part : {"aad", "nonce", "pt", "ct"}) all.push_back(field("seal", i, part));
    }
    for (std::size_t i = 0; i < kExports; ++i) {
      for (const char* part : {"context", "length", "value"}) {
        all.push_back(field("export", i, part));
      }
    }
    return all;
  }();
  return names;
}

// `path` is Sender, Receiver or KeyDerivation.
template <template <class> class path>
Fields by_its_kem(const Record& record) {
  using hpke::DhKemP256, hpke::DhKemX25519;
  return by_kem(record, {path<MlKem512>::kem, path<MlKem768>::kem, path<MlKem1024>::kem,
                         path<XWing>::kem, path<MlKem768P256>::kem, path<MlKem1024P384>::kem,
                         path<DhKemP256>::kem, path<DhKemX25519>::kem});
}
template <class K>
struct Sender {
  static constexpr OfKem kem = {K::kHpkeId, send<K>};
};
template <class K>
struct Receiver {
  static constexpr OfKem kem = {K::kHpkeId, receive<K>};
};
template <class K>
struct KeyDerivation {
  static constexpr OfKem kem = {K::kHpkeId, derive_key<K>};
};

}  // namespace

Section hpke_section() {
  const auto& names = optional_fields();
  return {.name = kHpkeSection,
          .inputs = {"mode", "kem_id", "kdf_id", "aead_id", "info", "ikmE", "skRm", "pkRm"},
          .outputs = {"enc", "shared_secret", "key", "base_nonce", "exporter_secret"},
          .optional_outputs = {names.begin(), names.end()},
          .paths = {{"sender", by_its_kem<Sender>},
                    {.name = "receiver", .run = by_its_kem<Receiver>, .needs_answers = true},
                    {.name = "derive_key_pair",
                     .run = by_its_kem<KeyDerivation>,
                     .needs_answers = true}},
          .batch = {}};
}

Section hpke_schedule_section() {
  const auto& names = optional_fields();
  return {.name = kHpkeScheduleSection,
          .inputs = {"mode", "kem_id", "kdf_id", "aead_id", "info", "shared_secret"},
          .outputs = {"key", "base_nonce", "exporter_secret"},
          .optional_outputs = {names.begin(), names.end()},
          .paths = {{"key schedule", schedule}},
          .batch = {}};
}

}  // namespace latchkey::kat
