#include "seal/age/header.hpp"

#include <algorithm>
#include <cstring>

#include "base/mask.hpp"
#include "base/secrecy.hpp"
#include "base/wipe.hpp"
#include "seal/base64.hpp"
#include "seal/hkdf.hpp"
#include "seal/integers.hpp"

namespace latchkey::seal::age {
namespace {

using base::Scrubbed;

constexpr std::string_view kVersionLine = "age-encryption.org/v1\n", kStanza = "-> ",
                           kType = "mlkem768x25519", kScrypt = "scrypt", kEnd = "---";
constexpr std::string_view kAnyVersion = kVersionLine.substr(0, kVersionLine.size() - 2);
constexpr std::string_view kInfo = "age-encryption.org/mlkem768x25519";

constexpr std::size_t kLine = 64, kLineBytes = 48;  // of a stanza's body
constexpr std::size_t kBody = kFileKeySize + hpke::kTagSize;
constexpr std::size_t kMac = kSha256Size;

// Characters of Base64 without padding.
constexpr std::size_t unpadded(std::size_t size) noexcept { return (8 * size + 5) / 6; }

constexpr std::size_t kOurStanza =
    kStanza.size() + kType.size() + 1 + unpadded(xwing::kCiphertextSize) + 1 + unpadded(kBody) + 1;
constexpr std::size_t kMacLine = kEnd.size() + 1 + unpadded(kMac) + 1;
static_assert(unpadded(kBody) < kLine);  // so one line is the whole body

hpke::Parameters parameters() noexcept {
  return {.info = bytes_of(kInfo), .psk = {}, .psk_id = {}};
}

std::string_view text_of(View bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// HMAC-SHA256 under HKDF(file key, "header").
Result<void> mac_of(std::span<std::uint8_t, kMac> mac, const LockedBuffer& file_key,
                    View header) noexcept {
  Scrubbed<std::array<std::uint8_t, kSha256Size>> root, key;
  auto done = file_key.read([&](View bytes) noexcept { return hkdf_extract(*root, {}, {bytes}); });
  if (done) done = hkdf_expand(*key, *root, {bytes_of("header")});
  if (!done) return done;
  return hmac_sha256(mac, *key, {header});
}

// ---- Writing

class Writer {
 public:
  explicit Writer(std::span<std::uint8_t> to) noexcept : to_(to) {}
  void add(std::string_view text) noexcept {
    std::memcpy(&to_[at_], text.data(), text.size());
    at_ += text.size();
  }
  // The last characters of a group are padding, which is written over.
  template <std::size_t Size>
  void add_base64(std::span<const std::uint8_t, Size> bytes) noexcept {
    std::array<std::uint8_t, base64_size(Size)> text;
    base64_encode(text, bytes);
    add(text_of(View(text).first(unpadded(Size))));
  }
  [[nodiscard]] View written() const noexcept { return to_.first(at_); }

 private:
  std::span<std::uint8_t> to_;
  std::size_t at_ = 0;
};

Result<void> add_stanza(Writer& writer, const LockedBuffer& file_key,
                        const xwing::EncapsulationKey& recipient) noexcept {
  auto sender = hpke::setup_sender<XWing>(recipient, parameters());
  if (!sender) return sender.error();
  std::array<std::uint8_t, kBody> body;
  const auto done =
      file_key.read([&](View bytes) noexcept { return sender->context.seal_to(body, bytes, {}); });
  if (!done) return done;
  writer.add(kStanza);
  writer.add(kType);
  writer.add(" ");
  writer.add_base64(std::span<const std::uint8_t, xwing::kCiphertextSize>(sender->enc));
  writer.add("\n");
  writer.add_base64(std::span<const std::uint8_t, kBody>(body));
  writer.add("\n");
  return {};
}

// ---- Reading

// Takes what is before `end` off the front, and `end`; without it, all.
std::string_view take(std::string_view& text, char end) noexcept {
  const std::string_view part = text.substr(0, text.find(end));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

// Whether `text` is the beginning of `whole`, or begins with it.
bool begins_like(std::string_view text, std::string_view whole) noexcept {
  return text.starts_with(whole.substr(0, text.size()));
}

Result<void> check_version(std::string_view text) noexcept {
  if (begins_like(text, kVersionLine)) return {};
  return begins_like(text, kAnyVersion) ? Error::unknown_version : Error::not_sealed;
}

struct Stanza {
  std::string_view arguments;  // behind "-> "
  std::array<std::uint8_t, kBody> body;
  std::size_t body_size = 0;  // that it has; no more than kBody bytes are kept
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

Result<Stanza> take_stanza(std::string_view& text) noexcept {
  if (!text.starts_with(kStanza)) return Error::bad_header;
  text.remove_prefix(kStanza.size());
  Stanza stanza{take(text, '\n'), {}};
  if (!are_arguments(stanza.arguments)) return Error::bad_header;
  for (std::size_t line_size = kLine; line_size == kLine;) {
    if (text.empty()) return Error::bad_header;
    const std::string_view line = take(text, '\n');
    line_size = line.size();
    std::array<std::uint8_t, kLineBytes + 3> bytes;
    if (line_size > kLine) return Error::bad_header;
    const auto size = base64_decode(bytes, bytes_of(line), Padding::none);
    if (!size) return Error::bad_header;
    if (stanza.body_size + *size <= kBody) {
      std::memcpy(&stanza.body[stanza.body_size], bytes.data(), *size);
    }
    stanza.body_size += *size;
  }
  return stanza;
}

// The file key, or not_authentic where the stanza is for somebody else.
Result<LockedBuffer> unwrap(const Stanza& stanza, std::string_view argument,
                            std::span<const xwing::DecapsulationKey* const> identities) noexcept {
  std::array<std::uint8_t, xwing::kCiphertextSize + 3> enc;
  if (stanza.body_size != kBody || argument.size() != unpadded(xwing::kCiphertextSize) ||
      !base64_decode(enc, bytes_of(argument), Padding::none)) {
    return Error::bad_header;
  }
  for (const xwing::DecapsulationKey* identity : identities) {
    auto receiver = hpke::setup_receiver<XWing>(*identity, View(enc).first(xwing::kCiphertextSize),
                                                parameters());
    if (!receiver) return receiver.error();
    auto file_key = receiver->open(stanza.body, {});
    if (file_key || file_key.error() != Error::not_authentic) return file_key;
  }
  return Error::not_authentic;
}

Result<void> check_mac(const LockedBuffer& file_key, View header) noexcept {
  std::array<std::uint8_t, kMac + 3> mac;
  const auto line = text_of(header.last(kMacLine).subspan(kEnd.size() + 1, unpadded(kMac)));
  if (!base64_decode(mac, bytes_of(line), Padding::none)) return Error::bad_header;
  Scrubbed<std::array<std::uint8_t, kMac>> expected;
  const auto done =
      mac_of(*expected, file_key, header.first(header.size() - kMacLine + kEnd.size()));
  if (!done) return done;
  std::uint64_t differs = base::differ<kMac>(*expected, std::span(mac).first<kMac>()).bits();
  base::declassify(&differs, sizeof differs);  // the caller is told
  if (differs != 0) return Error::not_authentic;
  return {};
}

}  // namespace

Result<Text> Text::create(std::size_t size) noexcept {
  Text text;
  if (const auto grown = text.grow(size); !grown) return grown.error();
  return text;
}

Result<void> Text::grow(std::size_t size) noexcept {
  auto* const data = static_cast<std::uint8_t*>(std::realloc(data_.get(), size));
  if (data == nullptr) return Error::no_memory;
  static_cast<void>(data_.release());
  data_.reset(data);
  size_ = size;
  return {};
}

Result<Text> write_header(const LockedBuffer& file_key,
                          std::span<const xwing::EncapsulationKey* const> recipients) noexcept {
  if (recipients.empty()) return Error::not_a_key;
  if (recipients.size() > latchkey::age::kMaxRecipients) return Error::too_long;
  auto header = Text::create(kVersionLine.size() + recipients.size() * kOurStanza + kMacLine);
  if (!header) return header;
  Writer writer(header->bytes());
  writer.add(kVersionLine);
  for (const xwing::EncapsulationKey* recipient : recipients) {
    if (const auto added = add_stanza(writer, file_key, *recipient); !added) return added.error();
  }
  writer.add(kEnd);
  std::array<std::uint8_t, kMac> mac;
  if (const auto done = mac_of(mac, file_key, writer.written()); !done) return done.error();
  writer.add(" ");
  writer.add_base64(std::span<const std::uint8_t, kMac>(mac));
  writer.add("\n");
  return header;
}

Result<std::size_t> HeaderScan::size_in(View beginning) noexcept {
  const std::string_view text = text_of(beginning);
  for (;;) {
    std::string_view rest = text;
    rest.remove_prefix(line_);
    if (kind_ == Line::version) {
      if (const auto known = check_version(rest); !known) return known.error();
    } else if (kind_ == Line::body) {
      if (rest.size() > kLine && rest.substr(0, kLine + 1).find('\n') == rest.npos) {
        return Error::bad_header;
      }
    } else if (rest.starts_with(kEnd)) {
      if (rest.size() < kMacLine) return std::size_t{0};
      if (rest[kEnd.size()] != ' ' || rest[kMacLine - 1] != '\n') return Error::bad_header;
      return line_ + kMacLine;
    } else if (!begins_like(rest, kStanza) && !begins_like(rest, kEnd)) {
      return Error::bad_header;
    }
    const std::size_t end = text.find('\n', searched_);
    searched_ = std::min(end, text.size());
    if (end == text.npos) return std::size_t{0};
    const bool body_follows =
        kind_ == Line::stanza || (kind_ == Line::body && end - line_ == kLine);
    kind_ = body_follows ? Line::body : Line::stanza;
    line_ = searched_ = end + 1;
  }
}

Result<LockedBuffer> read_header(
    View header, std::span<const xwing::DecapsulationKey* const> identities) noexcept {
  std::string_view text =
      text_of(header.first(header.size() - kMacLine).subspan(kVersionLine.size()));
  Result<LockedBuffer> file_key = Error::no_recipient;
  std::size_t stanzas = 0;
  bool has_scrypt = false;
  do {
    const auto stanza = take_stanza(text);
    if (!stanza) return stanza.error();
    std::string_view argument = stanza->arguments;
    const std::string_view type = take(argument, ' ');
    // Beside a password there is no other recipient (c2sp.org/age, scrypt).
    ++stanzas;
    has_scrypt |= type == kScrypt;
    if (has_scrypt && stanzas > 1) return Error::bad_header;
    if (type != kType) continue;
    if (file_key) continue;  // the rest is read only to see that it is well-formed
    auto unwrapped = unwrap(*stanza, argument, identities);
    if (unwrapped) {
      file_key = std::move(unwrapped);
    } else if (unwrapped.error() != Error::not_authentic) {
      return unwrapped.error();
    }
  } while (!text.empty());
  if (!file_key) return file_key;
  if (const auto right = check_mac(*file_key, header); !right) return right.error();
  return file_key;
}

}  // namespace latchkey::seal::age
