// `latchkey inspect`: what a file is, and whether it is sound.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "commands.hpp"
#include "failure.hpp"
#include "hardening.hpp"
#include "input.hpp"
#include "json.hpp"
#include "keys.hpp"
#include "latchkey/stream.hpp"
#include "sealed_error.hpp"

namespace latchkey::cli {
namespace {

using View = std::span<const std::uint8_t>;

constexpr std::size_t kMost = 2 << 20;  // bytes, of a sealed file: all headers are shorter
constexpr std::size_t kHead = 4'096;    // this much says whether it is one

constexpr std::size_t kAgeMac = 49;    // "\n--- ", 43 characters of Base64 and "\n" (c2sp.org/age)
constexpr std::size_t kAgeNonce = 16;  // before the first chunk

// What is said of a file, in the order in which it is said.
struct Finding {
  explicit Finding(std::string what) : kind(std::move(what)) {}

  std::string kind;
  std::vector<std::pair<std::string, std::string>> facts;
  bool sound = true;
  std::string fault;

  void add(const char* name, std::string value) { facts.emplace_back(name, std::move(value)); }
  void fails(Error error) {
    sound = false;
    fault = describe(error);
  }
};

std::string_view text_of(View bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class Key>
void add_public(Finding& finding, const Key& key) {
  finding.add("fingerprint", fingerprint_of(key));
}

const char* encoding_of(View file) {
  return text_of(file).find("-----BEGIN ") != std::string_view::npos ? "PEM" : "DER";
}

Finding of_public_key(View file) {
  Finding finding("public key");
  finding.add("encoding", encoding_of(file));
  const auto key = read_public_key(file);
  if (!key) {
    finding.fails(key.error());
  } else {
    finding.add("algorithm", algorithm_of(*key));
    std::visit([&](const auto& any) { add_public(finding, any); }, *key);
  }
  return finding;
}

Finding of_private_key(View file, bool encrypted, const Options& options) {
  require_hardened();
  Finding finding("private key");
  finding.add("encoding", encoding_of(file));
  finding.add("under a password", encrypted ? "yes" : "no");
  LockedBuffer password;
  if (encrypted) {
    if (!options.source.is_given()) {
      const auto without = read_private_key(file);
      if (without.error() != Error::password_needed) finding.fails(without.error());
      return finding;
    }
    password = read_password(options.source, quoted(options.input), false);
  }
  const auto read = [&](View words) -> Result<AnyDecapsulationKey> {
    return read_private_key(file, words);
  };
  const auto key = encrypted ? password.read(read) : read({});
  if (!key) {
    finding.fails(key.error());
  } else {
    finding.add("algorithm", algorithm_of(*key));
    std::visit([&](const auto& any) { add_public(finding, any.encapsulation_key()); }, *key);
  }
  return finding;
}

Finding of_sealed(const SealedInfo& info, std::uint64_t size) {
  Finding finding(info.kind == SealedKind::stream ? "sealed stream" : "sealed message");
  finding.add("recipient", info.kem == XWing::kHpkeId ? XWing::kName : MlKem768::kName);
  finding.add("kdf", hpke::name_of(info.suite.kdf));
  finding.add("aead", hpke::name_of(info.suite.aead));
  const bool is_stream = info.kind == SealedKind::stream;
  const std::uint64_t content = size - std::min<std::uint64_t>(size, info.prefix_size);
  // Behind whole boxes, a last one has to have more than a tag.
  const std::uint64_t rest = content % (kStreamChunk + hpke::kTagSize);
  const bool ends = content <= hpke::kTagSize || rest == 0 || rest > hpke::kTagSize;
  const bool whole = content >= hpke::kTagSize &&
                     (is_stream ? info.size == kStreamChunk && ends : info.size == content);
  if (!whole) finding.fails(Error::sealed_length);
  return finding;
}

Finding of_age_file(View file, std::uint64_t size) {
  Finding finding("age file");
  const std::string_view text = text_of(file);
  const bool armored = !text.starts_with("age-");
  finding.add("armor", armored ? "yes" : "no");
  if (armored) return finding;
  std::size_t all = 0, ours = 0;
  const std::string_view header = text.substr(0, text.find("\n---"));
  for (std::size_t at = 0; (at = header.find("\n-> ", at)) != header.npos; ++at) {
    ++all;
    if (header.substr(at + 4).starts_with("mlkem768x25519 ")) ++ours;
  }
  finding.add("recipients", std::to_string(all));
  finding.add("post-quantum recipients", std::to_string(ours));
  const std::uint64_t content = size - std::min<std::uint64_t>(size, header.size() + kAgeMac);
  if (header.size() == text.size() || content < kAgeNonce + hpke::kTagSize) {
    finding.fails(Error::sealed_length);
  }
  return finding;
}

Finding of_age_key(std::string_view text) {
  const bool is_private = text.starts_with("AGE-");
  Finding finding(is_private ? "age identity" : "age recipient");
  if (is_private) {
    const auto key = age::parse_identity(text);
    if (!key) return finding.fails(key.error()), finding;
    finding.add("algorithm", XWing::kName);
    add_public(finding, key->encapsulation_key());
  } else {
    const auto key = age::parse_recipient(text);
    if (!key) return finding.fails(key.error()), finding;
    finding.add("algorithm", XWing::kName);
    add_public(finding, *key);
  }
  return finding;
}

// Bytes without a format: their number says what they may be.
Finding of_raw(View file) {
  Finding finding("unknown");
  if (file.size() == kCiphertextSize || file.size() == xwing::kCiphertextSize) {
    finding.kind = "ciphertext";
    finding.add("algorithm", file.size() == kCiphertextSize ? MlKem768::kName : XWing::kName);
    finding.add("note", "by its size alone; which key it is for cannot be told");
  } else if (file.size() == kEncapsulationKeySize) {
    finding.kind = "raw public key";
    finding.add("algorithm", MlKem768::kName);
    const auto key = EncapsulationKey::parse(file);
    key ? add_public(finding, *key) : finding.fails(key.error());
  } else if (file.size() == xwing::kEncapsulationKeySize) {
    finding.kind = "raw public key";
    finding.add("algorithm", XWing::kName);
    const auto key = xwing::EncapsulationKey::parse(file);
    key ? add_public(finding, *key) : finding.fails(key.error());
  } else if (file.size() == kDecapsulationKeySize) {
    finding.kind = "raw private key";
    finding.add("algorithm", MlKem768::kName);
    const auto key = DecapsulationKey::import_expanded(file);
    key ? add_public(finding, key->encapsulation_key()) : finding.fails(key.error());
  } else {
    finding.sound = false;
    finding.fault = "nothing that Latchkey knows";
  }
  return finding;
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

Finding find(View file, std::uint64_t size, const Options& options) {
  if (age::is_file(file)) return of_age_file(file, size);
  const auto info = inspect_sealed(file);
  if (info) return of_sealed(*info, size);
  if (info.error() != Error::not_sealed) {
    Finding finding("sealed file");
    finding.sound = false;
    finding.fault = describe_sealed(info.error(), file);
    return finding;
  }
  switch (kind_of_key_file(file)) {
    case KeyFileKind::public_key:
      return of_public_key(file);
    case KeyFileKind::private_key:
      return of_private_key(file, false, options);
    case KeyFileKind::encrypted_private_key:
      return of_private_key(file, true, options);
    case KeyFileKind::none:
      break;
  }
  const std::string_view line = first_line(text_of(file));
  if (line.starts_with("AGE-SECRET-KEY-") || line.starts_with("age1")) return of_age_key(line);
  return of_raw(file);
}

void print(const Finding& finding, const std::string& name) {
  std::printf("%s: %s%s\n", name.c_str(), finding.kind.c_str(), finding.sound ? "" : ", not sound");
  for (const auto& [fact, value] : finding.facts) {
    std::printf("  %-24s %s\n", fact.c_str(), value.c_str());
  }
}

void print_json(const Finding& finding, const std::string& path) {
  JsonObject object;
  object.add("file", path);
  object.add("kind", finding.kind);
  for (const auto& [fact, value] : finding.facts) object.add(fact, value);
  object.add("sound", finding.sound);
  if (!finding.sound) object.add("fault", finding.fault);
  std::printf("%s\n", object.text().c_str());
}

// What comes through a pipe has to be read to its end.
std::uint64_t size_of(Input& input, std::size_t read) {
  if (input.size()) return std::max<std::uint64_t>(*input.size(), read);
  std::array<std::uint8_t, 4'096> more;
  std::uint64_t size = read;
  while (const std::size_t next = input.read(more)) size += next;
  return size;
}

// It may hold a private key, unless its head says otherwise.
Finding look_at(Input& input, const Options& options) {
  auto head = read_locked(input, kHead);
  std::vector<std::uint8_t> sealed;
  value_of(head.read([&](View bytes) {
    const bool is_sealed = age::is_file(bytes) || inspect_sealed(bytes);
    if (is_sealed) sealed.assign(bytes.begin(), bytes.end());
  }),
           "cannot read");
  if (!sealed.empty()) {
    sealed.resize(kMost);
    const std::size_t size = head.size() + input.fill(std::span(sealed).subspan(head.size()));
    return find(View(sealed).first(size), size_of(input, size), options);
  }
  const auto whole = read_locked(input, kMostOfKey, std::move(head));
  return value_of(whole.read([&](View bytes) { return find(bytes, bytes.size(), options); }),
                  "cannot read");
}

}  // namespace

void inspect(const Options& options) {
  Input input(options.input);
  const auto finding = look_at(input, options);
  if (options.json) {
    print_json(finding, options.input.empty() ? "-" : options.input);
  } else {
    print(finding, input.name());
  }
  if (!finding.sound) {
    flush_output();
    throw Failure(input.name() + ": " + finding.fault);
  }
}

}  // namespace latchkey::cli
