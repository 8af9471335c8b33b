// What `latchkey inspect` says of age's files, and of its names of keys.
#include <algorithm>
#include <array>

#include "finding.hpp"
#include "latchkey/age.hpp"

namespace latchkey::cli {
namespace {

constexpr std::size_t kMost = 2 << 20;  // bytes
constexpr std::size_t kMac = 49;        // "\n--- ", 43 characters of Base64 and "\n" (c2sp.org/age)
constexpr std::size_t kNonce = 16;      // before the first chunk

// What comes through a pipe has to be read to its end.
std::uint64_t size_of(Input& input, std::size_t read) {
  if (input.size()) return std::max<std::uint64_t>(*input.size(), read);
  std::array<std::uint8_t, 4'096> more;
  std::uint64_t size = read;
  while (const std::size_t next = input.read(more)) size += next;
  return size;
}

// The first line that is no remark.
std::string_view first_line(std::string_view text) {
  while (text.starts_with('#') || text.starts_with('\n')) {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  }
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

std::optional<Finding> inspect_age_file(View beginning, Input& input) {
  if (!age::is_file(beginning)) return std::nullopt;
  std::vector<std::uint8_t> sealed(kMost);
  std::ranges::copy(beginning, sealed.begin());
  sealed.resize(beginning.size() + input.fill(std::span(sealed).subspan(beginning.size())));
  Finding finding("age file");
  const std::string_view text = text_of(sealed);
  const bool armored = !text.starts_with("age-");
  finding.add("armor", armored);
  if (armored) return finding;
  std::uint64_t all = 0, ours = 0;
  const std::string_view header = text.substr(0, text.find("\n---"));
  for (std::size_t at = 0; (at = header.find("\n-> ", at)) != header.npos; ++at) {
    ++all;
    if (header.substr(at + 4).starts_with("mlkem768x25519 ")) ++ours;
  }
  finding.add("recipients", all);
  finding.add("post_quantum_recipients", ours);
  const std::uint64_t size = size_of(input, sealed.size());
  const std::uint64_t content = size - std::min<std::uint64_t>(size, header.size() + kMac);
  if (header.size() == text.size() || content < kNonce + hpke::kTagSize) {
    finding.fails(Error::sealed_length);
  }
  return finding;
}

std::optional<Finding> inspect_age_key(View file) {
  const std::string_view line = first_line(text_of(file));
  if (line.starts_with("AGE-SECRET-KEY-")) {
    Finding finding("age identity");
    const auto key = age::parse_identity(line);
    if (!key) return finding.fails(key.error()), finding;
    finding.add("algorithm", XWing::kName);
    add_public_key(finding, key->encapsulation_key().bytes());
    return finding;
  }
  if (line.starts_with("age1")) {
    Finding finding("age recipient");
    const auto key = age::parse_recipient(line);
    if (!key) return finding.fails(key.error()), finding;
    finding.add("algorithm", XWing::kName);
    add_public_key(finding, key->bytes());
    return finding;
  }
  return std::nullopt;
}

}  // namespace latchkey::cli
