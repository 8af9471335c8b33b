// The sections of a vector file, and the ways through the library that each one checks.

#include "check.hpp"
#include "latchkey/derand.hpp"
#include "secret.hpp"

namespace latchkey::kat {
namespace {

// d || z
Bytes seed_from(const Record& record) {
  Bytes seed;
  for (const char* half : {"d", "z"}) {
    const auto bytes = fixed(half, record.at(half));
    seed.insert(seed.end(), bytes.begin(), bytes.end());
  }
  return seed;
}

template <class Key>
std::vector<const Key*> pointers_to(const std::vector<Key>& keys) {
  std::vector<const Key*> pointers;
  for (const Key& key : keys) pointers.push_back(&key);
  return pointers;
}

// The ways of one parameter set.
template <MlKem set>
struct Paths {
  using DecapsulationKey = MlKemDecapsulationKey<set>;
  using EncapsulationKey = MlKemEncapsulationKey<set>;
  using Encapsulation = MlKemEncapsulation<set>;
  using Ciphertext = MlKemCiphertext<set>;

  static Bytes seed_of(const DecapsulationKey& key) {
    std::array<std::uint8_t, kSeedSize> seed;
    accepted(key.export_seed(seed));
    return revealed(seed);
  }

  static Bytes expanded(const DecapsulationKey& key) {
    std::array<std::uint8_t, sizes_of(set).decapsulation_key> dk;
    accepted(key.export_expanded(dk));
    return revealed(dk);
  }

  static Bytes ek_of(const DecapsulationKey& key) {
    return revealed(key.encapsulation_key().bytes());
  }

  // All of a new key, and its seed as the inputs d and z.
  static Fields parts_of(const DecapsulationKey& key) {
    const Bytes seed = seed_of(key);
    return {{"d", {seed.begin(), seed.begin() + 32}},
            {"z", {seed.begin() + 32, seed.end()}},
            {"ek", ek_of(key)},
            {"dk", expanded(key)}};
  }

  static Fields keygen(const Record& record) {
    const SecretCopy d(record.at("d")), z(record.at("z"));
    return parts_of(accepted(derand::keygen<set>(fixed("d", *d), fixed("z", *z))));
  }

  static Fields keygen_from_seed(const Record& record) {
    return parts_of(accepted(DecapsulationKey::from_seed(*SecretCopy(seed_from(record)))));
  }

  static Fields encapsulate(const Record& record) {
    const auto key = accepted(EncapsulationKey::parse(record.at("ek")));
    const SecretCopy m(record.at("m"));
    const auto sent = accepted(derand::encapsulate(key, fixed("m", *m)));
    return {{"ek", revealed(key.bytes())},
            {"c", revealed(sent.ciphertext)},
            {"k", revealed(sent.secret)}};
  }

  static Fields encapsulate_in_two_steps(const Record& record) {
    const auto key = accepted(EncapsulationKey::parse(record.at("ek")));
    const auto parts = accepted(latchkey::parts_of(key));
    const SecretCopy m(record.at("m"));
    auto begun = accepted(derand::begin_encapsulation<set>(parts.header, fixed("m", *m)));
    const Bytes early = revealed(accepted(begun.state.early_secret()));
    const auto end = accepted(begun.state.finish(parts.t_hat));
    Bytes c = revealed(begun.c1);
    c.insert(c.end(), end.c2.begin(), end.c2.end());
    if (early != revealed(end.secret)) throw std::runtime_error("early_secret() gives another K");
    return {{"ek", revealed(key.bytes())}, {"c", c}, {"k", early}};
  }

  static Bytes import_and_decapsulate(const Bytes& dk, const Bytes& c) {
    const SecretCopy copy(dk);
    const auto key =
        accepted(DecapsulationKey::import_expanded(*copy, ExpandedKeyCheck::hash_only));
    return revealed(accepted(key.decapsulate(c)));
  }

  static Bytes decapsulate_once(const Bytes& dk, const Bytes& c) {
    return revealed(accepted(decapsulate_with_expanded_key<set>(*SecretCopy(dk), c)));
  }

  static Fields decaps_imported(const Record& record) {
    return {{"k", import_and_decapsulate(record.at("dk"), record.at("c"))}};
  }

  static Fields decaps_once(const Record& record) {
    return {{"k", decapsulate_once(record.at("dk"), record.at("c"))}};
  }

  static DecapsulationKey from_seed(const Record& record) {
    return accepted(DecapsulationKey::from_seed(*SecretCopy(record.at("seed"))));
  }

  static Fields seed_decaps(const Record& record) {
    const auto key = from_seed(record);
    return {{"seed", seed_of(key)},
            {"ek", ek_of(key)},
            {"k", revealed(accepted(key.decapsulate(record.at("c"))))}};
  }

  static Fields seed_decaps_imported(const Record& record) {
    return {{"k", import_and_decapsulate(expanded(from_seed(record)), record.at("c"))}};
  }

  static Fields seed_decaps_once(const Record& record) {
    return {{"k", decapsulate_once(expanded(from_seed(record)), record.at("c"))}};
  }

  // ---- Batches, of records that the library takes one by one

