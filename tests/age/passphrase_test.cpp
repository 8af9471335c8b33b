// Age files under a passphrase, and how much work files may ask for.

#include <ctime>

#include "age/passphrase_file.hpp"
#include "age/support.hpp"

namespace latchkey::test {
namespace {

constexpr std::string_view kPassphrase = "correct horse battery staple";

PassphraseFile passphrase_file(unsigned work_factor, View content = {}) {
  Random random;
  return {random, kPassphrase, work_factor, content};
}

Opened open_by(std::string_view passphrase, View file) {
  Source source(file);
  Sink sink;
  auto result = age::open_with_passphrase(view_of(passphrase), source, sink);
  return {std::move(result), sink.all};
}

double seconds_of(const auto& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

TEST_CASE("A file under a passphrase opens with it, and with no other") {
  const Bytes content(1'000, 7);
  const PassphraseFile file = passphrase_file(10, content);
  const auto opened = open_by(kPassphrase, file.bytes());
  REQUIRE(opened.result.has_value());
  REQUIRE(opened.content == content);
  for (const std::string_view other :
       {"correct horse battery stapl", "x", "Correct horse battery staple"}) {
    const auto refused = open_by(other, file.bytes());
    require_error(refused.result, Error::wrong_password);
    REQUIRE(refused.content.empty());
  }
  require_error(open_by("", file.bytes()).result, Error::password_needed);
  require_error(open_by(std::string(65'537, 'x'), file.bytes()).result, Error::too_long);
}

TEST_CASE("A file under a passphrase is told from one for keys, both ways") {
  const auto key = xwing::DecapsulationKey::generate();
  const PassphraseFile file = passphrase_file(1);
  require_error(open_age({&*key}, file.bytes()).result, Error::passphrase_file);
  require_error(open_age({}, file.bytes()).result, Error::passphrase_file);
  const Bytes for_key = age_file({&key->encapsulation_key()}, Bytes(5, 7));
  require_error(open_by(kPassphrase, for_key).result, Error::no_recipient);
}

TEST_CASE("The work factor of age -p is accepted, and more is refused at once") {
  const PassphraseFile file = passphrase_file(age::kMaxWorkFactor, Bytes(3, 3));
  Opened opened;
  const double seconds = seconds_of([&] { opened = open_by(kPassphrase, file.bytes()); });
  CAPTURE(seconds);
  REQUIRE(opened.result.has_value());
  REQUIRE(opened.content == Bytes(3, 3));
  REQUIRE(seconds < 5);
  const std::string text(file.header.begin(), file.header.end());
  for (const std::string factor :
       {"19", "20", "22", "30", "63", "64", "99", "1000000", "4294967306"}) {
    CAPTURE(factor);
    const Bytes costly =
        copy_of(view_of(replaced(text, " 18\n", " " + factor + "\n"))) + file.payload;
    Result<void> result;
    REQUIRE(seconds_of([&] { result = open_by(kPassphrase, costly).result; }) < 0.1);
    require_error(result, Error::work_factor);
  }
}

TEST_CASE("Nothing behind a header with a wrong MAC is decrypted, though the file key is right") {
  const PassphraseFile file = passphrase_file(1, Bytes(70'000, 1));
  Bytes changed = file.bytes();
  std::uint8_t& digit = changed[file.header.size() - 20];
  digit = digit == 'A' ? 'B' : 'A';
  const auto refused = open_by(kPassphrase, changed);
  require_error(refused.result, Error::not_authentic);
  REQUIRE(refused.content.empty());
  const auto key = xwing::DecapsulationKey::generate();
  Bytes for_key = age_file({&key->encapsulation_key()}, Bytes(70'000, 1));
  const std::string text(for_key.begin(), for_key.end());
  std::uint8_t& other = for_key[text.find("\n--- ") + 10];
  other = other == 'A' ? 'B' : 'A';
  const auto closed = open_age({&*key}, for_key);
  require_error(closed.result, Error::not_authentic);
  REQUIRE(closed.content.empty());
}

TEST_CASE(
    "No more than 20,000 pairs of a key and a recipient are tried, which takes less than 5 s") {
  const auto key = xwing::DecapsulationKey::generate(), other = xwing::DecapsulationKey::generate();
  Recipients recipients(age::kMaxRecipients, &other->encapsulation_key());
  recipients.back() = &key->encapsulation_key();
  const Bytes file = age_file(recipients, Bytes(3, 3));
  const auto third = xwing::DecapsulationKey::generate();
  Identities most(age::kMaxAttempts / age::kMaxRecipients, &*third);
  most.back() = &*key;  // the last pair of all
  Opened opened;
  const double seconds = seconds_of([&] { opened = open_age(most, file); });
  CAPTURE(seconds);
  REQUIRE(opened.content == Bytes(3, 3));
  std::fprintf(stderr, "%zu attempts: %.2f s\n", age::kMaxAttempts, seconds);
  most.insert(most.begin(), &*third);
  REQUIRE(seconds_of([&] { opened = open_age(most, file); }) < 2 * seconds + 1);
  require_error(opened.result, Error::too_costly);
  REQUIRE(opened.content.empty());
}

TEST_CASE("A file without a recipient of a kind that is read gives the error for its kind") {
  const auto key = xwing::DecapsulationKey::generate();
  const Bytes ours = age_file({&key->encapsulation_key()}, {});
  const std::string end(ours.end() - 80, ours.end());
  const auto error_of = [&](const std::string& stanzas) {
    const std::string file = "age-encryption.org/v1\n" + stanzas + end;
    return open_age({&*key}, copy_of(view_of(file))).result;
  };
  const std::string x25519 =
                        "-> X25519 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n"
                        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n",
                    ssh = "-> ssh-ed25519 abc def\n\n", plugin = "-> piv-p256 abc\n\n",
                    grease = "-> x-grease\n\n";
  require_error(error_of(ssh), Error::unsupported_recipient);
  require_error(error_of(plugin + grease + ssh), Error::unsupported_recipient);
  require_error(error_of(x25519), Error::no_recipient);
  require_error(error_of(plugin + x25519), Error::no_recipient);
  const auto other = xwing::DecapsulationKey::generate();
  require_error(open_age({&*other}, ours).result, Error::no_recipient);
}

}  // namespace
}  // namespace latchkey::test
