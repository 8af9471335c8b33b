// The section of X-Wing (draft-connolly-cfrg-xwing-kem), where the runner has latchkey-seal.

#include "latchkey/derand_hybrid.hpp"
#include "secret.hpp"

namespace latchkey::kat {
namespace {

xwing::DecapsulationKey key_of(const Record& record) {
  return accepted(xwing::DecapsulationKey::from_seed(*SecretCopy(record.at("sk"))));
}

Fields keygen_and_encapsulate(const Record& record) {
  const auto key = key_of(record);
  std::array<std::uint8_t, xwing::kSeedSize> sk;
  accepted(key.export_seed(sk));
  const SecretCopy eseed(record.at("eseed"));
  if ((*eseed).size() != xwing::kEncapsulationSeedSize) {
    throw Rejected("eseed is not 64 bytes long");
  }
  const auto pk = accepted(xwing::EncapsulationKey::parse(record.at("pk")));
  const auto sent =
      accepted(derand::encapsulate(pk, (*eseed).first<xwing::kEncapsulationSeedSize>()));
  return {{"sk", revealed(sk)},
          {"pk", revealed(key.encapsulation_key().bytes())},
          {"ct", revealed(sent.ciphertext)},
          {"ss", revealed(sent.secret)}};
}

Fields decapsulate(const Record& record) {
  return {{"ss", revealed(accepted(key_of(record).decapsulate(record.at("ct"))))}};
}

}  // namespace

Section xwing_section() {
  return {.name = kXWingSection,
          .inputs = {"sk", "pk", "eseed"},
          .outputs = {"ct", "ss"},
          .optional_outputs = {},
          .paths = {{"from_seed, encapsulate", keygen_and_encapsulate},
                    {"from_seed, decapsulate", decapsulate, true}},
          .batch = {}};
}

}  // namespace latchkey::kat
