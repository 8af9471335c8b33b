// The section of session keys (bind.hpp), where the runner has latchkey-seal.

#include "latchkey/bind.hpp"

#include "seal_fields.hpp"

namespace latchkey::kat {
namespace {

BindingKdf kdf_of(const Record& record) {
  const Bytes& kdf = record.at("kdf");
  if (kdf.size() != 1) throw Rejected("kdf is not one byte long");
  return static_cast<BindingKdf>(kdf[0]);
}

template <Kem K>
Fields bind_and_derive(const Record& record) {
  const auto key = accepted(K::DecapsulationKey::from_seed(*SecretCopy(record.at("sk"))));
  const auto secret = accepted(key.decapsulate(record.at("ct")));
  const auto keys = accepted(SessionKeys::bind(secret, key.encapsulation_key(), record.at("ct"),
                                               record.at("context"), kdf_of(record)));
  const Bytes& label = record.at("label");
  return {{"ek", revealed(key.encapsulation_key().bytes())},
          {"ss", revealed(secret)},
          {"key", revealed(accepted(keys.derive(std::string(label.begin(), label.end()),
                                                number(record, "length"))))}};
}

}  // namespace

Section bind_section() {
  return {.name = kBindSection,
          .inputs = {"kem_id", "kdf", "sk", "ct", "context", "label", "length"},
          .outputs = {"ek", "ss", "key"},
          .optional_outputs = {},
          .paths = {{"from_seed, decapsulate, bind, derive",
                     [](const Record& record) {
                       return by_kem(record, [](auto kem, const Record& of) {
                         return bind_and_derive<decltype(kem)>(of);
                       });
                     }}},
          .batch = {}};
}

}  // namespace latchkey::kat
