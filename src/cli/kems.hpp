// The KEMs of the tool, by name on the command line and by key type.
#pragma once

#include <array>
#include <string_view>

#include "failure.hpp"
#include "latchkey/kem.hpp"

namespace latchkey::cli {

// Calls f(K()) for the KEM of that name, as --type takes it (command_table.cpp), and returns its
// result.
template <class F>
auto with_kem(std::string_view type, F f) {
  if (type == "x-wing") return f(XWing());
  if (type == "ml-kem-512") return f(MlKem512());
  if (type == "ml-kem-768") return f(MlKem768());
  if (type == "ml-kem-1024") return f(MlKem1024());
  throw Failure("there is no algorithm " + std::string(type), Failure::kUsage);
}

// A KEM's name, number and sizes.
struct KemRow {
  const char* name;
  std::uint16_t hpke_id;
  std::size_t encapsulation_key_size, ciphertext_size;  // in bytes
};
template <class K>
inline constexpr KemRow kRowOf{K::kName, K::kHpkeId, K::kEncapsulationKeySize, K::kCiphertextSize};
inline constexpr std::array kKems = {kRowOf<XWing>, kRowOf<MlKem512>, kRowOf<MlKem768>,
                                     kRowOf<MlKem1024>};

// The row of a key's KEM.
template <class Key>
constexpr const KemRow& row_of(const Key&) {
  return kRowOf<typename KemOf<Key>::Kem>;
}

}  // namespace latchkey::cli
