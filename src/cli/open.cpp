// `latchkey open`: what was sealed by `latchkey seal`, by age, or by a program with this library.
// Without a key, an age file that is encrypted with a passphrase.
#include <string.h>

#include <algorithm>
#include <array>

#include "bytes.hpp"
#include "commands.hpp"
#include "failure.hpp"
#include "flow.hpp"
#include "keys.hpp"
#include "open_age.hpp"
#include "sealed_error.hpp"

namespace latchkey::cli {
namespace {

constexpr std::size_t kMostOfMessage = 1 << 30;

struct Identities {
  OpeningKeys opening;
  std::string refused;  // what to add to a failure: of which keys the password was wrong
};

// If several keys are given, those with a wrong password are skipped.
Identities identities_of(const Options& options) {
  Identities all;
  for (const auto& path : options.keys) {
    try {
      auto more = load_opening_keys(path, options.source);
      for (auto& key : more.keys) all.opening.keys.push_back(std::move(key));
      for (auto& key : more.x25519) all.opening.x25519.push_back(std::move(key));
    } catch (const WrongPassword& refusal) {
      if (options.keys.size() == 1) throw;
      all.refused += std::string("; ") + refusal.what();
    }
  }
  const bool is_none = all.opening.keys.empty() && all.opening.x25519.empty();
  if (is_none && !all.refused.empty()) throw Failure(all.refused.substr(2));
  return all;
}

View bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
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

[[noreturn]] void fail_without_key() {
  throw Failure(
      "'latchkey open' needs -i FILE, unless it opens an age file that is encrypted with a "
      "passphrase; 'latchkey open --help' explains it",
      Failure::kUsage);
}

// Throws a Failure if the only private key is for another KEM than the file. Not for age files.
void check_kem(const OpeningKeys& opening, const SealedInfo& info, const Input& input) {
  if (opening.keys.size() != 1) return;
  const KemRow &wanted = kem_of(info), &given = kem_of(opening.keys.front().key);
  if (wanted.hpke_id == given.hpke_id) return;
  throw Failure("cannot open " + input.name() + ": it was sealed to a key of " + wanted.name +
                ", and the private key is one of " + given.name);
}

// Throws a Failure if the options are not for a file of this kind.
void check_options(const Options& options, const OpeningKeys& opening, bool for_age,
                   const Input& input) {
  if (for_age && !options.context.empty()) {
    throw Failure("age files have no context: leave out -c");
  }
  if (for_age && !options.aad.empty()) {
    throw Failure("age files have no associated data: leave out --aad");
  }
  if (!for_age && options.keys.empty()) fail_without_key();
  if (!for_age && opening.keys.empty()) {
    throw Failure("cannot open " + input.name() +
                  ": it is not an age file, and X25519 identities open only those");
  }
}

void open_with(const OpeningKeys& opening, const Options& options) {
  const bool has_keys = !options.keys.empty();
  const auto& identities = opening.keys;
  const PasswordSource source =
      has_keys ? PasswordSource() : read_ahead(options.source, options.input);
  Input input(options.input);
  if (!has_keys && input.is_terminal()) fail_without_key();
  std::vector<std::uint8_t> first_bytes(std::max(kSealedInfoSize, kAgeFirstBytes));
  first_bytes.resize(input.fill(first_bytes));
  const auto info = inspect_sealed(first_bytes);
  const bool for_age = age::is_file(first_bytes);
  if (first_bytes.empty()) throw Failure("cannot open " + input.name() + ": it is empty");
  if (!for_age && !info) {
    throw Failure("cannot open " + input.name() + ": " +
                  describe_sealed(info.error(), first_bytes));
  }
  check_options(options, opening, for_age, input);
  if (!for_age) check_kem(opening, *info, input);
  LockedBuffer passphrase;
  if (!has_keys) {
    if (!needs_passphrase(first_bytes, input.name())) fail_without_key();
    passphrase = read_password(source, input.name(), false);
  }
  Output output(options.output, Output::Content::opened, Output::Force{options.force});
  output.require_other_file(input);
  const Flow::Quiet quiet{options.quiet};
  if (for_age) {
    Flow flow(input, first_bytes, output, quiet);
    has_keys ? open_age(opening, flow) : open_age_with_passphrase(passphrase, flow);
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
    open_with(identities.opening, options);
  } catch (const Failure& failure) {
    throw Failure(failure.what() + identities.refused, failure.status);
  }
}

}  // namespace latchkey::cli
