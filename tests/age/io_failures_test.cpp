// Sources and sinks of age's files that fail, or say what cannot be.

#include "age/support.hpp"

namespace latchkey::test {
namespace {

using age::Armor;

constexpr std::size_t kPart = 1'000;  // bytes that a source gives at once

// Sources: from the call of this number on, counted from 0, an error; or more than there was room
// for.
struct Failing {
  Result<std::size_t> operator()(std::span<std::uint8_t> to) {
    if (calls++ < good) return source(to);
    if (lies) return to.size() + 1;
    return Error::read_failed;
  }
  Source source;
  std::size_t good;
  bool lies;
  std::size_t calls = 0;
};

struct FailingSink {
  Result<void> operator()(View bytes) {
    if (calls++ >= good) return Error::write_failed;
    return sink(bytes);
  }
  Sink sink;
  std::size_t good;
  std::size_t calls = 0;
};

// Calls use(number) for each call that fails until none does; returns how many did.
template <class Use>
std::size_t fail_each(Use use) {
  for (std::size_t n = 0;; ++n) {
    CAPTURE(n);
    if (!use(n)) return n;
  }
}

TEST_CASE("A source that fails, or says that it gave more than there was room for, is the error") {
  Random random;
  const auto key = xwing::DecapsulationKey::generate();
  const Recipients to = {&key->encapsulation_key()};
  const Identities mine = {&*key};
  const Bytes content = random.vector(20'000);
  for (const Armor armor : {Armor::no, Armor::yes}) {
    const Bytes blanks(900, ' ');  // which may stand before armor
    const Bytes sealed = age_file(to, content, armor);
    const Bytes file = armor == Armor::yes ? blanks + sealed + text("\n") : sealed;
    for (const bool lies : {false, true}) {
      CAPTURE(armor == Armor::yes, lies);
      const auto failed_to_open = [&](std::size_t n) {
        Failing read{Source(file, kPart), n, lies};
        Sink sink;
        const auto result = age::open(mine, read, sink);
        if (read.calls <= n) {
          REQUIRE(result.has_value());
          REQUIRE(sink.all == content);
          return false;
        }
        require_error(result, Error::read_failed);
        REQUIRE(sink.all.empty());
        return true;
      };
      REQUIRE(fail_each(failed_to_open) > file.size() / kPart);
      const auto failed_to_seal = [&](std::size_t n) {
        Failing read{Source(content, kPart), n, lies};
        Sink sink;
        const auto result = age::seal(to, read, sink, armor);
        if (read.calls > n) require_error(result, Error::read_failed);
        return read.calls > n;
      };
      REQUIRE(fail_each(failed_to_seal) > content.size() / kPart);
    }
  }
}

TEST_CASE("A sink that fails is the error, and is not called again") {
  Random random;
  const auto key = xwing::DecapsulationKey::generate();
  const Recipients to = {&key->encapsulation_key()};
  const Identities mine = {&*key};
  const Bytes content = random.vector(150'000);
  const auto failed = [&](std::size_t n, auto use) {
    FailingSink write{{}, n};
    const auto result = use(write);
    if (write.calls <= n) {
      REQUIRE(result.has_value());
      return false;
    }
    require_error(result, Error::write_failed);
    REQUIRE(write.calls == n + 1);
    return true;
  };
  for (const Armor armor : {Armor::no, Armor::yes}) {
    REQUIRE(fail_each([&](std::size_t n) {
              return failed(n, [&](FailingSink& write) {
                Source read(content);
                return age::seal(to, read, write, armor);
              });
            }) >= 3);
    const Bytes file = age_file(to, content, armor);
    REQUIRE(fail_each([&](std::size_t n) {
              return failed(n, [&](FailingSink& write) {
                Source read(file);
                return age::open(mine, read, write);
              });
            }) == 3);
  }
}

}  // namespace
}  // namespace latchkey::test
