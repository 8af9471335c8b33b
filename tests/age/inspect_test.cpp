// What an age file shows without a key.

#include "age/support.hpp"

namespace latchkey::test {
namespace {

using age::Armor;

Result<age::FileInfo> inspect(View file, std::size_t part = 1 << 20) {
  Source source(file, part);
  return age::inspect(source);
}

TEST_CASE("A whole file shows its armor and its recipients, and that its size is right") {
  const auto alice = xwing::DecapsulationKey::generate(), bob = xwing::DecapsulationKey::generate();
  const Recipients to = {&alice->encapsulation_key(), &bob->encapsulation_key()};
  for (const std::size_t size : {0u, 1u, 65'535u, 65'536u, 65'537u, 200'000u}) {
    for (const Armor armor : {Armor::no, Armor::yes}) {
      CAPTURE(size, armor == Armor::yes);
      const auto info = inspect(age_file(to, Bytes(size, 1), armor), 977);
      REQUIRE(info.has_value());
      REQUIRE(info->armor == armor);
      REQUIRE(info->recipients == 2);
      REQUIRE(info->post_quantum == 2);
      REQUIRE(info->x25519 == 0);
      REQUIRE_FALSE(info->is_passphrase_file);
      REQUIRE(info->payload.has_value());
    }
  }
}

TEST_CASE("Behind a whole header, a cut is seen where the size or the armor shows it") {
  const auto key = xwing::DecapsulationKey::generate();
  const Recipients to = {&key->encapsulation_key()};
  const Bytes content(70'000, 1);
  const Bytes file = age_file(to, content);
  const std::size_t header = file.size() - content.size() - 16 - 2 * 16;
  const auto payload_of = [](View whole, std::size_t size) {
    const auto info = inspect(whole.first(size));
    REQUIRE(info.has_value());
    REQUIRE(info->recipients == 1);
    return info->payload;
  };
  REQUIRE(payload_of(file, file.size()).has_value());
  for (const std::size_t size : {0u, 1u, 16u, 31u}) {
    require_error(payload_of(file, header + size), Error::sealed_length);
  }
  REQUIRE(payload_of(file, header + 32).has_value());  // a file of 0 bytes could be so
  REQUIRE(payload_of(file, header + 16 + 65'552).has_value());
  require_error(payload_of(file, header + 16 + 65'552 + 16), Error::sealed_length);
  REQUIRE(payload_of(file, header + 16 + 65'552 + 17).has_value());
  const Bytes armored = age_file(to, content, Armor::yes);
  const std::size_t end = armored.size() - 1;  // the last line feed may be missing
  REQUIRE(payload_of(armored, end).has_value());
  for (std::size_t size = end - 40; size < end; ++size) {
    CAPTURE(size);
    require_error(payload_of(armored, size), Error::sealed_length);
  }
  require_error(payload_of(armored + text("x"), armored.size() + 1), Error::sealed_length);
  Bytes broken = armored;
  broken[armored.size() / 2] = '!';
  require_error(payload_of(broken, broken.size()), Error::bad_header);
  require_error(Result<void>(inspect(View(file).first(header - 1)).error()), Error::sealed_length);
}

TEST_CASE("A header of 3 MiB is shown as what it is, and a passphrase with its work factor") {
  std::string file = "age-encryption.org/v1\n";
  const std::string of_32_bytes = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n";
  const std::string x25519 = "-> X25519 " + of_32_bytes + of_32_bytes;
  while (file.size() < 3 << 20) file += x25519 + "-> other abc\n\n";
  file += "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\n" + std::string(32, 'x');
  const auto info = inspect(view_of(file));
  REQUIRE(info.has_value());
  REQUIRE(info->recipients == 2 * info->x25519);
  REQUIRE(info->x25519 > 20'000);
  REQUIRE(info->post_quantum == 0);
  const auto under_passphrase = inspect(
      view_of("age-encryption.org/v1\n-> scrypt AAECAwQFBgcICQoLDA0ODw 21\n"
              "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n"
              "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\n0123456789abcdef0123456789abcdef"));
  REQUIRE(under_passphrase->is_passphrase_file);
  REQUIRE(under_passphrase->work_factor == 21);
  REQUIRE(under_passphrase->recipients == 1);
}

TEST_CASE(
    "What is no age file, or of another version, is called that, and an error of reading is the "
    "error") {
  REQUIRE(inspect(view_of("hello")).error() == Error::not_sealed);
  REQUIRE(inspect({}).error() == Error::not_sealed);
  REQUIRE(inspect(view_of("age-encryption.org/v2\n")).error() == Error::unknown_version);
  const auto key = xwing::DecapsulationKey::generate();
  const Bytes file = age_file({&key->encapsulation_key()}, Bytes(100, 1));
  for (const std::size_t limit : {0u, 1'000u, 1'640u}) {
    std::size_t done = 0;
    const auto failing = [&](std::span<std::uint8_t> to) -> Result<std::size_t> {
      if (done >= limit) return Error::read_failed;
      const std::size_t size = std::min(to.size(), limit - done);
      std::copy_n(file.begin() + static_cast<std::ptrdiff_t>(done), size, to.begin());
      done += size;
      return size;
    };
    REQUIRE(age::inspect(failing).error() == Error::read_failed);
  }
  const auto lies = [](std::span<std::uint8_t> to) -> Result<std::size_t> { return to.size() + 1; };
  REQUIRE(age::inspect(lies).error() == Error::read_failed);
}

}  // namespace
}  // namespace latchkey::test
