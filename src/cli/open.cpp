// `latchkey open`: what was sealed by `latchkey seal`, by age, or by a program with this library.
#include <algorithm>
#include <array>

#include "commands.hpp"
#include "failure.hpp"
#include "flow.hpp"
#include "keys.hpp"
#include "sealed_error.hpp"

namespace latchkey::cli {
namespace {

using View = std::span<const std::uint8_t>;

constexpr std::size_t kMostOfMessage = 1 << 30;

std::vector<PrivateKey> identities_of(const Options& options) {
  std::vector<PrivateKey> all;
  for (const auto& path : options.keys) {
    for (auto& key : load_identities(path, options.source)) all.push_back(std::move(key));
  }
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
  flow.check(age::open(keys, flow.source(), flow.sink()), "cannot open");
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

// Of several keys, the one that the stream's header was made for.
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
                     const Agreed& agreed, Input& input, std::vector<std::uint8_t> beginning,
                     Output& output) {
  const PrivateKey* identity = &identities.front();
  if (identities.size() > 1) {
    const std::size_t before = beginning.size();
    beginning.resize(std::max(before, info.prefix_size));
    beginning.resize(before + input.fill(std::span(beginning).subspan(before)));
    const View header = View(beginning).first(std::min(beginning.size(), info.prefix_size));
    const auto found = find_key(identities, header, agreed);
    if (!found) fail("cannot open " + input.name(), found.error());
    identity = *found;
  }
  Flow flow(input, beginning, output);
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

}  // namespace

void open(const Options& options) {
  const auto identities = identities_of(options);
  Input input(options.input);
  std::vector<std::uint8_t> beginning(std::max(kSealedInfoSize, age::kFileInfoSize));
  beginning.resize(input.fill(beginning));
  const auto info = inspect_sealed(beginning);
  const bool for_age = age::is_file(beginning);
  if (!for_age && !info) {
    throw Failure("cannot open " + input.name() + ": " + describe_sealed(info.error(), beginning));
  }
  Output output(options.output, Output::Content::opened, Output::Force{options.force});
  if (for_age) {
    if (!options.context.empty()) throw Failure("age's files have no --context");
    if (!options.aad.empty()) throw Failure("age's files have no --aad");
    Flow flow(input, beginning, output);
    open_age(identities, flow);
  } else if (info->kind == SealedKind::stream) {
    open_own_stream(identities, *info, Agreed(options), input, std::move(beginning), output);
  } else {
    open_message(identities, Agreed(options), input, std::move(beginning), output);
  }
  output.commit();
}

}  // namespace latchkey::cli
