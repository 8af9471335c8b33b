// `latchkey open`: what was sealed by `latchkey seal`, by age, or by a program with this library.
#include <algorithm>
#include <array>

#include "commands.hpp"
#include "failure.hpp"
#include "flow.hpp"
#include "keys.hpp"

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
  const auto done = age::open(keys, flow.source(), flow.sink());
  if (!done && done.error() == Error::too_costly) {
    throw Failure(
        "cannot open " + flow.input_name() +
        ": it has too many recipients to try all private keys with each: give fewer keys");
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

// Of several keys, the one that opens the first chunk.
Result<const PrivateKey*> find_key(const std::vector<PrivateKey>& identities, View beginning,
                                   std::size_t header_size, View context) {
  if (beginning.size() < header_size + hpke::kTagSize) return Error::sealed_length;
  const View box = beginning.subspan(header_size);
  const View first = box.first(std::min(box.size(), kStreamChunk + hpke::kTagSize));
  const Last last{first.size() == box.size()};
  Verdict verdict(identities.size());
  for (const auto& identity : identities) {
    const auto opened = std::visit(
        [&](const auto& key) -> Result<void> {
          auto opener = StreamOpener::create(key, beginning.first(header_size), {}, context);
          if (!opener) return opener.error();
          auto chunk = value_of(LockedBuffer::create(first.size() - hpke::kTagSize), "no memory");
          return chunk.write(
              [&](std::span<std::uint8_t> to) { return opener->open_chunk(to, first, last); });
        },
        identity.key);
    if (opened) return &identity;
    verdict.add(opened.error());
  }
  return verdict.error();
}

void open_own_stream(const std::vector<PrivateKey>& identities, const SealedInfo& info,
                     const std::string& context, Input& input, std::vector<std::uint8_t> beginning,
                     Output& output) {
  const PrivateKey* identity = &identities.front();
  if (identities.size() > 1) {
    const std::size_t size = info.prefix_size + kStreamChunk + hpke::kTagSize + 1;
    const std::size_t before = beginning.size();
    beginning.resize(size);
    beginning.resize(before + input.fill(std::span(beginning).subspan(before)));
    const auto found = find_key(identities, beginning, info.prefix_size, bytes_of(context));
    if (!found) fail("cannot open " + input.name(), found.error());
    identity = *found;
  }
  Flow flow(input, beginning, output);
  std::visit(
      [&](const auto& key) {
        flow.check(open_stream(key, flow.source(), flow.sink(), {}, bytes_of(context)),
                   "cannot open");
      },
      identity->key);
}

void open_message(const std::vector<PrivateKey>& identities, const std::string& context,
                  Input& input, std::vector<std::uint8_t> sealed, Output& output) {
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
    const auto opened =
        std::visit([&](const auto& key) { return open_sealed(key, sealed, {}, bytes_of(context)); },
                   identity.key);
    if (opened) {
      value_of(opened->read([&](View bytes) {
        output.write(bytes);
        return true;
      }),
               "cannot open");
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
  if (!for_age && !info) fail("cannot open " + input.name(), info.error());
  Output output(options.output, Output::Content::opened, Output::Force{options.force});
  if (for_age) {
    if (!options.context.empty()) throw Failure("age's files have no --context");
    Flow flow(input, beginning, output);
    open_age(identities, flow);
  } else if (info->kind == SealedKind::stream) {
    open_own_stream(identities, *info, options.context, input, std::move(beginning), output);
  } else {
    open_message(identities, options.context, input, std::move(beginning), output);
  }
  output.commit();
}

}  // namespace latchkey::cli
