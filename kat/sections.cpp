// The sections of a vector file, and the ways through the library that each one checks.

#include "check.hpp"
#include "latchkey/derand.hpp"
#include "secret.hpp"

namespace latchkey::kat {
namespace {

// An input that the library takes as a span of 32 bytes: it cannot be handed any other length.
std::span<const std::uint8_t, 32> fixed(const char* name, std::span<const std::uint8_t> bytes) {
  if (bytes.size() != 32) throw Rejected(std::string(name) + " is not 32 bytes long");
  return bytes.first<32>();
}

Bytes seed_of(const DecapsulationKey& key) {
  std::array<std::uint8_t, kSeedSize> seed;
  accepted(key.export_seed(seed));
  return revealed(seed);
}

Bytes expanded(const DecapsulationKey& key) {
  std::array<std::uint8_t, kDecapsulationKeySize> dk;
  accepted(key.export_expanded(dk));
  return revealed(dk);
}

Bytes ek_of(const DecapsulationKey& key) { return revealed(key.encapsulation_key().bytes()); }

// All of a new key, and its seed as the inputs d and z.
Fields parts_of(const DecapsulationKey& key) {
  const Bytes seed = seed_of(key);
  return {{"d", {seed.begin(), seed.begin() + 32}},
          {"z", {seed.begin() + 32, seed.end()}},
          {"ek", ek_of(key)},
          {"dk", expanded(key)}};
}

Fields keygen(const Record& record) {
  const SecretCopy d(record.at("d")), z(record.at("z"));
  return parts_of(accepted(derand::keygen(fixed("d", *d), fixed("z", *z))));
}

Fields keygen_from_seed(const Record& record) {
  Bytes seed;
  for (const char* half : {"d", "z"}) {
    const auto bytes = fixed(half, record.at(half));
    seed.insert(seed.end(), bytes.begin(), bytes.end());
  }
  return parts_of(accepted(DecapsulationKey::from_seed(*SecretCopy(seed))));
}

Fields encapsulate(const Record& record) {
  const auto key = accepted(EncapsulationKey::parse(record.at("ek")));
  const SecretCopy m(record.at("m"));
  const auto sent = accepted(derand::encapsulate(key, fixed("m", *m)));
  return {{"ek", revealed(key.bytes())},
          {"c", revealed(sent.ciphertext)},
          {"k", revealed(sent.secret)}};
}

Bytes import_and_decapsulate(const Bytes& dk, const Bytes& c) {
  const SecretCopy copy(dk);
  const auto key = accepted(DecapsulationKey::import_expanded(*copy, ExpandedKeyCheck::hash_only));
  return revealed(accepted(key.decapsulate(c)));
}

Bytes decapsulate_once(const Bytes& dk, const Bytes& c) {
  return revealed(accepted(decapsulate_with_expanded_key(*SecretCopy(dk), c)));
}

Fields decaps_imported(const Record& record) {
  return {{"k", import_and_decapsulate(record.at("dk"), record.at("c"))}};
}

Fields decaps_once(const Record& record) {
  return {{"k", decapsulate_once(record.at("dk"), record.at("c"))}};
}

DecapsulationKey from_seed(const Record& record) {
  return accepted(DecapsulationKey::from_seed(*SecretCopy(record.at("seed"))));
}

Fields seed_decaps(const Record& record) {
  const auto key = from_seed(record);
  return {{"seed", seed_of(key)},
          {"ek", ek_of(key)},
          {"k", revealed(accepted(key.decapsulate(record.at("c"))))}};
}

Fields seed_decaps_imported(const Record& record) {
  return {{"k", import_and_decapsulate(expanded(from_seed(record)), record.at("c"))}};
}

Fields seed_decaps_once(const Record& record) {
  return {{"k", decapsulate_once(expanded(from_seed(record)), record.at("c"))}};
}

}  // namespace

std::span<const Section> sections() {
  static const Section kSections[] = {
      {.name = "mlkem768-keygen",
       .inputs = {"d", "z"},
       .outputs = {"ek", "dk"},
       .optional_outputs = {},
       .paths = {{"keygen", keygen}, {"from_seed", keygen_from_seed}}},
      {.name = "mlkem768-encaps",
       .inputs = {"ek", "m"},
       .outputs = {"c", "k"},
       .optional_outputs = {},
       .paths = {{"encapsulate", encapsulate}}},
      {.name = "mlkem768-decaps",
       .inputs = {"dk", "c"},
       .outputs = {"k"},
       .optional_outputs = {},
       .paths = {{"import_expanded, decapsulate", decaps_imported},
                 {"decapsulate_with_expanded_key", decaps_once}}},
      {.name = "mlkem768-seed-decaps",
       .inputs = {"seed", "c"},
       .outputs = {"k"},
       .optional_outputs = {"ek"},
       .paths = {{"from_seed, decapsulate", seed_decaps},
                 {"export_expanded, import_expanded, decapsulate", seed_decaps_imported},
                 {"export_expanded, decapsulate_with_expanded_key", seed_decaps_once}}},
  };
  return kSections;
}

}  // namespace latchkey::kat
