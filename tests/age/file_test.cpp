// Files of age: what is sealed opens, and nothing that was changed does.

#include <ctime>

#include "age/armor.hpp"
#include "age/support.hpp"

namespace latchkey::test {
namespace {

using age::Armor;

struct Key {
  Key() : key(xwing::DecapsulationKey::generate().value()) {}
  [[nodiscard]] const xwing::EncapsulationKey* pub() const { return &key.encapsulation_key(); }

  xwing::DecapsulationKey key;
};

std::size_t payload_of(View file) {
  const std::string text(file.begin(), file.end());
  return text.find('\n', text.find("\n---") + 1) + 1;
}

std::string text_of_file(const Bytes& file) { return {file.begin(), file.end()}; }
Bytes file_of(const std::string& text) { return copy_of(view_of(text)); }

TEST_CASE("What is sealed to keys, each of them opens, armored or not, however it is read") {
  Random random;
  const Key alice, bob, carol;
  for (const std::size_t size : {0u, 1u, 100u, 65'535u, 65'536u, 65'537u, 131'072u, 200'000u}) {
    const Bytes content = random.vector(size);
    for (const Armor armor : {Armor::no, Armor::yes}) {
      const Bytes file = age_file({alice.pub(), bob.pub()}, content, armor);
      REQUIRE(age::is_file(View(file).first(64)));
      for (const Key* key : {&alice, &bob}) {
        CAPTURE(size, armor == Armor::yes);
        const auto opened = open_age({&carol.key, &key->key}, file);
        REQUIRE(opened.result.has_value());
        REQUIRE(opened.content == content);
      }
      const auto byte_by_byte = open_age({&alice.key}, file, size > 1000 ? 977 : 1);
      REQUIRE(byte_by_byte.result.has_value());
      REQUIRE(byte_by_byte.content == content);
      require_error(open_age({&carol.key}, file).result, Error::no_recipient);
      require_error(open_age({}, file).result, Error::no_recipient);
    }
  }
}

TEST_CASE("A file begins as the format says, and is never the same twice") {
  const Key alice;
  const std::string file = text_of_file(age_file({alice.pub()}, {}));
  REQUIRE(file.starts_with("age-encryption.org/v1\n-> mlkem768x25519 "));
  REQUIRE(file.size() == 22 + 18 + 1494 + 1 + 44 + 48 + 16 + 16);
  REQUIRE(text_of_file(age_file({alice.pub()}, {})) != file);
}

TEST_CASE("A file with any bit changed, or cut anywhere, does not open") {
  Random random;
  const Key alice;
  const Bytes content = random.vector(10);
  const Bytes file = age_file({alice.pub()}, content);
  for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
    CAPTURE(bit);
    Bytes changed = file;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1 << bit % 8);
    const auto opened = open_age({&alice.key}, changed);
    REQUIRE_FALSE(opened.result.has_value());
    REQUIRE(opened.content.empty());
  }
  for (std::size_t size = 0; size < file.size(); ++size) {
    CAPTURE(size);
    const auto opened = open_age({&alice.key}, Exact(View(file).first(size)));
    REQUIRE_FALSE(opened.result.has_value());
    REQUIRE(opened.content.empty());
  }
  require_error(open_age({&alice.key}, file + Bytes(1, 0)).result, Error::not_authentic);
}

TEST_CASE("Chunks that are cut off, exchanged, repeated or added are not released") {
  Random random;
  const Key alice;
  constexpr std::size_t kBox = 65'536 + 16;
  const Bytes content = random.vector(3 * 65'536);
  const Bytes file = age_file({alice.pub()}, content);
  const std::size_t begin = payload_of(file) + 16;
  REQUIRE(file.size() == begin + 3 * kBox);
  const auto with = [&](std::initializer_list<int> order) {
    Bytes other(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(begin));
    for (const int i : order) {
      const View box = View(file).subspan(begin + static_cast<std::size_t>(i) * kBox, kBox);
      other.insert(other.end(), box.begin(), box.end());
    }
    return other;
  };
  const auto require_refused = [&](const Bytes& other, std::size_t released, Error error) {
    const auto opened = open_age({&alice.key}, other);
    require_error(opened.result, error);
    REQUIRE(opened.content.size() == released);
    REQUIRE(std::ranges::equal(opened.content, View(content).first(released)));
  };
  REQUIRE(open_age({&alice.key}, with({0, 1, 2})).content == content);
  require_refused(with({0, 1}), 65'536, Error::not_authentic);
  require_refused(with({0}), 0, Error::not_authentic);
  require_refused(with({}), 0, Error::sealed_length);
  require_refused(with({1, 0, 2}), 0, Error::not_authentic);
  require_refused(with({0, 0, 1, 2}), 65'536, Error::not_authentic);
  require_refused(with({0, 2}), 65'536, Error::not_authentic);
  require_refused(with({0, 1, 2, 2}), 2 * 65'536, Error::not_authentic);
  Bytes tail = file;
  tail.resize(begin + 2 * kBox + 16);  // the last has no content
  require_refused(tail, 65'536 * 2, Error::sealed_length);
  tail.resize(begin + 2 * kBox + 7);
  require_refused(tail, 65'536 * 2, Error::sealed_length);
}

TEST_CASE("Stanzas of other kinds are passed over if they are well-formed") {
  const Key alice;
  const std::string file = text_of_file(age_file({alice.pub()}, Bytes(5, 7)));
  const std::string line = "-> mlkem768x25519 ";
  // The MAC is over the header, so what is put in ends in that; before that it is read.
  const auto error_with = [&](const std::string& stanza) {
    return open_age({&alice.key}, file_of(replaced(file, line, stanza + line))).result;
  };
  for (const std::string_view good :
       {"-> X25518 abc\n\n", "-> a b c\nAAAA\n",
        "-> grease\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nAA\n",
        "-> x\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\n"}) {
    CAPTURE(good);
    require_error(error_with(std::string(good)), Error::not_authentic);
  }
  // A password has no other recipient beside it.
  require_error(error_with("-> scrypt AAAA 18\nAAAA\n"), Error::bad_header);
  const Bytes behind = file_of(replaced(file, "\n---", "\n-> scrypt a\n\n---"));
  require_error(open_age({&alice.key}, behind).result, Error::bad_header);
  for (const std::string_view bad :
       {"-> \n\n", "->\n\n", "-> a  b\n\n", "-> a \n\n", "->  a\n\n", "-> a\x7f\n\n", "-> a\tb\n\n",
        "-> a\n", "-> a\nA\n", "-> a\nAB\n", "-> a\nAA==\n", "-> a\nA A\n", "-> a\r\n\r\n", "\n",
        "a\n\n", "-> x\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\n"}) {
    CAPTURE(bad);
    require_error(error_with(std::string(bad)), Error::bad_header);
  }
}

TEST_CASE("Our stanza is refused if it is not of its form, whoever it is for") {
  const Key alice, bob;
  const std::string file = text_of_file(age_file({alice.pub()}, Bytes(5, 7)));
  const std::size_t enc = file.find("x25519 ") + 7, body = file.find('\n', enc) + 1;
  const auto error_of = [&](std::string text) {
    return open_age({&bob.key}, file_of(text)).result;
  };
  const auto inserted = [&](std::size_t at, std::string_view what) {
    return file.substr(0, at) + std::string(what) + file.substr(at);
  };
  require_error(error_of(file), Error::no_recipient);
  require_error(error_of(inserted(enc, "AAAA")), Error::bad_header);
  require_error(error_of(inserted(enc, "x ")), Error::bad_header);
  require_error(error_of(inserted(body - 1, " x")), Error::bad_header);
  require_error(error_of(inserted(body, "AAAA")), Error::bad_header);
  require_error(error_of(replaced(file, "x25519 ", "x25519\n")), Error::bad_header);
  std::string cut(file);
  cut.erase(body, 4);
  require_error(error_of(cut), Error::bad_header);
}

TEST_CASE("The MAC covers the header, and has to be written as it is") {
  const Key alice, bob;
  const std::string file = text_of_file(age_file({alice.pub(), bob.pub()}, Bytes(5, 7)));
  const std::size_t second = file.find("-> ", 30), end = file.find("--- ");
  std::string fewer(file);
  fewer.erase(second, end - second);
  require_error(open_age({&alice.key}, file_of(fewer)).result, Error::not_authentic);
  std::string other(file);
  other[end + 4] = other[end + 4] == 'A' ? 'B' : 'A';
  require_error(open_age({&alice.key}, file_of(other)).result, Error::not_authentic);
  for (const std::string& text :
       {replaced(file, "\n--- ", "\n---  "), replaced(file, "\n--- ", "\n---"),
        replaced(file, "\n--- ", "\n----")}) {
    require_error(open_age({&alice.key}, file_of(text)).result, Error::bad_header);
  }
}

TEST_CASE("What is no file of age's is called that, and other versions are") {
  const Key alice;
  const auto error_of = [&](std::string_view text) {
    return open_age({&alice.key}, view_of(text)).result;
  };
  for (const std::string_view text : {"", " ", "x", "hello\n", "age-encryption.com/v1\n", "\n\n"}) {
    CAPTURE(text);
    require_error(error_of(text), Error::not_sealed);
  }
  require_error(error_of("age-encryption.org/v2\n-> X25519 a\n"), Error::unknown_version);
  require_error(error_of("age-encryption.org/v1"), Error::sealed_length);
  require_error(error_of("age-encryption.org/v1\n"), Error::sealed_length);
  require_error(error_of("age-encryption.org/v1\n--- AAAA\n"), Error::bad_header);
  require_error(error_of("-----BEGIN PRIVATE KEY-----\n"), Error::bad_header);
  require_error(error_of("-----BEGIN AGE ENCRYPTED FILE-----\n"), Error::sealed_length);
}

TEST_CASE("Armor is read strictly") {
  const Key alice;
  const Bytes content(100, 9);
  const std::string file = text_of_file(age_file({alice.pub()}, content, Armor::yes));
  const auto opened = [&](const std::string& text) {
    return open_age({&alice.key}, file_of(text));
  };
  for (const std::string& text : {file, "\n \t\r\n" + file, file + " \n\n",
                                  replaced(file, "\n", "\r\n"), file.substr(0, file.size() - 1)}) {
    REQUIRE(opened(text).result.has_value());
    REQUIRE(opened(text).content == content);
  }
  const std::size_t line = file.find('\n') + 1;
  const std::size_t last = file.rfind('\n', file.find("\n-----END") - 1) + 1;
  const auto inserted = [&](std::size_t at, std::string_view what) {
    return file.substr(0, at) + std::string(what) + file.substr(at);
  };
  std::string joined(file);
  joined.erase(line + 64, 1);
  for (const std::string& text :
       {file + "x", "x" + file, inserted(line, "\n"), inserted(line, " "), inserted(line, "A"),
        inserted(line + 10, "\n"), inserted(line + 64, " "), inserted(last, "\n"), joined,
        replaced(file, "-----END AGE", "-----END age"), replaced(file, "-----END", "----END"),
        replaced(file, "ENCRYPTED FILE", "ENCRYPTED FILES"), inserted(line + 3, "=")}) {
    CAPTURE(text.substr(0, 200));
    REQUIRE_FALSE(opened(text).result.has_value());
  }
  for (const std::size_t size : {line, line + 5, line + 64, last + 2, file.size() - 10}) {
    require_error(opened(file.substr(0, size)).result, Error::sealed_length);
  }
  for (const std::size_t place : {line + 5, last + 2}) {
    for (const char c : {'=', ' ', '-', '\0', '\n'}) {
      const std::string text = file.substr(0, place) + c + file.substr(place + 1);
      REQUIRE_FALSE(opened(text).result.has_value());
    }
  }
}

TEST_CASE("White space around armor may fill any buffer, and end where one ends") {
  const Key alice;
  const Bytes content(100, 9);
  const std::string armor = text_of_file(age_file({alice.pub()}, content, Armor::yes));
  for (const std::size_t size : {16'383u, 16'384u, 16'385u, 32'768u, 100'000u}) {
    CAPTURE(size);
    const std::string space(size, ' ');
    REQUIRE(open_age({&alice.key}, file_of(armor + space)).content == content);
    const Bytes more = file_of(armor + space + "x");
    require_error(open_age({&alice.key}, more).result, Error::sealed_length);
    const Bytes file = file_of(space + armor);
    Source source(file);
    const StreamSource read(source);
    age::internal::ArmorReader reader(read);
    Bytes binary(armor.size());
    REQUIRE(reader(std::span(binary)).has_value());
    REQUIRE(text_of_file(binary).starts_with("age-encryption.org/v1\n"));
    require_error(open_age({&alice.key}, file).result, Error::not_sealed);
  }
}

constexpr std::string_view kVersionLine = "age-encryption.org/v1\n";

TEST_CASE("What cannot become a header is refused before more is read") {
  const Key alice;
  const std::string line(65, 'A');
  for (const std::string& begin :
       {std::string("x"), std::string("\n"), std::string("->x"), std::string("-- "),
        std::string("-> a\n") + line, "-> a\n" + line.substr(1) + "\n" + line,
        std::string("-> a\n\n\n"), std::string("-> a\nAAAA\nx"), std::string("---- "),
        std::string("--- ") + line}) {
    CAPTURE(begin);
    const Bytes file = file_of(std::string(kVersionLine) + begin + std::string(1 << 20, 'A'));
    Source source(file, 512);
    Sink sink;
    const Identities mine = {&alice.key};
    require_error(age::open(mine, source, sink), Error::bad_header);
    REQUIRE(file.size() - source.bytes.size() <= 1'024);
  }
}

TEST_CASE("A header without an end costs no more than its size") {
  const Key alice;
  std::string stanzas;
  while (stanzas.size() < 4 << 20) stanzas += "-> a\n\n";
  for (const std::string& rest : {stanzas, "-> " + std::string(4 << 20, 'a')}) {
    const Bytes file = file_of(std::string(kVersionLine) + rest);
    const std::clock_t begin = std::clock();
    const auto result = open_age({&alice.key}, file, 256).result;
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    CAPTURE(seconds);
    require_error(result, Error::bad_header);
    REQUIRE(seconds < 1);  // of this process; searched again with each piece, it is many
  }
}

TEST_CASE("An error of reading or writing ends it, and is what is returned") {
  const Key alice;
  const Bytes content(200'000, 1);
  for (const Armor armor : {Armor::no, Armor::yes}) {
    const Bytes file = age_file({alice.pub()}, content, armor);
    for (const std::size_t limit : {0u, 10u, 3'000u, 70'000u, 190'000u}) {
      CAPTURE(limit);
      std::size_t done = 0;
      const auto failing_sink = [&](View bytes) -> Result<void> {
        done += bytes.size();
        if (done > limit) return Error::write_failed;
        return {};
      };
      const auto failing_source = [&](std::span<std::uint8_t> to) -> Result<std::size_t> {
        if (done >= limit) return Error::read_failed;
        const std::size_t size = std::min({to.size(), limit - done});
        std::copy_n(file.begin() + static_cast<std::ptrdiff_t>(done), size, to.begin());
        done += size;
        return size;
      };
      Sink sink;
      const Recipients to = {alice.pub()};
      const Identities mine = {&alice.key};
      require_error(age::seal(to, Source(content), failing_sink, armor), Error::write_failed);
      done = 0;
      require_error(age::open(mine, Source(file), failing_sink), Error::write_failed);
      done = 0;
      require_error(age::open(mine, failing_source, sink), Error::read_failed);
      const auto too_much = [](std::span<std::uint8_t> to) -> Result<std::size_t> {
        return to.size() + 1;
      };
      require_error(age::seal(to, too_much, sink, armor), Error::read_failed);
      require_error(age::open(mine, too_much, sink), Error::read_failed);
    }
  }
}

TEST_CASE("Nobody, too many and a key that is gone are no recipients") {
  const Key alice;
  const xwing::EncapsulationKey gone;
  Sink sink;
  const auto sealed_to = [&](const Recipients& recipients) {
    return age::seal(recipients, Source({}), sink);
  };
  require_error(sealed_to({}), Error::not_a_key);
  require_error(sealed_to(Recipients(age::kMaxRecipients + 1, alice.pub())), Error::too_long);
  require_error(sealed_to({alice.pub(), &gone}), Error::moved_from);
  REQUIRE(sink.all.empty());
  const Key other;
  Recipients many(40, other.pub());
  many.back() = alice.pub();
  REQUIRE(open_age({&alice.key}, age_file(many, Bytes(3, 3))).content == Bytes(3, 3));
}

}  // namespace
}  // namespace latchkey::test
