// `latchkey fingerprint`: what people compare to know that they have the same public key.
#include "latchkey/fingerprint.hpp"

#include <cstdio>

#include "commands.hpp"
#include "failure.hpp"
#include "input.hpp"
#include "keys.hpp"

namespace latchkey::cli {
std::string shown(const Result<Fingerprint>& fingerprint) {
  if (!fingerprint) fail("cannot make the fingerprint", fingerprint.error());
  return std::string(fingerprint->text());
}

void fingerprint(const Options& options) {
  for (const std::string& line : load_fingerprints(options.key, options.source)) {
    std::printf("%s\n", line.c_str());
  }
}

}  // namespace latchkey::cli
