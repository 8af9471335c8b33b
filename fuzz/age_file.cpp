// Files of age, read in parts of any size. Nobody who has not the key makes another one that opens:
// what opens holds the content of those in the corpus. They are for an X-Wing key, for an X25519
// key, or encrypted with a passphrase.

#include <algorithm>
#include <string_view>

#include "encoding/bech32.hpp"
#include "latchkey/age.hpp"
#include "support.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

// What those files hold, which were made for the keys of 32 bytes of 7, and for the passphrase.
constexpr std::string_view kContents[] = {"", "hello, world\n"};
constexpr std::string_view kPassphrase = "secret";
constexpr unsigned kMaxWorkFactor = 4;  // greater ones would take most of the time

age::X25519Identity x25519_identity(std::uint8_t byte) {
  constexpr std::string_view kPrefix = "AGE-SECRET-KEY-";
  Bytes text(encoding::bech32_size(kPrefix, age::kX25519KeySize));
  encoding::bech32_encode(text, kPrefix, Bytes(age::kX25519KeySize, byte));
  return age::parse_x25519_identity({reinterpret_cast<const char*>(text.data()), text.size()})
      .value();
}

bool is_under_cheap_passphrase(const Bytes& file) {
  InParts read(file, file.size() + 1);
  const auto info = age::inspect(read);
  return info && info->is_passphrase_file && info->work_factor <= kMaxWorkFactor;
}

}  // namespace

void age_file(View data) {
  Input input(data);
  static const auto key = xwing::DecapsulationKey::from_seed(Bytes(xwing::kSeedSize, 7));
  static const auto other = xwing::DecapsulationKey::from_seed(Bytes(xwing::kSeedSize, 8));
  static const auto x25519 = x25519_identity(7), other_x25519 = x25519_identity(8);
  const std::size_t part = 1 + input.byte();
  const Bytes file = input.rest();

  InParts read(file, part);
  std::string content;
  const auto write = [&](View bytes) -> Result<void> {
    content.append(bytes.begin(), bytes.end());
    return {};
  };
  const xwing::DecapsulationKey* const keys[] = {&*other, &*key};
  const age::X25519Identity* const x25519_keys[] = {&other_x25519, &x25519};
  const bool by_passphrase = is_under_cheap_passphrase(file);
  const View passphrase{reinterpret_cast<const std::uint8_t*>(kPassphrase.data()),
                        kPassphrase.size()};
  const auto opened = by_passphrase ? age::open_with_passphrase(passphrase, read, write)
                                    : age::open(keys, x25519_keys, read, write);
  if (!opened) return require(content.empty(), "of one chunk nothing is released in vain");
  require(age::is_file(View(file).first(std::min<std::size_t>(file.size(), 1'024))),
          "what opens is called a file of age's");
  require(std::ranges::find(kContents, std::string_view(content)) != std::end(kContents),
          "what opens was sealed");
}

}  // namespace latchkey::fuzz
