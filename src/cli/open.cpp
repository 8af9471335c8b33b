// `latchkey open`: what was sealed by `latchkey seal`, by age, or by a program with this library.
#include <string.h>

#include <algorithm>
#include <array>

#include "bytes.hpp"
#include "commands.hpp"
#include "failure.hpp"
#include "flow.hpp"
#include "keys.hpp"
#include "sealed_error.hpp"

namespace latchkey::cli {
namespace {

constexpr std::size_t kMostOfMessage = 1 << 30;

struct Identities {
  std::vector<PrivateKey> keys;
  std::string refused;  // what to add to a failure: of which keys the password was wrong
};

// If several keys are given, those with a wrong password are skipped.
Identities identities_of(const Options& options) {
  Identities all;
  for (const auto& path : options.keys) {
    try {
      for (auto& key : load_identities(path, options.source)) all.keys.push_back(std::move(key));
    } catch (const WrongPassword& refusal) {
      if (options.keys.size() == 1) throw;
      all.refused += std::string("; ") + refusal.what();
    }
  }
  if (all.keys.empty()) throw Failure(all.refused.substr(2));
  return all;
}

View bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void open_age(const std::vector<PrivateKey>& identities, Flow& flow) {
  std::vector<const xwing::DecapsulationKey*> keys;
  for (const auto& identity : identities) {
    const auto* key = std::get_if<xwing::DecapsulationKey>(&identity.key);
    if (key != nullptr) keys.push_back(key);
  }
  const auto done = age::open(keys, flow.source(), flow.sink());
  if (!done && done.error() == Error::too_costly) {
    throw Failure(
        "cannot open " + flow.input_name() +
        ": it has too many recipients to try every private key with each of them: give fewer keys");
  }
  if (!done && done.error() == Error::passphrase_file) {
    throw Failure("cannot open " + flow.input_name() + ": " + describe(done.error()) +
                  ": open it with age");
  }
  flow.check(done, "cannot open");
}

// What is wrong with a file that none of the keys opens: what one of the right kind says.
class Verdict {
 public:
  explicit Verdict(std::size_t keys) noexcept
      : error_(keys == 1 ? Error::other_kem : Error::no_recipient) {}

  void add(Error error) noexcept {
    if (error != Error::other_kem) error_ = error;
  }
  [[nodiscard]] Error error() const noexcept { return error_; }

 private:
  Error error_;
};

// What the file has to have been sealed with.
struct Agreed {
  explicit Agreed(const Options& options)
      : aad(bytes_of(options.aad)), context(bytes_of(options.context)) {}

  View aad, context;
};

// Finds the key that the stream was sealed to.
Result<const PrivateKey*> find_key(const std::vector<PrivateKey>& identities, View header,
                                   const Agreed& agreed) {
  Verdict verdict(identities.size());
  for (const auto& identity : identities) {
    const auto opened = std::visit(
        [&](const auto& key) -> Result<void> {
          const auto opener = StreamOpener::create(key, header, agreed.aad, agreed.context);
          if (!opener) return opener.error();
          return {};
        },
        identity.key);
    if (opened) return &identity;
    verdict.add(opened.error());
  }
  return verdict.error();
}

void open_own_stream(const std::vector<PrivateKey>& identities, const SealedInfo& info,
                     const Agreed& agreed, Input& input, std::vector<std::uint8_t> first_bytes,
                     Output& output, Flow::Quiet quiet) {
  const PrivateKey* identity = &identities.front();
  if (identities.size() > 1) {
    const std::size_t before = first_bytes.size();
    first_bytes.resize(std::max(before, info.preamble_size));
    first_bytes.resize(before + input.fill(std::span(first_bytes).subspan(before)));
    const View header = View(first_bytes).first(std::min(first_bytes.size(), info.preamble_size));
    const auto found = find_key(identities, header, agreed);
    if (!found) fail("cannot open " + input.name(), found.error());
    identity = *found;
  }
  Flow flow(input, first_bytes, output, quiet);
  std::visit(
      [&](const auto& key) {
        flow.check(open_stream(key, flow.source(), flow.sink(), agreed.aad, agreed.context),
                   "cannot open");
      },
      identity->key);
}

void open_message(const std::vector<PrivateKey>& identities, const Agreed& agreed, Input& input,
                  std::vector<std::uint8_t> sealed, Output& output) {
  for (std::size_t room = 64 << 10;; room *= 2) {
    const std::size_t before = sealed.size();
    sealed.resize(before + room);
    const std::size_t size = input.fill(std::span(sealed).subspan(before));
    sealed.resize(before + size);
    if (size < room) break;
    if (sealed.size() > kMostOfMessage) fail("cannot open " + input.name(), Error::no_memory);
  }
  Verdict verdict(identities.size());
  for (const auto& identity : identities) {
    const auto opened = std::visit(
        [&](const auto& key) { return open_sealed(key, sealed, agreed.aad, agreed.context); },
        identity.key);
    if (opened) {
      value_of(opened->read([&](View bytes) { output.write(bytes); }), "cannot open");
      return;
    }
    verdict.add(opened.error());
  }
  fail("cannot open " + input.name(), verdict.error());
}

void open_with(const std::vector<PrivateKey>& identities, const Options& options) {
  Input input(options.input);
  std::vector<std::uint8_t> first_bytes(std::max(kSealedInfoSize, age::kFileInfoSize));
  first_bytes.resize(input.fill(first_bytes));
  const auto info = inspect_sealed(first_bytes);
  const bool for_age = age::is_file(first_bytes);
  if (first_bytes.empty()) throw Failure("cannot open " + input.name() + ": it is empty");
  if (!for_age && !info) {
    throw Failure("cannot open " + input.name() + ": " +
                  describe_sealed(info.error(), first_bytes));
  }
  Output output(options.output, Output::Content::opened, Output::Force{options.force});
  output.require_other_file(input);
  const Flow::Quiet quiet{options.quiet};
  if (for_age) {
    if (!options.context.empty()) throw Failure("age files have no context: leave out -c");
    if (!options.aad.empty()) throw Failure("age files have no associated data: leave out --aad");
    Flow flow(input, first_bytes, output, quiet);
    open_age(identities, flow);
  } else if (info->kind == SealedKind::stream) {
    open_own_stream(identities, *info, Agreed(options), input, std::move(first_bytes), output,
                    quiet);
  } else {
    open_message(identities, Agreed(options), input, std::move(first_bytes), output);
  }
  output.commit();
}

}  // namespace

void open(const Options& options) {
  const auto identities = identities_of(options);
  try {
    open_with(identities.keys, options);
  } catch (const Failure& failure) {
    throw Failure(failure.what() + identities.refused);
  }
}

}  // namespace latchkey::cli
