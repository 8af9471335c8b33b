// The text of the progress bar where no work that a test can do takes it.

#include "progress.hpp"

#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using cli::progress_line;

constexpr std::uint64_t kMost = UINT64_MAX;

TEST_CASE("The bar says how much is done, of how much, how fast, and how long it will take") {
  REQUIRE(progress_line(512 << 10, 1 << 20, 2, 120) ==
          " 50% [####################....................] "
          "512.0 KiB of 1.0 MiB, 256.0 KiB/s, 0:02 left");
  REQUIRE(progress_line(500, 1000, 1, 120) ==
          " 50% [####################....................] 500 B of 1000 B, 500 B/s, 0:01 left");
  REQUIRE(progress_line(1 << 20, std::nullopt, 61, 80) == "1.0 MiB, 16.8 KiB/s, 1:01");
}

TEST_CASE("Without any time or any work there is a line, too") {
  REQUIRE(progress_line(0, 1000, 0, 30) == "  0% 0 B of 1000 B, 0 B/s");
  REQUIRE(progress_line(0, 0, 0, 80) == "0 B, 0 B/s, 0:00");
  REQUIRE(progress_line(7, 0, 1, 80) == "7 B, 7 B/s, 0:01");
}

TEST_CASE("The most that a number can be has a unit, and a time of a hundred hours at most") {
  REQUIRE(progress_line(kMost, std::nullopt, 1e9, 80) == "16384.0 PiB, 17.2 GiB/s, 5999:59");
  REQUIRE(progress_line(1, kMost, 1, 120) ==
          "  0% [........................................] "
          "1 B of 16384.0 PiB, 1 B/s, 5999:59 left");
}

TEST_CASE("A file that grows while it is read is not done more than once") {
  REQUIRE(progress_line(2000, 1000, 1, 50) == "100% 2.0 KiB of 1000 B, 2.0 KiB/s, 0:00 left");
}

}  // namespace
}  // namespace latchkey::test
