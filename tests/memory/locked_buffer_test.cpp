// LockedBuffer, as its users see it.

#include <algorithm>
#include <utility>

#include "memory/support.hpp"

namespace latchkey::test {
namespace {

constexpr std::size_t kSizes[] = {0,    1,    20,   32,   33,   64,   65,   256,    257,    1600,
                                  1601, 2400, 2401, 4096, 4079, 4080, 4081, 12'345, 100'000};

bool all_zero(View bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

TEST_CASE("A buffer of any size starts as zeros and keeps what is written") {
  Random random;
  std::vector<LockedBuffer> buffers;
  std::vector<Bytes> contents;
  for (const std::size_t size : kSizes) {
    for (int i = 0; i < 3; ++i) {
      buffers.push_back(need(LockedBuffer::create(size)));
      REQUIRE(buffers.back().size() == size);
      REQUIRE(all_zero(copy_of(buffers.back())));
      contents.push_back(random.vector(size));
      REQUIRE(
          buffers.back().write([&](auto to) { std::ranges::copy(contents.back(), to.begin()); }));
    }
  }
  for (std::size_t i = 0; i < buffers.size(); ++i) REQUIRE(copy_of(buffers[i]) == contents[i]);
  std::rotate(buffers.begin(), buffers.begin() + 7, buffers.end());
  std::rotate(contents.begin(), contents.begin() + 7, contents.end());
  for (std::size_t i = 0; i < buffers.size(); ++i) REQUIRE(copy_of(buffers[i]) == contents[i]);
}

TEST_CASE("Memory that was used before starts as zeros again") {
  for (const std::size_t size : kSizes) {
    for (int round = 0; round < 100; ++round) {
      auto buffer = need(LockedBuffer::create(size));
      REQUIRE(all_zero(copy_of(buffer)));
      REQUIRE(buffer.write([](auto to) { std::ranges::fill(to, 0xaa); }));
    }
  }
}

TEST_CASE("take() copies and zeroes the source, copy_of() leaves it") {
  Random random;
  const Bytes bytes = random.vector(77);
  Bytes source = bytes;
  REQUIRE(copy_of(need(LockedBuffer::copy_of(source))) == bytes);
  REQUIRE(source == bytes);
  REQUIRE(copy_of(need(LockedBuffer::take(source))) == bytes);
  REQUIRE(all_zero(source));
  REQUIRE(need(LockedBuffer::take({})).size() == 0);
}

TEST_CASE("Random buffers differ") {
  const auto first = need(LockedBuffer::random(48)), second = need(LockedBuffer::random(48));
  REQUIRE_FALSE(all_zero(copy_of(first)));
  REQUIRE(copy_of(first) != copy_of(second));
}

TEST_CASE("A buffer that was moved away is empty, and the target has its bytes") {
  Random random;
  const Bytes bytes = random.vector(40), others = random.vector(5000);
  auto a = need(LockedBuffer::copy_of(bytes)), b = need(LockedBuffer::copy_of(others));
  LockedBuffer c(std::move(a));
  require_error(a.read([](View) {}), Error::moved_from);
  require_error(a.write([](auto) {}), Error::moved_from);
  require_error(a.freeze(), Error::moved_from);
  require_error(a.thaw(), Error::moved_from);
  require_error(a.wipe(), Error::moved_from);
  require_error(a.equals(bytes), Error::moved_from);
  require_error(a.adopt(), Error::moved_from);
  REQUIRE(a.size() == 0);
  REQUIRE_FALSE(a.is_locked());
  b = std::move(c);
  REQUIRE(copy_of(b) == bytes);
  require_error(c.read([](View) {}), Error::moved_from);
  auto& self = b;
  b = std::move(self);
  REQUIRE(copy_of(b) == bytes);
  require_error(LockedBuffer().read([](View) {}), Error::moved_from);
}

TEST_CASE("Equality sees every byte, and the size") {
  Random random;
  for (const std::size_t size : {1, 7, 8, 9, 31, 32, 100}) {
    Bytes bytes = random.vector(size);
    const auto buffer = need(LockedBuffer::copy_of(bytes));
    REQUIRE(buffer.equals(bytes));
    REQUIRE(buffer.equals(need(LockedBuffer::copy_of(bytes))));
    for (std::size_t i = 0; i < size; ++i) {
      bytes[i] ^= 1;
      require_error(buffer.equals(bytes), Error::not_equal);
      require_error(buffer.equals(need(LockedBuffer::copy_of(bytes))), Error::not_equal);
      bytes[i] ^= 1;
    }
    require_error(buffer.equals(View(bytes).first(size - 1)), Error::not_equal);
  }
}

TEST_CASE("A frozen buffer can be read, and written again when it is thawed") {
  Random random;
  for (const std::size_t size : kSizes) {
    CAPTURE(size);
    const Bytes bytes = random.vector(size);
    auto buffer = need(LockedBuffer::copy_of(bytes));
    REQUIRE(buffer.freeze().has_value());
    REQUIRE(buffer.is_frozen());
    REQUIRE(copy_of(buffer) == bytes);
    require_error(buffer.write([](auto) {}), Error::frozen);
    require_error(buffer.wipe(), Error::frozen);
    LockedBuffer moved(std::move(buffer));
    REQUIRE(moved.is_frozen());
    require_error(moved.wipe(), Error::frozen);
    REQUIRE(moved.thaw().has_value());
    REQUIRE(moved.wipe().has_value());
    REQUIRE(all_zero(copy_of(moved)));
    REQUIRE(moved.freeze().has_value());  // one that is frozen can go
  }
}

TEST_CASE("Writing to a frozen buffer of a page or more faults") {
  const auto write_to = [](bool thawed) {
    return faults([=] {
      auto buffer = LockedBuffer::create(8192).value();
      std::uint8_t* bytes = nullptr;
      if (!buffer.write([&](auto to) { bytes = to.data(); }) || !buffer.freeze()) std::abort();
      if (thawed && !buffer.thaw()) std::abort();
      const OpenSecrets open(OpenSecrets::Rights::write);
      *static_cast<volatile std::uint8_t*>(bytes + 5000) = 1;
    });
  };
  REQUIRE(write_to(false));
  REQUIRE_FALSE(write_to(true));
}

TEST_CASE("More memory than there is, is an error and not a crash") {
  constexpr std::size_t kMoreThanAnyMachineHas = std::size_t{1} << (sizeof(std::size_t) * 8 - 18);
  for (const std::size_t size :
       {SIZE_MAX, SIZE_MAX - 4096, SIZE_MAX / 2, SIZE_MAX / 4, kMoreThanAnyMachineHas}) {
    require_error(LockedBuffer::create(size), Error::no_memory);
  }
}

TEST_CASE("What read() and write() return comes back, and so does nothing") {
  auto buffer = need(LockedBuffer::create(32));
  REQUIRE(need(buffer.write([](auto bytes) { return bytes.size(); })) == 32);
  REQUIRE(need(buffer.read([](auto bytes) { return bytes[31]; })) == 0);
  const Result<void> nothing = buffer.read([](View) {});
  REQUIRE(nothing.has_value());
}

TEST_CASE("What is written behind a purge() is wiped, and nobody says that it is there") {
  for (const std::size_t size : {32u, 10'000u}) {
    auto buffer = need(LockedBuffer::create(size));
    std::span<std::uint8_t> place;
    require_error(buffer.write([&](std::span<std::uint8_t> to) {
      place = to;
      purge();
      std::ranges::fill(to, std::uint8_t{0xaa});
    }),
                  Error::purged);
    const OpenSecrets open;
    REQUIRE(std::ranges::all_of(place, [](auto byte) { return byte == 0; }));
  }
}

TEST_CASE("Bytes that a function wrote after a purge are wiped, also when the function throws") {
  const Ending ending = in_child([] {
    auto buffer = LockedBuffer::random(64).value();
    const std::uint8_t* place = nullptr;
    try {
      (void)buffer.write([&](auto bytes) {
        place = bytes.data();
        purge();
        std::ranges::fill(bytes, std::uint8_t{0xaa});
        throw 1;
      });
      return 1;
    } catch (int) {
    }
    const OpenSecrets open;
    return static_cast<int>(std::count(place, place + 64, std::uint8_t{0xaa}));
  });
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

}  // namespace
}  // namespace latchkey::test
