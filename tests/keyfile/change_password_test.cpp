// Setting, changing and removing the password of a key file.

#include "keyfile/der_writer.hpp"

namespace latchkey::test {
namespace {

const View kOld = view_of("old"), kNew = view_of("new");

TEST_CASE("A password is set, changed and removed, and the file is again the one that it was") {
  Random random;
  const KeyMaterial alice(random);
  for (const KeyEncoding encoding : {KeyEncoding::pem, KeyEncoding::der}) {
    const Bytes plain = bytes_in(write_private_key(alice.key, encoding));
    const Bytes first = bytes_in(set_password(Exact(plain), {}, {.password = kOld}));
    require_error(read_private_key(first), Error::password_needed);
    require_seed(read_private_key(Exact(first), kOld), alice.seed);
    const Bytes second = bytes_in(
        set_password(Exact(first), kOld, {.password = kNew, .hash = PasswordHash::pbkdf2_sha256}));
    require_error(read_private_key(second, kOld), Error::wrong_password);
    require_seed(read_private_key(Exact(second), kNew), alice.seed);
    REQUIRE(bytes_in(remove_password(Exact(second), kNew)) == plain);
  }
}

TEST_CASE("Text, other objects, attributes and the form of the key stay as they are") {
  Random random;
  const KeyMaterial alice(random);
  const Bytes attribute = der_sequence(der_id("550403") + der_value(0x31, der_number(5)));
  const Bytes rest = der_value(0xa0, attribute) + der_value(0x81, Bytes{0} + alice.ek);
  const Bytes der = private_key_der(1, kMlKemAlgorithm, der_octets(alice.expanded), rest);
  const Bytes locked = bytes_in(set_password(Exact(der), {}, {.password = kOld}));
  REQUIRE(bytes_in(remove_password(locked, kOld)) == der);

  const auto file = write_public_key(alice.key.encapsulation_key(), KeyEncoding::pem);
  const std::string object = text_of(write_private_key(alice.key, KeyEncoding::pem));
  const std::string before = "a key of mine\r\n",
                    after = "\n-----BEGIN X-----\n" +
                            std::string(file->bytes().begin(), file->bytes().end()) + "the end";
  const std::string all = before + object + after;
  const std::string changed = text_of(set_password(Exact(view_of(all)), {}, {.password = kOld}));
  REQUIRE(changed.starts_with(before + "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
  REQUIRE(changed.ends_with("-----END ENCRYPTED PRIVATE KEY-----\n" + after));
  REQUIRE(text_of(remove_password(Exact(view_of(changed)), kOld)) == all);
}

std::string with_crlf(std::string_view text) {
  std::string all;
  for (const char c : text) all += c == '\n' ? "\r\n" : std::string(1, c);
  return all;
}

TEST_CASE("The lines of a key end as those of its file do when its password is changed") {
  Random random;
  const KeyMaterial alice(random);
  const std::string plain = text_of(write_private_key(alice.key, KeyEncoding::pem));
  for (const std::string& file : {with_crlf("mine\n" + plain + "end\n"), with_crlf(plain)}) {
    const std::string changed = text_of(set_password(Exact(view_of(file)), {}, {.password = kOld}));
    std::string lines;
    for (const char c : changed) lines += c == '\r' ? "" : std::string(1, c);
    REQUIRE(with_crlf(lines) == changed);
    require_seed(read_private_key(Exact(view_of(changed)), kOld), alice.seed);
    REQUIRE(text_of(remove_password(Exact(view_of(changed)), kOld)) == file);
  }
  // The line that begins the key decides.
  const std::string mixed = "mine\r\n" + plain + "end\r\n";
  const std::string changed = text_of(set_password(view_of(mixed), {}, {.password = kOld}));
  REQUIRE(text_of(remove_password(view_of(changed), kOld)) == mixed);
}

TEST_CASE("The password of a file that cannot be read is not changed") {
  Random random;
  const KeyMaterial alice(random);
  const PasswordProtection protection{.password = kNew};
  const std::string plain = text_of(write_private_key(alice.key, KeyEncoding::pem));
  const Bytes locked = bytes_in(set_password(view_of(plain), {}, {.password = kOld}));
  require_error(set_password(locked, {}, protection), Error::password_needed);
  require_error(set_password(locked, kNew, protection), Error::wrong_password);
  require_error(remove_password(locked, kNew), Error::wrong_password);
  require_error(set_password(view_of(plain + plain), {}, protection), Error::several_keys);
  require_error(set_password(view_of("hello"), {}, protection), Error::not_a_key);
  require_error(set_password(view_of(plain), {}, {.password = {}}), Error::password_needed);
  require_error(remove_password(Bytes(kMaxKeyFileSize + 1, 0), {}), Error::too_long);
}

TEST_CASE("A file that would become too long to be read is not written") {
  Random random;
  const KeyMaterial alice(random);
  const std::string plain = text_of(write_private_key(alice.key, KeyEncoding::pem));
  const std::string full = plain + std::string(kMaxKeyFileSize - plain.size(), '\n');
  require_seed(read_private_key(view_of(full)), alice.seed);
  require_error(set_password(view_of(full), {}, {.password = kOld}), Error::too_long);
}

}  // namespace
}  // namespace latchkey::test
