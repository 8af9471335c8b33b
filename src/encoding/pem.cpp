#include "encoding/pem.hpp"

#include <algorithm>
#include <cstring>

#include "base/try.hpp"
#include "encoding/base64.hpp"

namespace latchkey::encoding {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "-----END ", kDashes = "-----";
constexpr std::size_t kLine = 64;  // characters (RFC 7468, section 2)
constexpr std::size_t kLineBytes = kLine / 4 * 3;

std::string_view characters_of(LineEnd end) noexcept {
  return end == LineEnd::crlf ? "\r\n" : "\n";
}

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view without_blanks_at_end(std::string_view line) noexcept {
  while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
  return line;
}

// Takes one line off the front.
std::string_view next_line(std::string_view& text) noexcept {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return without_blanks_at_end(line);
}

// The lines of an object up to the one that ends it, which is taken, too. Errors: not_a_key, if
// that one is missing, or the end of another.
Result<std::string_view> take_body(std::string_view& text, std::string_view label) noexcept {
  const char* const begin = text.data();
  while (!text.empty()) {
    const char* const here = text.data();
    std::string_view line = next_line(text);
    if (!line.starts_with(kDashes)) continue;
    const bool is_end = line.starts_with(kEnd) && line.ends_with(kDashes) &&
                        line.size() == kEnd.size() + label.size() + kDashes.size() &&
                        line.substr(kEnd.size(), label.size()) == label;
    if (!is_end) return Error::not_a_key;
    return std::string_view(begin, static_cast<std::size_t>(here - begin));
  }
  return Error::not_a_key;
}

class Writer {
 public:
  explicit Writer(std::span<std::uint8_t> to) noexcept : to_(to) {}
  void add(std::string_view text) noexcept {
    std::memcpy(to_.data(), text.data(), text.size());
    to_ = to_.subspan(text.size());
  }
  void add_base64(std::span<const std::uint8_t> bytes) noexcept {
    const std::size_t size = base64_size(bytes.size());
    base64_encode(to_.first(size), bytes);
    to_ = to_.subspan(size);
  }

 private:
  std::span<std::uint8_t> to_;
};

}  // namespace

std::string_view next_pem_label(std::string_view& text) noexcept {
  while (!text.empty()) {
    std::string_view line = next_line(text);
    if (line.starts_with(kBegin) && line.ends_with(kDashes) &&
        line.size() > kBegin.size() + kDashes.size()) {
      line.remove_prefix(kBegin.size());
      line.remove_suffix(kDashes.size());
      return line;
    }
  }
  return {};
}

Result<Pem> find_pem(std::span<const std::uint8_t> file,
                     std::span<const std::string_view> labels) noexcept {
  const std::string_view all = text_of(file);
  std::string_view text = all;
  Pem found;
  for (;;) {
    const std::string_view label = next_pem_label(text);
    if (label.empty()) break;
    if (std::ranges::find(labels, label) == labels.end()) continue;
    if (!found.label.empty()) return Error::several_keys;
    const auto body = LATCHKEY_TRY(take_body(text, label));
    const auto place = [&](const char* at) { return static_cast<std::size_t>(at - all.data()); };
    const std::size_t begin = place(label.data()) - kBegin.size();
    found = {.label = label,
             .body = file.subspan(place(body.data()), body.size()),
             .whole = file.subspan(begin, file.size() - text.size() - begin)};
  }
  if (found.label.empty()) return Error::not_a_key;
  return found;
}

Result<LockedBuffer> decode_pem(const Pem& pem) noexcept {
  auto characters = LockedBuffer::create(pem.body.size());
  if (!characters) return characters;
  std::size_t count = 0;
  const auto gathered = characters->write([&](std::span<std::uint8_t> to) noexcept {
    for (std::string_view text = text_of(pem.body); !text.empty();) {
      const std::string_view line = next_line(text);
      if (!line.empty()) std::memcpy(&to[count], line.data(), line.size());
      count += line.size();
    }
  });
  if (!gathered) return gathered.error();
  auto decoded = LockedBuffer::create(count / 4 * 3 + 3);
  if (!decoded) return decoded;
  const auto size = characters->read([&](std::span<const std::uint8_t> text) noexcept {
    return decoded->write([&](std::span<std::uint8_t> to) noexcept {
      return base64_decode(to, text.first(count), Padding::required);
    });
  });
  if (!size) return size.error();
  return decoded->read(
      [&](std::span<const std::uint8_t> all) { return LockedBuffer::copy_of(all.first(*size)); });
}

LineEnd line_end_of(std::span<const std::uint8_t> text) noexcept {
  const std::string_view all = text_of(text);
  const std::size_t end = all.find('\n');
  return end != all.npos && all.substr(0, end).ends_with('\r') ? LineEnd::crlf : LineEnd::lf;
}

std::size_t pem_size(std::string_view label, std::size_t size, LineEnd line_end) noexcept {
  const std::size_t lines = base::quotient<kLineBytes>(size + kLineBytes - 1) + 2;
  return kBegin.size() + kEnd.size() + 2 * (label.size() + kDashes.size()) + base64_size(size) +
         lines * characters_of(line_end).size();
}

void write_pem(std::span<std::uint8_t> text, std::string_view label,
               std::span<const std::uint8_t> bytes, LineEnd line_end) noexcept {
  Writer writer(text);
  const std::string_view end = characters_of(line_end);
  for (const std::string_view part : {kBegin, label, kDashes, end}) writer.add(part);
  while (!bytes.empty()) {
    const auto line = bytes.first(std::min(bytes.size(), kLineBytes));
    writer.add_base64(line);
    writer.add(end);
    bytes = bytes.subspan(line.size());
  }
  for (const std::string_view part : {kEnd, label, kDashes, end}) writer.add(part);
}

}  // namespace latchkey::encoding
