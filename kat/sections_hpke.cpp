// The section of HPKE's base mode (RFC 9180, appendix A, and draft-ietf-hpke-pq), where the runner
// has latchkey-seal.

#include "kem/prepared.hpp"
#include "latchkey/derand.hpp"
#include "seal/hpke.hpp"
#include "seal_fields.hpp"

namespace latchkey::kat {
namespace {

constexpr std::size_t kSeals = 10, kExports = 5;  // of a record, at most

std::string field(const char* kind, std::size_t i, const char* name) {
  return kind + std::to_string(i) + "." + name;
}

// What the key schedule made.
void add_secrets(Fields& fields, const hpke::internal::Context& context, const Record& record) {
  accepted(hpke::internal::Schedule::read(context, [&](const hpke::Secrets& secrets) {
    const auto first = [&](const char* name, std::span<const std::uint8_t> bytes) {
      fields.emplace(name, revealed(bytes.first(record.at(name).size())));
    };
    first("key", secrets.key);
    first("base_nonce", secrets.base_nonce);
    first("exporter_secret", secrets.exporter_secret);
  }));
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

template <Kem K>
Fields send(const Record& record) {
  constexpr std::size_t kSize = K::kHpkeId == XWing::kHpkeId ? xwing::kEncapsulationSeedSize : 32;
  const auto key = accepted(K::EncapsulationKey::parse(record.at("pkRm")));
  const SecretCopy randomness(record.at("ikmE"));
  if ((*randomness).size() != kSize) throw Rejected("ikmE has not the KEM's size");
  const auto sent = accepted(derand::encapsulate(key, (*randomness).template first<kSize>()));
  auto sender = accepted(hpke::sender_of<K>(sent, parameters_of(record)));
  Fields fields = {{"enc", revealed(sender.enc)}, {"shared_secret", revealed(sent.secret)}};
  add_secrets(fields, sender.context, record);
  for (std::size_t i = 0; i < kSeals; ++i) {
    const auto found = record.fields.find(field("seal", i, "pt"));
    if (found == record.fields.end()) break;
    Bytes box(found->second.size() + hpke::kTagSize);
    accepted(sender.context.seal_to(box, found->second, record.at(field("seal", i, "aad"))));
    fields.emplace(field("seal", i, "ct"), revealed(box));
  }
  add_exports(fields, sender.context, record);
  return fields;
}

template <Kem K>
Fields receive(const Record& record) {
  const auto key = accepted(K::DecapsulationKey::from_seed(*SecretCopy(record.at("skRm"))));
  auto context = accepted(hpke::setup_receiver<K>(key, record.at("enc"), parameters_of(record)));
  Fields fields = {{"pkRm", revealed(key.encapsulation_key().bytes())}};
  add_secrets(fields, context, record);
  for (std::size_t i = 0; i < kSeals; ++i) {
    const auto found = record.fields.find(field("seal", i, "ct"));
    if (found == record.fields.end()) break;
    const auto message = accepted(context.open(found->second, record.at(field("seal", i, "aad"))));
    fields.emplace(field("seal", i, "pt"), revealed(message));
  }
  add_exports(fields, context, record);
  return fields;
}

}  // namespace

Section hpke_section() {
  // Names live as long as the section.
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < kSeals; ++i) {
      for (const char* part : {"aad", "nonce", "pt", "ct"}) all.push_back(field("seal", i, part));
    }
    for (std::size_t i = 0; i < kExports; ++i) {
      for (const char* part : {"context", "length", "value"}) {
        all.push_back(field("export", i, part));
      }
    }
    for (const char* name : {"suite_id", "ikmR"}) all.emplace_back(name);
    return all;
  }();
  return {
      .name = "hpke-base",
      .inputs = {"mode", "kem_id", "kdf_id", "aead_id", "info", "ikmE", "skRm", "pkRm"},
      .outputs = {"enc", "shared_secret", "key", "base_nonce", "exporter_secret"},
      .optional_outputs = {names.begin(), names.end()},
      .paths = {{"sender",
                 [](const Record& record) { return by_kem(record, send<MlKem768>, send<XWing>); }},
                {"receiver",
                 [](const Record& record) {
                   return by_kem(record, receive<MlKem768>, receive<XWing>);
                 }}},
      .batch = {}};
}

}  // namespace latchkey::kat
