// Files of age, read in parts of any size. Nobody who has not the key makes another one that opens:
// what opens holds the content of those in the corpus.

#include <algorithm>
#include <string_view>

#include "latchkey/age.hpp"
#include "support.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

// What those files hold, which were made for the key of 32 bytes of 7.
constexpr std::string_view kContents[] = {"", "hello, world\n"};

}  // namespace

void age_file(View data) {
  Input input(data);
  static const auto key = xwing::DecapsulationKey::from_seed(Bytes(xwing::kSeedSize, 7));
  static const auto other = xwing::DecapsulationKey::from_seed(Bytes(xwing::kSeedSize, 8));
  const std::size_t part = 1 + input.byte();
  const Bytes file = input.rest();

  InParts read(file, part);
  std::string content;
  const auto write = [&](View bytes) -> Result<void> {
    content.append(bytes.begin(), bytes.end());
    return {};
  };
  const xwing::DecapsulationKey* const keys[] = {&*other, &*key};
  const auto opened = age::open(keys, read, write);
  if (!opened) return require(content.empty(), "of one chunk nothing is released in vain");
  require(age::is_file(View(file).first(std::min<std::size_t>(file.size(), 1'024))),
          "what opens is called a file of age's");
  require(std::ranges::find(kContents, std::string_view(content)) != std::end(kContents),
          "what opens was sealed");
}

}  // namespace latchkey::fuzz
