// PEM files with several objects and text around them (RFC 7468, section 2).

#include "keyfile/der_writer.hpp"

namespace latchkey::test {
namespace {

struct Objects {
  explicit Objects(Random& random) : seed(random.vector(kSeedSize)) {
    const auto key = DecapsulationKey::from_seed(seed);
    private_key = text_of(write_private_key(*key, KeyEncoding::pem));
    const auto file = write_public_key(key->encapsulation_key(), KeyEncoding::pem);
    public_key.assign(file->bytes().begin(), file->bytes().end());
    encrypted = text_of(write_private_key(*key, KeyEncoding::pem, {.password = view_of("secret")}));
  }

  Bytes seed;
  std::string private_key, public_key, encrypted;
};

const std::string kCertificate =
    "-----BEGIN CERTIFICATE-----\nAAAA not Base64 at all\n-----END CERTIFICATE-----\n";
const std::string kUnfinished = "-----BEGIN CERTIFICATE-----\nAAAA\n";
const std::string kText = "ML-KEM-768 Private-Key:\nseed:\n    00:01:02\n\n";

TEST_CASE("A private key is read beside text and objects of other kinds, in any order") {
  Random random;
  const Objects objects(random);
  for (const std::string& file :
       {objects.private_key + objects.public_key, objects.public_key + objects.private_key,
        kCertificate + objects.private_key + kCertificate, kText + objects.private_key + kText,
        kUnfinished + objects.private_key, objects.private_key + "x",
        objects.private_key + "# a comment\n", kCertificate + kText + objects.encrypted,
        objects.private_key + "\n-----BEGIN CERTIFICATE-----\n"}) {
    CAPTURE(file);
    require_seed(read_private_key(Exact(view_of(file)), view_of("secret")), objects.seed);
    REQUIRE(kind_of_key_file(view_of(file)) >= KeyFileKind::private_key);
  }
}

TEST_CASE("A public key is read beside text and objects of other kinds, in any order") {
  Random random;
  const Objects objects(random);
  for (const std::string& file :
       {objects.private_key + objects.public_key, objects.public_key + objects.encrypted,
        kCertificate + objects.public_key + kCertificate, kText + objects.public_key + kText}) {
    CAPTURE(file);
    REQUIRE(read_public_key(Exact(view_of(file))).has_value());
  }
  REQUIRE(kind_of_key_file(view_of(kCertificate + objects.public_key)) == KeyFileKind::public_key);
}

TEST_CASE("Two objects of the wanted kind are refused, and the message says that") {
  Random random;
  const Objects objects(random);
  for (const std::string& file :
       {objects.private_key + objects.private_key, objects.private_key + objects.encrypted,
        objects.encrypted + kText + objects.private_key,
        objects.private_key + kCertificate + "-----BEGIN PRIVATE KEY-----\n"}) {
    require_error(read_private_key(Exact(view_of(file)), view_of("secret")), Error::several_keys);
  }
  const std::string file = objects.public_key + kText + objects.public_key;
  require_error(read_public_key(Exact(view_of(file))), Error::several_keys);
}

TEST_CASE("A file without an object of the wanted kind, or without the end of it, is no key") {
  Random random;
  const Objects objects(random);
  require_error(read_private_key(Exact(view_of(objects.public_key))), Error::not_a_key);
  require_error(read_public_key(Exact(view_of(objects.private_key))), Error::not_a_key);
  const std::string cut = objects.private_key.substr(0, objects.private_key.find("-----END"));
  for (const std::string& file :
       {kCertificate, cut, cut + kCertificate, cut + "-----END CERTIFICATE-----\n",
        cut + "-----END PRIVATE KEY----- x\n", cut + "-----\n" + objects.private_key,
        cut + "-----END PRIVATE KEY----\n"}) {
    CAPTURE(file);
    require_error(read_private_key(Exact(view_of(file))), Error::not_a_key);
  }
}

TEST_CASE("Inside the object nothing but Base64 is accepted") {
  Random random;
  const Objects objects(random);
  for (const char* const line : {"# a comment\n", "Proc-Type: 4,ENCRYPTED\n\n", " AAAA\n"}) {
    const std::string file =
        replaced(objects.private_key, "KEY-----\nM", std::string("KEY-----\n") + line + "M");
    REQUIRE(file != objects.private_key);
    require_error(read_private_key(Exact(view_of(file))), Error::not_canonical);
  }
}

TEST_CASE("A file of more than 65,536 bytes is refused, whatever is in it") {
  Random random;
  const Objects objects(random);
  for (const std::string* object : {&objects.private_key, &objects.public_key}) {
    const std::string room(kMaxKeyFileSize - object->size(), '\n');
    const auto read = [&](const std::string& file) {
      return object == &objects.private_key ? read_private_key(view_of(file)).has_value()
                                            : read_public_key(view_of(file)).has_value();
    };
    REQUIRE(read(room + *object));
    REQUIRE_FALSE(read("\n" + room + *object));
  }
  require_error(read_private_key(Bytes(kMaxKeyFileSize + 1, 0)), Error::too_long);
  require_error(read_public_key(Bytes(kMaxKeyFileSize + 1, 0)), Error::too_long);
}

}  // namespace
}  // namespace latchkey::test