  static std::vector<DecapsulationKey> generate(const std::vector<Bytes>& seeds) {
    std::vector<DecapsulationKey> keys(seeds.size());
    accepted(derand::generate_batch<set>(*SecretCopies<kSeedSize>(seeds), keys));
    return keys;
  }

  static std::vector<Fields> keygen_batch(Records records) {
    std::vector<Bytes> seeds;
    for (const Record* record : records) seeds.push_back(seed_from(*record));
    std::vector<Fields> results;
    for (const auto& key : generate(seeds)) results.push_back(parts_of(key));
    return results;
  }

  static std::vector<Fields> encaps_batch(Records records) {
    std::vector<EncapsulationKey> keys;
    std::vector<Bytes> ms;
    for (const Record* record : records) {
      keys.push_back(accepted(EncapsulationKey::parse(record->at("ek"))));
      ms.push_back(record->at("m"));
    }
    std::vector<Encapsulation> sent(records.size());
    accepted(derand::encapsulate_batch<set>(pointers_to(keys), *SecretCopies<32>(ms), sent));
    std::vector<Fields> results;
    for (const auto& one : sent) {
      results.push_back({{"c", revealed(one.ciphertext)}, {"k", revealed(one.secret)}});
    }
    return results;
  }

  static std::vector<Fields> decaps_all(const std::vector<DecapsulationKey>& keys,
                                        Records records) {
    std::vector<Ciphertext> ciphertexts(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
      std::ranges::copy(records[i]->at("c"), ciphertexts[i].begin());
    }
    std::vector<SharedSecret> secrets(records.size());
    accepted(decapsulate_batch<set>(pointers_to(keys), ciphertexts, secrets));
    std::vector<Fields> results;
    for (const auto& secret : secrets) results.push_back({{"k", revealed(secret)}});
    return results;
  }

  static std::vector<Fields> decaps_batch(Records records) {
    std::vector<DecapsulationKey> keys;
    for (const Record* record : records) {
      const SecretCopy dk(record->at("dk"));
      keys.push_back(accepted(DecapsulationKey::import_expanded(*dk, ExpandedKeyCheck::hash_only)));
    }
    return decaps_all(keys, records);
  }

  static std::vector<Fields> seed_decaps_batch(Records records) {
    std::vector<Bytes> seeds;
    for (const Record* record : records) seeds.push_back(record->at("seed"));
    return decaps_all(generate(seeds), records);
  }
};

// `names`: of the sections for key generation, encapsulation, decapsulation, and that from a seed.
template <MlKem set>
void add_sections(std::vector<Section>& all, const std::array<std::string_view, 4>& names) {
  using P = Paths<set>;
  const Section sections[] = {
      {.name = names[0],
       .inputs = {"d", "z"},
       .outputs = {"ek", "dk"},
       .optional_outputs = {},
       .paths = {{"keygen", P::keygen}, {"from_seed", P::keygen_from_seed}},
       .batch = {"generate_batch", P::keygen_batch}},
      {.name = names[1],
       .inputs = {"ek", "m"},
       .outputs = {"c", "k"},
       .optional_outputs = {},
       .paths = {{"encapsulate", P::encapsulate},
                 {"begin_encapsulation, finish", P::encapsulate_in_two_steps}},
       .batch = {"encapsulate_batch", P::encaps_batch}},
      {.name = names[2],
       .inputs = {"dk", "c"},
       .outputs = {"k"},
       .optional_outputs = {},
       .paths = {{"import_expanded, decapsulate", P::decaps_imported},
                 {"decapsulate_with_expanded_key", P::decaps_once}},
       .batch = {"import_expanded, decapsulate_batch", P::decaps_batch}},
      {.name = names[3],
       .inputs = {"seed", "c"},
       .outputs = {"k"},
       .optional_outputs = {"ek"},
       .paths = {{"from_seed, decapsulate", P::seed_decaps},
                 {"export_expanded, import_expanded, decapsulate", P::seed_decaps_imported},
                 {"export_expanded, decapsulate_with_expanded_key", P::seed_decaps_once}},
       .batch = {"generate_batch, decapsulate_batch", P::seed_decaps_batch}},
  };
  all.insert(all.end(), std::begin(sections), std::end(sections));
}

}  // namespace

std::span<const Section> sections() {
  static const std::vector<Section> kSections = [] {
    std::vector<Section> all;
    add_sections<MlKem::k512>(
        all, {"mlkem512-keygen", "mlkem512-encaps", "mlkem512-decaps", "mlkem512-seed-decaps"});
    add_sections<MlKem::k768>(
        all, {"mlkem768-keygen", "mlkem768-encaps", "mlkem768-decaps", "mlkem768-seed-decaps"});
    add_sections<MlKem::k1024>(
        all, {"mlkem1024-keygen", "mlkem1024-encaps", "mlkem1024-decaps", "mlkem1024-seed-decaps"});
    all.push_back(x25519_section());
#ifdef LATCHKEY_HAVE_SEAL
    for (auto& section : {xwing_section(), hpke_section(), hpke_schedule_section(), bind_section(),
                          seal_section(), open_sealed_section()}) {
      all.push_back(section);
    }
    for (auto& section : nist_hybrid_sections()) all.push_back(section);
#endif
    return all;
  }();
  return kSections;
}

}  // namespace latchkey::kat
