// The sections of MLKEM768-P256 and MLKEM1024-P384 (draft-irtf-cfrg-concrete-hybrid-kems), where
// the runner has latchkey-seal.

#include "latchkey/derand_seal.hpp"
#include "seal_fields.hpp"

namespace latchkey::kat {
namespace {

// What the function of a hybrid makes of the record.
template <template <NistHybrid> class path>
Fields by_hybrid(const Record& record) {
  return by_kem(record,
                {path<NistHybrid::mlkem768_p256>::kem, path<NistHybrid::mlkem1024_p384>::kem});
}

template <NistHybrid hybrid>
NistHybridDecapsulationKey<hybrid> key_of(const Record& record) {
  using Key = NistHybridDecapsulationKey<hybrid>;
  return accepted(Key::from_seed(*SecretCopy(record.at("seed"))));
}

template <NistHybrid hybrid>
struct Keygen {
  static Fields run(const Record& record) {
    const auto key = key_of<hybrid>(record);
    std::array<std::uint8_t, 32> seed;
    accepted(key.export_seed(seed));
    return {{"seed", revealed(seed)}, {"ek", revealed(key.encapsulation_key().bytes())}};
  }
  static constexpr OfKem kem = {NistHybridOf<hybrid>::kHpkeId, run};
};

template <NistHybrid hybrid>
struct Encaps {
  static Fields run(const Record& record) {
    using Key = NistHybridEncapsulationKey<hybrid>;
    constexpr std::size_t kSize = sizes_of(hybrid).randomness;
    const SecretCopy randomness(record.at("randomness"));
    if ((*randomness).size() != kSize) throw Rejected("randomness has not the KEM's size");
    const auto key = accepted(Key::parse(record.at("ek")));
    const auto sent = accepted(derand::encapsulate(key, (*randomness).template first<kSize>()));
    return {{"c", revealed(sent.ciphertext)}, {"k", revealed(sent.secret)}};
  }
  static constexpr OfKem kem = {NistHybridOf<hybrid>::kHpkeId, run};
};

template <NistHybrid hybrid>
struct Decaps {
  static Fields run(const Record& record) {
    return {{"k", revealed(accepted(key_of<hybrid>(record).decapsulate(record.at("c"))))}};
  }
  static constexpr OfKem kem = {NistHybridOf<hybrid>::kHpkeId, run};
};

}  // namespace

std::vector<Section> nist_hybrid_sections() {
  return {{.name = "nist-hybrid-keygen",
           .inputs = {"kem_id", "seed"},
           .outputs = {"ek"},
           .optional_outputs = {},
           .paths = {{"from_seed", by_hybrid<Keygen>}},
           .batch = {}},
          {.name = "nist-hybrid-encaps",
           .inputs = {"kem_id", "ek", "randomness"},
           .outputs = {"c", "k"},
           .optional_outputs = {},
           .paths = {{"encapsulate", by_hybrid<Encaps>}},
           .batch = {}},
          {.name = "nist-hybrid-decaps",
           .inputs = {"kem_id", "seed", "c"},
           .outputs = {"k"},
           .optional_outputs = {},
           .paths = {{"from_seed, decapsulate", by_hybrid<Decaps>}},
           .batch = {}}};
}

}  // namespace latchkey::kat
