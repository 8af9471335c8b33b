// What a key in DER is called by its outline.

#include "keyfile/der_outline.hpp"

#include "encoding/der.hpp"
#include "keyfile/key_files.hpp"

namespace latchkey::test {
namespace {

using keyfile::Outline;
using keyfile::outline_of;

struct Known {
  const char* name;
  const char* head;  // in hexadecimal; what follows is of the key, and not looked at
  std::size_t content;
  Outline outline;

  [[nodiscard]] Bytes file() const { return from_hex(head) + Bytes(content, 0xff); }
};

constexpr Outline kOurPublic{KeyFileKind::public_key, true},
    kOtherPublic{KeyFileKind::public_key, false}, kOurPrivate{KeyFileKind::private_key, true},
    kOtherPrivate{KeyFileKind::private_key, false},
    kEncrypted{KeyFileKind::encrypted_private_key, false};

// ML-KEM-768 (RFC 9935), X-Wing (its draft), X25519 (RFC 8410), RSA (RFC 3279), PBES2 (RFC 8018).
constexpr Known kKnown[] = {
    {"ML-KEM-512", "30820332300b060960864801650304040103820321", 801, kOurPublic},
    {"ML-KEM-768", "308204b2300b0609608648016503040402038204a1", 1185, kOurPublic},
    {"ML-KEM-1024", "30820632300b060960864801650304040303820621", 1569, kOurPublic},
    {"X-Wing", "308204d4300d060b2b0601040183e62d81c87a038204c1", 1217, kOurPublic},
    {"X25519", "302a300506032b656e0321", 33, kOtherPublic},
    {"RSA, with parameters", "3018300d06092a864886f70d01010105000307", 7, kOtherPublic},
    {"ML-KEM-768, the seed", "3054020100300b06096086480165030404020442", 66, kOurPrivate},
    {"ML-KEM-512, the seed", "3054020100300b06096086480165030404010442", 66, kOurPrivate},
    {"ML-KEM-1024, the seed", "3054020100300b06096086480165030404030442", 66, kOurPrivate},
    {"X-Wing, private", "3034020100300d060b2b0601040183e62d81c87a0420", 32, kOurPrivate},
    {"X25519, private", "302e020100300506032b656e0422", 34, kOtherPrivate},
    {"X25519, attributes follow", "3032020101300506032b656e0422", 38, kOtherPrivate},
    {"PBES2", "3017300f06092a864886f70d01050d300205000404", 4, kEncrypted},
    {"our algorithm where one that encrypts is", "3010300b06096086480165030404020401", 1,
     kEncrypted},
    {"lengths in more octets than they need", "3084000000123081060681032b656e0382000500", 4,
     kOtherPublic},
};

void require_outline(View bytes, const Outline& expected) {
  const Outline outline = outline_of(Exact(bytes));
  REQUIRE(outline.kind == expected.kind);
  REQUIRE(outline.is_ours == expected.is_ours);
}

TEST_CASE("A key in DER is called what it is, whatever follows it") {
  for (const Known& known : kKnown) {
    CAPTURE(known.name);
    const Bytes file = known.file();
    require_outline(file, known.outline);
    require_outline(file + Bytes(3, 0x30), known.outline);
    REQUIRE(kind_of_key_file(file) == known.outline.kind);
  }
}

TEST_CASE("A key in DER that is cut anywhere is none") {
  for (const Known& known : kKnown) {
    CAPTURE(known.name);
    const Bytes file = known.file();
    for (std::size_t size = 0; size < file.size(); ++size) {
      require_outline(View(file).first(size), {});
    }
  }
}

TEST_CASE("With any one byte changed, a key in DER is still called by its outline, or none") {
  for (const Known& known : kKnown) {
    const Bytes file = known.file();
    const std::size_t head = file.size() - known.content;
    for (std::size_t at = 0; at < file.size(); ++at) {
      for (unsigned change = 1; change < 256; ++change) {
        Bytes changed = file;
        changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
        const Outline outline = outline_of(Exact(changed));
        CAPTURE(known.name, at, change);
        if (at >= head) {
          REQUIRE(outline.kind == known.outline.kind);
          REQUIRE(outline.is_ours == known.outline.is_ours);
        } else if (outline.is_ours) {
          REQUIRE((contains(changed, encoding::der::kMlKem512Id) ||
                   contains(changed, encoding::der::kMlKem768Id) ||
                   contains(changed, encoding::der::kMlKem1024Id) ||
                   contains(changed, encoding::der::kXWingId)));
        }
      }
    }
  }
}

TEST_CASE("Keys of other containers, and lengths that nothing has, are none") {
  for (const std::string_view text : {
           "3006020100020100",                // RSAPrivateKey's beginning: numbers only
           "300702010104020000",              // ECPrivateKey
           "300b020102300306012a0401ff",      // version 3
           "300c02020000300306012a0401ff",    // a version of two octets
           "300a0200300306012a0401ff",        // of none
           "3080300306012a0301000000",        // no length
           "30850000000008300306012a030100",  // of five octets
           "30ff300306012a030100",            // of 127
           "3084ffffffff300306012a030100",    // of 4 GiB
           "3008300302012a030100",            // no object identifier
           "3008310306012a030100",            // no sequence
           "3008300306022a030100",            // an identifier that is longer than its place
           "3008300306012a050100",            // neither string
           "3005300306012a",                  // no string
           "300b020100300306012a030100",      // a private key in a BIT STRING
           "3000",
           "30",
           "0400",
           "",
       }) {
    CAPTURE(text);
    require_outline(from_hex(text), {});
  }
}

}  // namespace
}  // namespace latchkey::test
