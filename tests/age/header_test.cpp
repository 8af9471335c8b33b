// The header of age files as a value: what is in it, and which of it is accepted.

#include "age/header.hpp"

#include "age/support.hpp"

namespace latchkey::test {
namespace {

using age::internal::Header;
using age::internal::Stanza;
using age::internal::Stanzas;

const std::string kVersion = "age-encryption.org/v1\n";
const std::string kMacText = "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\n";
const std::string kSalt = "AAECAwQFBgcICQoLDA0ODw";                        // 16 bytes
const std::string kShare = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";  // 32 bytes
const std::string kBody = kShare + "\n";

Result<Header> read_header(const std::string& text, std::size_t part = 1 << 20) {
  const Bytes bytes = copy_of(view_of(text));
  Source source(bytes, part);
  return Header::read(source);
}

std::string scrypt(const std::string& arguments, const std::string& body = kBody) {
  return "-> scrypt " + arguments + "\n" + body;
}

TEST_CASE("A header is read into its stanzas, its MAC and what is behind it") {
  const std::string hybrid = "-> mlkem768x25519 " + std::string(1494, 'A') + "\n" + kBody;
  const std::string text = kVersion + "-> X25519 " + kShare + "\n" + kBody + hybrid +
                           "-> a-grease b c\n\n" + "-> ssh-rsa x\n" + std::string(64, 'A') + "\n" +
                           std::string(64, 'A') + "\n\n";
  for (const std::size_t part : {1u, 7u, 4'096u, 1u << 20}) {
    CAPTURE(part);
    const auto header = read_header(text + kMacText + "behind", part);
    REQUIRE(header.has_value());
    REQUIRE(header->stanza_count() == 4);
    REQUIRE(header->mac()[31] == 1);
    REQUIRE(std::ranges::count(header->mac(), 0) == 31);
    REQUIRE(std::ranges::equal(header->authenticated(), view_of(text + "---")));
    REQUIRE(std::ranges::equal(header->behind(), view_of("behind").first(header->behind().size())));
    Stanzas stanzas(*header);
    auto stanza = stanzas.next();
    REQUIRE(stanza->kind == Stanza::Kind::x25519);
    REQUIRE(stanza->arguments == kShare);
    const auto share = share_of(*stanza);
    REQUIRE(share.has_value());
    REQUIRE(share->at(31) == 31);
    REQUIRE(stanza->body_size == 32);
    REQUIRE(stanza->body[31] == 31);
    stanza = stanzas.next();
    REQUIRE(stanza->kind == Stanza::Kind::hybrid);
    REQUIRE(enc_of(*stanza).has_value());
    stanza = stanzas.next();
    REQUIRE(stanza->kind == Stanza::Kind::grease);
    REQUIRE(stanza->arguments == "b c");
    REQUIRE(stanza->body_size == 0);
    stanza = stanzas.next();
    REQUIRE(stanza->kind == Stanza::Kind::other);
    REQUIRE(stanza->body_size == 96);
    REQUIRE_FALSE(stanzas.next().has_value());
  }
}

TEST_CASE("A scrypt stanza must be the only one in its header, and well-formed") {
  const auto header = read_header(kVersion + scrypt(kSalt + " 18") + kMacText);
  REQUIRE(header.has_value());
  const auto stanza = Stanzas(*header).next();
  REQUIRE(stanza->kind == Stanza::Kind::scrypt);
  const auto parameters = scrypt_parameters_of(*stanza);
  REQUIRE(parameters->work_factor == 18);
  REQUIRE(parameters->salt[15] == 15);
  for (const char* factor : {"1", "9", "10", "64", "999", "1001", "4294967294", "4294967295",
                             "4294967297", "99999999999999999999", "184467440737095516180"}) {
    CAPTURE(factor);
    const auto read = read_header(kVersion + scrypt(kSalt + " " + factor) + kMacText);
    REQUIRE(read.has_value());
    const auto number = std::min<std::uint64_t>(std::strtoull(factor, nullptr, 10), 0xffffffff);
    const auto stanza_read = Stanzas(*read).next();
    REQUIRE(stanza_read.has_value());
    const auto parameters_read = scrypt_parameters_of(*stanza_read);
    REQUIRE(parameters_read.has_value());
    REQUIRE(parameters_read->work_factor == number);
  }
  const std::string other = "-> X25519 " + kShare + "\n" + kBody;
  for (const std::string& stanzas :
       {other + scrypt(kSalt + " 10"), scrypt(kSalt + " 10") + other,
        scrypt(kSalt + " 10") + scrypt(kSalt + " 10"), scrypt(kSalt), scrypt(kSalt + " "),
        scrypt(kSalt + " 0"), scrypt(kSalt + " 010"), scrypt(kSalt + " +1"), scrypt(kSalt + " 1a"),
        scrypt(kSalt + " -1"), scrypt(kSalt + " 10 10"), scrypt(kSalt + "A 10"),
        scrypt(kSalt.substr(1) + " 10"), scrypt(kSalt.substr(0, 21) + "x 10"), scrypt("10"),
        scrypt(kSalt + " 10", "\n"), scrypt(kSalt + " 10", "AA" + kBody),
        scrypt(kSalt + " 10", std::string(64, 'A') + "\n\n")}) {
    CAPTURE(stanzas);
    const auto read = read_header(kVersion + stanzas + kMacText);
    REQUIRE_FALSE(read.has_value());
    REQUIRE(read.error() == Error::bad_header);
  }
}

TEST_CASE("A header that is cut off gives sealed_length, and one without stanzas bad_header") {
  const std::string text = kVersion + "-> X25519 " + kShare + "\n" + kBody + kMacText;
  REQUIRE(read_header(text).has_value());
  for (std::size_t size = 1; size < text.size(); ++size) {
    CAPTURE(size);
    REQUIRE(read_header(text.substr(0, size)).error() == Error::sealed_length);
  }
  REQUIRE(read_header("").error() == Error::not_sealed);
  REQUIRE(read_header(kVersion + kMacText).error() == Error::bad_header);
  for (const std::string_view line :
       {"--- \n", "---\n", "--- AAAA\n", "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n",
        "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "---  AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"}) {
    CAPTURE(line);
    const auto read =
        read_header(kVersion + "-> X25519 " + kShare + "\n" + kBody + std::string(line));
    REQUIRE(read.error() == Error::bad_header);
  }
}

TEST_CASE("A header has at most 4 MiB") {
  const std::string stanza = "-> a b\n\n";
  std::string most = kVersion;
  while (most.size() + stanza.size() + kMacText.size() <= age::internal::kMaxHeader) most += stanza;
  const auto header = read_header(most + kMacText + std::string(100, 'x'));
  REQUIRE(header.has_value());
  REQUIRE(header->stanza_count() == (most.size() - kVersion.size()) / stanza.size());
  REQUIRE(read_header(most + stanza + kMacText).error() == Error::bad_header);
}

}  // namespace
}  // namespace latchkey::test
