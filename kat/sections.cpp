// The sections of a vector file, and the ways through the library that each one checks.

#include "check.hpp"
#include "latchkey/derand.hpp"
#include "secret.hpp"

namespace latchkey::kat {
namespace {

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

// d || z
Bytes seed_from(const Record& record) {
  Bytes seed;
  for (const char* half : {"d", "z"}) {
    const auto bytes = fixed(half, record.at(half));
    seed.insert(seed.end(), bytes.begin(), bytes.end());
  }
  return seed;
}

Fields keygen_from_seed(const Record& record) {
  return parts_of(accepted(DecapsulationKey::from_seed(*SecretCopy(seed_from(record)))));
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

// ---- Batches, of records that the library takes one by one

template <class Key>
std::vector<const Key*> pointers_to(const std::vector<Key>& keys) {
  std::vector<const Key*> pointers;
  for (const Key& key : keys) pointers.push_back(&key);
  return pointers;
}

std::vector<DecapsulationKey> generate(const std::vector<Bytes>& seeds) {
  std::vector<DecapsulationKey> keys(seeds.size());
  accepted(derand::generate_batch(*SecretCopies<kSeedSize>(seeds), keys));
  return keys;
}

std::vector<Fields> keygen_batch(Records records) {
  std::vector<Bytes> seeds;
  for (const Record* record : records) seeds.push_back(seed_from(*record));
  std::vector<Fields> results;
  for (const auto& key : generate(seeds)) results.push_back(parts_of(key));
  return results;
}

std::vector<Fields> encaps_batch(Records records) {
  std::vector<EncapsulationKey> keys;
  std::vector<Bytes> ms;
  for (const Record* record : records) {
    keys.push_back(accepted(EncapsulationKey::parse(record->at("ek"))));
    ms.push_back(record->at("m"));
  }
  std::vector<Encapsulation> sent(records.size());
  accepted(derand::encapsulate_batch(pointers_to(keys), *SecretCopies<32>(ms), sent));
  std::vector<Fields> results;
  for (const auto& one : sent) {
    results.push_back({{"c", revealed(one.ciphertext)}, {"k", revealed(one.secret)}});
  }
  return results;
}

std::vector<Fields> decaps_all(const std::vector<DecapsulationKey>& keys, Records records) {
  std::vector<Ciphertext> ciphertexts(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    std::ranges::copy(records[i]->at("c"), ciphertexts[i].begin());
  }
  std::vector<SharedSecret> secrets(records.size());
  accepted(decapsulate_batch(pointers_to(keys), ciphertexts, secrets));
  std::vector<Fields> results;
  for (const auto& secret : secrets) results.push_back({{"k", revealed(secret)}});
  return results;
}

std::vector<Fields> decaps_batch(Records records) {
  std::vector<DecapsulationKey> keys;
  for (const Record* record : records) {
    const SecretCopy dk(record->at("dk"));
    keys.push_back(accepted(DecapsulationKey::import_expanded(*dk, ExpandedKeyCheck::hash_only)));
  }
  return decaps_all(keys, records);
}

std::vector<Fields> seed_decaps_batch(Records records) {
  std::vector<Bytes> seeds;
  for (const Record* record : records) seeds.push_back(record->at("seed"));
  return decaps_all(generate(seeds), records);
}

}  // namespace

std::span<const Section> sections() {
  static const std::vector<Section> kSections = {
      {.name = "mlkem768-keygen",
       .inputs = {"d", "z"},
       .outputs = {"ek", "dk"},
       .optional_outputs = {},
       .paths = {{"keygen", keygen}, {"from_seed", keygen_from_seed}},
       .batch = {"generate_batch", keygen_batch}},
      {.name = "mlkem768-encaps",
       .inputs = {"ek", "m"},
       .outputs = {"c", "k"},
       .optional_outputs = {},
       .paths = {{"encapsulate", encapsulate}},
       .batch = {"encapsulate_batch", encaps_batch}},
      {.name = "mlkem768-decaps",
       .inputs = {"dk", "c"},
       .outputs = {"k"},
       .optional_outputs = {},
       .paths = {{"import_expanded, decapsulate", decaps_imported},
                 {"decapsulate_with_expanded_key", decaps_once}},
       .batch = {"import_expanded, decapsulate_batch", decaps_batch}},
      {.name = "mlkem768-seed-decaps",
       .inputs = {"seed", "c"},
       .outputs = {"k"},
       .optional_outputs = {"ek"},
       .paths = {{"from_seed, decapsulate", seed_decaps},
                 {"export_expanded, import_expanded, decapsulate", seed_decaps_imported},
                 {"export_expanded, decapsulate_with_expanded_key", seed_decaps_once}},
       .batch = {"generate_batch, decapsulate_batch", seed_decaps_batch}},
      x25519_section(),
#ifdef LATCHKEY_HAVE_SEAL
      xwing_section(),
      hpke_section(),
      bind_section(),
      seal_section(),
      open_sealed_section(),
#endif
  };
  return kSections;
}

}  // namespace latchkey::kat
