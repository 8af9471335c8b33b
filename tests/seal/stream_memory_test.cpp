// Streams from one thread to another through a pipe: what the process had at most of memory.

#include <unistd.h>

#include <cstring>
#include <fstream>
#include <thread>

#include "seal/stream_support.hpp"

namespace latchkey::test {
namespace {

constexpr std::size_t kMiB = 1 << 20;

// What the kernel has seen at most of this program in memory (VmHWM), in bytes.
std::size_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6)) * 1024;
  }
  throw std::runtime_error("the kernel does not say VmHWM");
}

// The content: words that differ, made and checked a piece at a time.
class Words {
 public:
  explicit Words(std::size_t size) : left_(size) {}

  std::size_t write(std::span<std::uint8_t> to) {
    const std::size_t size = std::min(left_, to.size());
    for (std::size_t at = 0; at < size; at += 8) {
      const std::uint64_t word = next();
      std::memcpy(&to[at], &word, 8);
    }
    left_ -= size;
    return size;
  }
  bool check(View bytes) {
    if (bytes.size() > left_) return false;
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
      const std::uint64_t word = next();
      if (std::memcmp(&bytes[at], &word, 8) != 0) return false;
    }
    left_ -= bytes.size();
    return true;
  }
  [[nodiscard]] std::size_t left() const { return left_; }

 private:
  std::uint64_t next() { return ++count_ * 0x9e3779b97f4a7c15; }

  std::size_t left_;
  std::uint64_t count_ = 0;
};

// Seals in one thread, opens in another. `size` in bytes, a multiple of 8.
void send(const XWingRecipient& recipient, std::size_t size) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  Words sent(size), received(size);
  Result<void> sealed;
  std::thread sender([&] {
    sealed = seal_stream(
        recipient.key.encapsulation_key(),
        [&](std::span<std::uint8_t> to) -> Result<std::size_t> { return sent.write(to); },
        [&](View bytes) -> Result<void> {
          while (!bytes.empty()) {
            const ssize_t written = write(ends[1], bytes.data(), bytes.size());
            if (written < 0) return Error::write_failed;
            bytes = bytes.subspan(static_cast<std::size_t>(written));
          }
          return {};
        },
        recipient.aad, recipient.context);
    close(ends[1]);
  });
  const auto opened = open_stream(
      recipient.key,
      [&](std::span<std::uint8_t> to) -> Result<std::size_t> {
        const ssize_t size = read(ends[0], to.data(), to.size());
        if (size < 0) return Error::read_failed;
        return static_cast<std::size_t>(size);
      },
      [&](View bytes) -> Result<void> {
        if (!received.check(bytes)) return Error::write_failed;
        return {};
      },
      recipient.aad, recipient.context);
  close(ends[0]);
  sender.join();
  REQUIRE(sealed.has_value());
  REQUIRE(opened.has_value());
  REQUIRE(received.left() == 0);
}

void require_constant_memory(std::size_t size) {
  Random random;
  const XWingRecipient recipient(random);
  send(recipient, 4 * kStreamChunk);
  const std::size_t before = peak_memory();
  send(recipient, size);
  const std::size_t more = peak_memory() - before;
  std::printf("%zu MiB of stream: %zu KiB at most, %zu KiB more than for 256 KiB of it\n",
              size / kMiB, peak_memory() / 1024, more / 1024);
  REQUIRE(more < 2 * kMiB);
}

TEST_CASE("A stream of 16 MiB takes no more memory than a small one") {
  require_constant_memory(16 * kMiB);
}

TEST_CASE("A stream of 1 GiB takes no more memory than a small one", "[.soak]") {
  require_constant_memory(1024 * kMiB);
}

}  // namespace
}  // namespace latchkey::test
