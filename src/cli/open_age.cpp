#include "open_age.hpp"

#include "failure.hpp"
#include "identities.hpp"
#include "memory_source.hpp"

namespace latchkey::cli {

bool needs_passphrase(View first_bytes, const std::string& name) {
  const auto info = age::inspect(source_of(first_bytes));
  if (!info) {
    const bool goes_on =
        info.error() == Error::sealed_length && first_bytes.size() >= kAgeFirstBytes;
    if (!goes_on) fail("cannot open " + name, info.error());
    return false;
  }
  if (info->is_passphrase_file && info->work_factor > age::kMaxWorkFactor) {
    throw Failure("cannot open " + name + ": " + too_costly(info->work_factor));
  }
  return info->is_passphrase_file;
}

void open_age(const OpeningKeys& keys, Flow& flow) {
  std::vector<const xwing::DecapsulationKey*> hybrid;
  for (const auto& each : keys.keys) {
    const auto* key = std::get_if<xwing::DecapsulationKey>(&each.key);
    if (key != nullptr) hybrid.push_back(key);
  }
  std::vector<const age::X25519Identity*> x25519;
  for (const auto& key : keys.x25519) x25519.push_back(&key);
  const auto done = age::open(hybrid, x25519, flow.source(), flow.sink());
  if (!done && done.error() == Error::too_costly) {
    throw Failure(
        "cannot open " + flow.input_name() +
        ": it has too many recipients to try every private key with each of them: give fewer keys");
  }
  if (!done && done.error() == Error::passphrase_file) {
    throw Failure("cannot open " + flow.input_name() + ": " + describe(done.error()) +
                  ": leave out -i");
  }
  flow.check(done, "cannot open");
}

void open_age_with_passphrase(const LockedBuffer& passphrase, Flow& flow) {
  const auto done = passphrase.read(
      [&](View words) { return age::open_with_passphrase(words, flow.source(), flow.sink()); });
  flow.check(done, "cannot open");
}

}  // namespace latchkey::cli
