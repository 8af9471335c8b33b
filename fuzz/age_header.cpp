// The header of age files, against its grammar (https://c2sp.org/age), written here once more and
// plainly: it is accepted if and only if the grammar accepts it, in whatever parts it is read.

#include "age/header.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "support.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

using age::internal::Header;
using age::internal::Stanzas;

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The bytes of canonical Base64 without padding.
std::optional<Bytes> decode(std::string_view text) {
  Bytes bytes;
  unsigned bits = 0, count = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == kDigits.npos) return std::nullopt;
    bits = bits << 6 | static_cast<unsigned>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<std::uint8_t>(bits >> count));
    bits &= (1u << count) - 1;
  }
  if (text.size() % 4 == 1 || bits != 0) return std::nullopt;
  return bytes;
}

struct Plain {
  struct Part {
    std::string type, arguments;
    Bytes body;
  };
  std::vector<Part> stanzas;
  Bytes mac;
  std::size_t size = 0;  // with its last line
};

std::optional<std::string> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == text.npos) return std::nullopt;
  std::string line(text.substr(0, end));
  text.remove_prefix(end + 1);
  return line;
}

bool are_words(const std::string& text) {
  return !text.empty() && text.front() != ' ' && text.back() != ' ' &&
         text.find("  ") == text.npos &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

// What a stanza of a kind that is known here has besides.
bool is_of_form(const Plain::Part& part) {
  if (part.type == "mlkem768x25519") {
    const auto enc = decode(part.arguments);
    return enc && enc->size() == 1120 && part.body.size() == 32;
  }
  if (part.type == "X25519") {
    const auto share = decode(part.arguments);
    return share && share->size() == 32 && part.body.size() == 32;
  }
  if (part.type != "scrypt") return true;
  const std::size_t space = part.arguments.find(' ');
  if (space == std::string::npos) return false;
  const auto salt = decode(part.arguments.substr(0, space));
  const std::string factor = part.arguments.substr(space + 1);
  return salt && salt->size() == 16 && part.body.size() == 32 && !factor.empty() &&
         factor.front() != '0' && factor.find_first_not_of("0123456789") == factor.npos;
}

std::optional<Plain> read_plainly(std::string_view file) {
  Plain plain;
  std::string_view rest = file;
  if (take_line(rest) != "age-encryption.org/v1") return std::nullopt;
  for (;;) {
    auto line = take_line(rest);
    if (!line) return std::nullopt;
    if (line->starts_with("--- ")) {
      const auto mac = decode(line->substr(4));
      if (!mac || mac->size() != 32 || plain.stanzas.empty()) return std::nullopt;
      plain.mac = *mac;
      break;
    }
    if (!line->starts_with("-> ") || !are_words(line->substr(3))) return std::nullopt;
    const std::string words = line->substr(3);
    const std::size_t space = std::min(words.find(' '), words.size());
    Plain::Part part{words.substr(0, space), words.substr(std::min(space + 1, words.size())), {}};
    do {
      line = take_line(rest);
      const auto bytes = line && line->size() <= 64 ? decode(*line) : std::nullopt;
      if (!bytes) return std::nullopt;
      part.body.insert(part.body.end(), bytes->begin(), bytes->end());
    } while (line->size() == 64);
    if (!is_of_form(part)) return std::nullopt;
    plain.stanzas.push_back(std::move(part));
  }
  const bool has_passphrase =
      std::ranges::any_of(plain.stanzas, [](const auto& part) { return part.type == "scrypt"; });
  if (has_passphrase && plain.stanzas.size() > 1) return std::nullopt;
  plain.size = file.size() - rest.size();
  return plain;
}

Result<Header> read_in_parts(View file, std::size_t part) {
  InParts read(file, part);
  return Header::read(read);
}

void require_same(const Header& header, const Plain& plain, View file) {
  require(header.stanza_count() == plain.stanzas.size(), "it has these stanzas");
  require(std::ranges::equal(header.mac(), plain.mac), "it has this MAC");
  require(std::ranges::equal(header.authenticated(), file.first(plain.size - 45)),
          "the MAC is of all but the MAC");
  const View behind = header.behind();
  require(std::ranges::equal(behind, file.subspan(plain.size, behind.size())),
          "what is behind it is not lost");
  Stanzas stanzas(header);
  for (const auto& part : plain.stanzas) {
    const auto stanza = stanzas.next();
    require(stanza && stanza->arguments == part.arguments, "a stanza has its arguments");
    require(stanza->body_size == part.body.size(), "a stanza has its body");
    const std::size_t kept = std::min(part.body.size(), age::internal::kWrappedSize);
    require(std::equal(part.body.begin(), part.body.begin() + static_cast<std::ptrdiff_t>(kept),
                       stanza->body.begin()),
            "the body is what Base64 says");
  }
  require(!stanzas.next(), "behind the last there is none");
}

}  // namespace

void age_header(View data) {
  Input input(data);
  const std::size_t part = 1 + input.byte();
  const Bytes file = input.rest();
  const auto plain = read_plainly({reinterpret_cast<const char*>(file.data()), file.size()});
  const auto header = read_in_parts(file, part);
  const auto whole = read_in_parts(file, file.size() + 1);
  require(header.has_value() == plain.has_value(), "the grammar decides");
  require(whole.has_value() == plain.has_value(), "in one piece as in parts");
  if (!plain) return require(whole.error() == header.error(), "and says the same");
  require_same(*header, *plain, file);
  require_same(*whole, *plain, file);
}

}  // namespace latchkey::fuzz
