// `latchkey fingerprint`: what people compare to know that they have the same public key.
#include "latchkey/fingerprint.hpp"

#include <cstdio>

#include "commands.hpp"
#include "failure.hpp"
#include "input.hpp"
#include "keys.hpp"

namespace latchkey::cli {
namespace {

template <class Key>
std::string made_of(const Key& key) {
  const auto made = value_of(latchkey::fingerprint(key), "cannot make the fingerprint");
  return std::string(made.text());
}

}  // namespace

std::string fingerprint_of(const EncapsulationKey& key) { return made_of(key); }
std::string fingerprint_of(const xwing::EncapsulationKey& key) { return made_of(key); }

void fingerprint(const Options& options) {
  for (const std::string& line : load_fingerprints(options.key, options.source)) {
    std::printf("%s\n", line.c_str());
  }
}

}  // namespace latchkey::cli
