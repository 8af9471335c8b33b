#include "age/header.hpp"

#include <algorithm>
#include <cstring>

#include "base/try.hpp"
#include "encoding/base64.hpp"
#include "encoding/integers.hpp"

namespace latchkey::age::internal {
namespace {

constexpr std::size_t kFirstRead = 4'096;
constexpr std::size_t kLine = 64, kLineBytes = 48;  // of a stanza's body
constexpr std::string_view kAnyVersion = kVersionLine.substr(0, kVersionLine.size() - 2);
static_assert(unpadded(kWrappedSize) < kLine);  // so one line is a whole body

// Removes what is before `end` from the front, and `end`; without it, all. Returns the former.
std::string_view take(std::string_view& text, char end) noexcept {
  const std::string_view part = text.substr(0, text.find(end));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

// Whether one of the two begins with the other.
bool begins_like(std::string_view text, std::string_view whole) noexcept {
  return text.starts_with(whole.substr(0, text.size()));
}

Result<void> check_version(std::string_view text) noexcept {
  if (begins_like(text, kVersionLine)) return {};
  return begins_like(text, kAnyVersion) ? Error::unknown_version : Error::not_sealed;
}

// Finds where a header ends while it is read, and examines each byte of it once.
class EndFinder {
 public:
  // The size of the header at the front of `text`; 0 if its end is not there yet: then to be called
  // again, with more behind the same bytes. Errors: not_sealed, unknown_version, bad_header.
  Result<std::size_t> size_in(std::string_view text) noexcept {
    for (;;) {
      std::string_view rest = text;
      rest.remove_prefix(line_);
      if (kind_ == Line::stanza && rest.starts_with(kMacBegin)) return end_at(rest);
      LATCHKEY_TRY(check_front(rest));
      const std::size_t end = text.find('\n', searched_);
      searched_ = std::min(end, text.size());
      if (end == text.npos) return std::size_t{0};
      const bool body_follows =
          kind_ == Line::stanza || (kind_ == Line::body && end - line_ == kLine);
      kind_ = body_follows ? Line::body : Line::stanza;
      line_ = searched_ = end + 1;
    }
  }

 private:
  enum class Line : std::uint8_t { version, stanza, body };

  // Whether the line can still become what it has to be.
  [[nodiscard]] Result<void> check_front(std::string_view rest) const noexcept {
    bool possible = true;
    switch (kind_) {
      case Line::version:
        return check_version(rest);
      case Line::stanza:
        possible = begins_like(rest, kStanzaBegin) || begins_like(rest, kMacBegin);
        break;
      case Line::body:
        possible = rest.size() <= kLine || rest.substr(0, kLine + 1).find('\n') != rest.npos;
        break;
    }
    if (!possible) return Error::bad_header;
    return {};
  }

  [[nodiscard]] Result<std::size_t> end_at(std::string_view rest) const noexcept {
    const std::string_view line = rest.substr(0, kMacLine);
    const std::size_t end = line.find('\n');
    const bool has_space = line.size() <= kMacBegin.size() || line[kMacBegin.size()] == ' ';
    if (!has_space || (end != line.npos && end != kMacLine - 1)) return Error::bad_header;
    if (line.size() < kMacLine) return std::size_t{0};
    if (end == line.npos) return Error::bad_header;
    return line_ + kMacLine;
  }

  Line kind_ = Line::version;  // of the line whose end is not there yet
  std::size_t line_ = 0;       // where it begins
  std::size_t searched_ = 0;   // there is no line feed from `line_` to here
};

// VCHAR, with single spaces between: 1*VCHAR *(SP 1*VCHAR).
bool are_arguments(std::string_view text) noexcept {
  char before = ' ';
  for (const char c : text) {
    if (c < ' ' || c > '~' || (c == ' ' && before == ' ')) return false;
    before = c;
  }
  return before != ' ';
}

Stanza::Kind kind_of(std::string_view type) noexcept {
  if (type == kHybridType) return Stanza::Kind::hybrid;
  if (type == kScryptType) return Stanza::Kind::scrypt;
  if (type == kX25519Type) return Stanza::Kind::x25519;
  return type.ends_with("-grease") ? Stanza::Kind::grease : Stanza::Kind::other;
}

Result<void> take_body(Stanza& stanza, std::string_view& text) noexcept {
  for (std::size_t line_size = kLine; line_size == kLine;) {
    if (text.empty()) return Error::bad_header;
    const std::string_view line = take(text, '\n');
    line_size = line.size();
    std::array<std::uint8_t, kLineBytes + 3> bytes;
    if (line_size > kLine) return Error::bad_header;
    const auto size = encoding::base64_decode(bytes, bytes_of(line), encoding::Padding::none);
    if (!size) return Error::bad_header;
    const std::size_t before = std::min(stanza.body_size, kWrappedSize);
    std::copy_n(bytes.begin(), std::min(*size, kWrappedSize - before), stanza.body.data() + before);
    stanza.body_size += *size;
  }
  return {};
}

Result<Stanza> take_stanza(std::string_view& text) noexcept {
  if (!text.starts_with(kStanzaBegin)) return Error::bad_header;
  text.remove_prefix(kStanzaBegin.size());
  Stanza stanza;
  stanza.arguments = take(text, '\n');
  if (!are_arguments(stanza.arguments)) return Error::bad_header;
  stanza.kind = kind_of(take(stanza.arguments, ' '));
  LATCHKEY_TRY(take_body(stanza, text));
  return stanza;
}

// What a stanza of a kind that is known here has to be.
Result<void> check_form(const Stanza& stanza) noexcept {
  switch (stanza.kind) {
    case Stanza::Kind::hybrid:
      LATCHKEY_TRY(enc_of(stanza));
      break;
    case Stanza::Kind::x25519:
      LATCHKEY_TRY(share_of(stanza));
      break;
    case Stanza::Kind::scrypt:
      LATCHKEY_TRY(scrypt_parameters_of(stanza));
      break;
    case Stanza::Kind::other:
    case Stanza::Kind::grease:
      return {};
  }
  if (stanza.body_size != kWrappedSize) return Error::bad_header;
  return {};
}

// Base64 of just so many bytes. Errors: bad_header.
template <std::size_t Size>
Result<std::array<std::uint8_t, Size>> decode(std::string_view text) noexcept {
  std::array<std::uint8_t, Size + 3> bytes;
  if (text.size() != unpadded(Size) ||
      !encoding::base64_decode(bytes, bytes_of(text), encoding::Padding::none)) {
    return Error::bad_header;
  }
  std::array<std::uint8_t, Size> exactly;
  std::copy_n(bytes.begin(), Size, exactly.begin());
  return exactly;
}

}  // namespace

Result<Enc> enc_of(const Stanza& stanza) noexcept {
  return decode<xwing::kCiphertextSize>(stanza.arguments);
}

Result<Share> share_of(const Stanza& stanza) noexcept {
  return decode<latchkey::age::kX25519KeySize>(stanza.arguments);
}

// The work factor is a decimal number without leading zeros.
Result<ScryptParameters> scrypt_parameters_of(const Stanza& stanza) noexcept {
  std::string_view rest = stanza.arguments;
  const auto salt = LATCHKEY_TRY(decode<kScryptSaltSize>(take(rest, ' ')));
  ScryptParameters parameters{salt, 0};
  if (rest.empty() || rest[0] == '0') return Error::bad_header;
  for (const char c : rest) {
    if (c < '0' || c > '9') return Error::bad_header;
    const std::uint64_t next =
        std::uint64_t{10} * parameters.work_factor + static_cast<unsigned>(c - '0');
    parameters.work_factor =
        static_cast<unsigned>(std::min<std::uint64_t>(next, latchkey::age::kWorkFactorCap));
  }
  return parameters;
}

Result<Header> Header::read(const StreamSource& source) noexcept {
  Header header;
  LATCHKEY_TRY(header.find_end(source));
  LATCHKEY_TRY(header.check_lines());
  return header;
}

Result<void> Header::find_end(const StreamSource& source) noexcept {
  EndFinder finder;
  for (std::size_t room = kFirstRead; room <= kMaxHeader; room *= 2) {
    LATCHKEY_TRY(text_.grow(room));
    while (read_size_ < room) {
      const auto more = LATCHKEY_TRY(source(text_.bytes().subspan(read_size_)));
      if (more > room - read_size_) return Error::read_failed;
      read_size_ += more;
      const auto size = LATCHKEY_TRY(finder.size_in(text_of(text_.bytes().first(read_size_))));
      size_ = size;
      if (size_ != 0) return {};
      if (more == 0) return read_size_ == 0 ? Error::not_sealed : Error::sealed_length;
    }
  }
  return Error::bad_header;
}

Result<void> Header::check_lines() noexcept {
  bool has_passphrase = false;
  for (std::string_view rest = stanzas(); stanza_count_ == 0 || !rest.empty(); ++stanza_count_) {
    const auto stanza = LATCHKEY_TRY(take_stanza(rest));
    LATCHKEY_TRY(check_form(stanza));
    has_passphrase |= stanza.kind == Stanza::Kind::scrypt;
  }
  if (has_passphrase && stanza_count_ > 1) return Error::bad_header;
  const View line = text_.bytes().first(size_).last(kMacLine);
  const auto mac = LATCHKEY_TRY(
      decode<kMacSize>(text_of(line.subspan(kMacBegin.size() + 1, unpadded(kMacSize)))));
  mac_ = mac;
  return {};
}

std::string_view Header::stanzas() const noexcept {
  return text_of(text_.bytes().first(size_ - kMacLine).subspan(kVersionLine.size()));
}

View Header::authenticated() const noexcept {
  return text_.bytes().first(size_ - kMacLine + kMacBegin.size());
}

View Header::behind() const noexcept { return text_.bytes().first(read_size_).subspan(size_); }

std::optional<Stanza> Stanzas::next() noexcept {
  if (rest_.empty()) return std::nullopt;
  const auto stanza = take_stanza(rest_);  // as it was checked before
  if (!stanza) return std::nullopt;
  return *stanza;
}

}  // namespace latchkey::age::internal
