#include "tls_hello.hpp"

#include <algorithm>
#include <cstddef>

namespace latchkey::cli {
namespace {

using Bytes = std::span<const std::uint8_t>;

enum RecordType : std::uint8_t { kChangeCipherSpec = 20, kHandshake = 22 };
enum MessageType : std::uint8_t { kClientHelloType = 1, kServerHelloType = 2 };
enum Extension : std::uint16_t { kSupportedGroups = 10, kSupportedVersions = 43, kKeyShare = 51 };

// A plaintext record has at most this many bytes (RFC 8446, section 5.1).
constexpr std::size_t kMostOfRecord = 16384;

// The `random` of a HelloRetryRequest: the SHA-256 of "HelloRetryRequest" (RFC 8446,
// section 4.1.3).
constexpr std::uint8_t kRetryRandom[32] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

// Takes fields from the front. After the first that is not there, it is not whole any more, and all
// further ones are empty.
class Fields {
 public:
  explicit Fields(Bytes bytes) : rest_(bytes) {}

  Bytes bytes(std::size_t size) {
    if (size > rest_.size()) {
      is_whole_ = false;
      rest_ = {};
      return {};
    }
    const Bytes front = rest_.first(size);
    rest_ = rest_.subspan(size);
    return front;
  }

  // Big-endian, of so many bytes.
  std::uint32_t number(std::size_t size) {
    std::uint32_t value = 0;
    for (const std::uint8_t byte : bytes(size)) value = value << 8 | byte;
    return value;
  }
  std::uint16_t code() { return static_cast<std::uint16_t>(number(2)); }

  // Behind its length, a number of so many bytes.
  Bytes vector(std::size_t size_of_length) { return bytes(number(size_of_length)); }

  [[nodiscard]] bool is_whole() const noexcept { return is_whole_; }
  [[nodiscard]] bool is_at_end() const noexcept { return rest_.empty(); }

 private:
  Bytes rest_;
  bool is_whole_ = true;
};

struct Message {
  std::uint8_t type;
  std::vector<std::uint8_t> body;
};

// The handshake messages in clear: up to the first record that is encrypted, an alert, not whole or
// not TLS.
std::vector<Message> read_messages_vartime(Bytes sent) {
  std::vector<std::uint8_t> joined;  // messages may span records
  for (Fields records(sent); !records.is_at_end();) {
    const std::uint32_t type = records.number(1);
    const std::uint32_t version = records.number(2);
    const Bytes content = records.vector(2);
    if (!records.is_whole() || version >> 8 != 3 || content.size() > kMostOfRecord) break;
    if (type == kChangeCipherSpec) continue;
    if (type != kHandshake || content.empty()) break;
    joined.insert(joined.end(), content.begin(), content.end());
  }
  std::vector<Message> messages;
  for (Fields fields(joined); !fields.is_at_end();) {
    const auto type = static_cast<std::uint8_t>(fields.number(1));
    const Bytes body = fields.vector(3);
    if (!fields.is_whole()) break;
    messages.push_back({type, {body.begin(), body.end()}});
  }
  return messages;
}

// Calls visit(type, content) for each extension; whether they are well-formed.
template <class Visit>
bool visit_extensions_vartime(Bytes extensions, Visit visit) {
  Fields fields(extensions);
  while (!fields.is_at_end()) {
    const std::uint16_t type = fields.code();
    const Bytes content = fields.vector(2);
    if (!fields.is_whole() || !visit(type, Fields(content))) return false;
  }
  return fields.is_whole();
}

bool read_codes_vartime(Bytes list, std::vector<std::uint16_t>& codes) {
  Fields fields(list);
  while (!fields.is_at_end()) codes.push_back(fields.code());
  return fields.is_whole();
}

bool read_shares_vartime(Bytes list, std::vector<std::uint16_t>& groups) {
  Fields fields(list);
  while (!fields.is_at_end()) {
    groups.push_back(fields.code());
    fields.vector(2);
  }
  return fields.is_whole();
}

bool read_client_extension_vartime(ClientHello& hello, std::uint16_t type, Fields fields) {
  if (type == kSupportedGroups) {
    if (!read_codes_vartime(fields.vector(2), hello.groups)) return false;
  } else if (type == kSupportedVersions) {
    std::vector<std::uint16_t> versions;
    if (!read_codes_vartime(fields.vector(1), versions)) return false;
    hello.offers_tls13 = std::ranges::find(versions, kTls13) != versions.end();
  } else if (type == kKeyShare) {
    if (!read_shares_vartime(fields.vector(2), hello.shares)) return false;
  } else {
    return true;
  }
  return fields.is_whole() && fields.is_at_end();
}

bool read_server_extension_vartime(ServerHello& hello, std::uint16_t type, Fields fields) {
  if (type == kSupportedVersions) {
    hello.version = fields.code();
  } else if (type == kKeyShare) {
    hello.group = fields.code();
    if (!hello.is_retry) fields.vector(2);
  } else {
    return true;
  }
  return fields.is_whole() && fields.is_at_end();
}

std::optional<ServerHello> parse_server_hello_vartime(Bytes body) {
  ServerHello hello;
  Fields fields(body);
  hello.version = fields.code();
  hello.is_retry = std::ranges::equal(fields.bytes(32), kRetryRandom);
  fields.vector(1);  // the session
  fields.code();     // the cipher suite
  fields.number(1);  // the compression
  if (!fields.is_whole()) return std::nullopt;
  if (fields.is_at_end()) return hello;  // before TLS 1.3, extensions may be missing
  const Bytes extensions = fields.vector(2);
  const bool is_well_formed =
      visit_extensions_vartime(extensions, [&](std::uint16_t type, const Fields& content) {
        return read_server_extension_vartime(hello, type, content);
      });
  if (!is_well_formed || !fields.is_whole() || !fields.is_at_end()) return std::nullopt;
  return hello;
}

}  // namespace

std::optional<ClientHello> read_client_hello_vartime(Bytes sent) {
  const auto messages = read_messages_vartime(sent);
  if (messages.empty() || messages.front().type != kClientHelloType) return std::nullopt;
  ClientHello hello;
  Fields fields(messages.front().body);
  fields.code();     // legacy_version
  fields.bytes(32);  // the random bytes
  fields.vector(1);  // the session
  fields.vector(2);  // the cipher suites
  fields.vector(1);  // the compressions
  const Bytes extensions = fields.is_at_end() ? Bytes{} : fields.vector(2);
  const bool is_well_formed =
      visit_extensions_vartime(extensions, [&](std::uint16_t type, const Fields& content) {
        return read_client_extension_vartime(hello, type, content);
      });
  if (!is_well_formed || !fields.is_whole() || !fields.is_at_end()) return std::nullopt;
  return hello;
}

ServerAnswer read_server_answer_vartime(Bytes sent) {
  ServerAnswer answer;
  for (const Message& message : read_messages_vartime(sent)) {
    if (message.type != kServerHelloType) break;
    const auto hello = parse_server_hello_vartime(message.body);
    if (!hello) break;
    if (!hello->is_retry) {
      answer.hello = hello;
      break;
    }
    if (answer.had_retry) break;  // there is one at most
    answer.had_retry = true;
  }
  return answer;
}

}  // namespace latchkey::cli
