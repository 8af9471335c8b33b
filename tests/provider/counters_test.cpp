// The file that counts negotiated groups.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "provider/counters.hpp"
#include "provider/tls_library.hpp"

namespace latchkey::test {
namespace {

constexpr Group kGroup = Group::secp256r1_mlkem768;
constexpr std::size_t kIndex = provider::index_of(kGroup);

// A name for a file, which is removed at the end.
class FileName {
 public:
  FileName() {
    const int descriptor = mkstemp(name_.data());
    if (descriptor < 0) throw std::runtime_error("no file can be made in /tmp");
    close(descriptor);
  }
  ~FileName() { std::remove(name_.c_str()); }
  FileName(const FileName&) = delete;
  FileName& operator=(const FileName&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string content() const {
    std::ifstream file(name_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& content) const {
    std::ofstream(name_, std::ios::binary) << content;
  }
  // How often the group was negotiated on this side.
  [[nodiscard]] std::uint64_t count(provider::Side side) const {
    const std::string bytes = content();
    REQUIRE(bytes.size() == sizeof(provider::Counters));
    std::uint64_t number;
    std::memcpy(&number, &bytes[8 * (1 + 2 * kIndex + static_cast<std::size_t>(side))], 8);
    return number;
  }

 private:
  std::string name_ = "/tmp/latchkey-counters-XXXXXX";
};

Library library_that_counts(const std::string& file) {
  return library_with(kAllGroups + std::string("counters = ") + file + "\n");
}

void exchange(OSSL_LIB_CTX* library) {
  const Key client = client_key<kGroup>(library), server = empty_key<kGroup>(library);
  REQUIRE(take_share(server.get(), share_of(client.get())));
  const Encapsulated sent = encapsulate(library, server.get());
  REQUIRE(!sent.secret.empty());
  REQUIRE(decapsulate(library, client.get(), sent.share) == sent.secret);
}

TEST_CASE("Negotiated groups are counted, by two libraries in one file") {
  const FileName file;
  const Library one = library_that_counts(file.name()), other = library_that_counts(file.name());
  exchange(one.get());
  exchange(one.get());
  exchange(other.get());
  CHECK(file.count(provider::Side::server) == 3);
  CHECK(file.count(provider::Side::client) == 3);
  const std::string bytes = file.content();
  std::uint64_t sum = 0, number;
  for (std::size_t i = 8; i < bytes.size(); i += 8) {
    std::memcpy(&number, &bytes[i], 8);
    sum += number;
  }
  CHECK(sum == 6);  // none of another group
}

TEST_CASE("A file of counters that is truncated counts anew") {
  const FileName file;
  const Library library = library_that_counts(file.name());
  exchange(library.get());
  REQUIRE(truncate(file.name().c_str(), 0) == 0);
  exchange(library.get());
  CHECK(file.count(provider::Side::server) == 1);
  CHECK(file.count(provider::Side::client) == 1);
  // As nobody needs it: then nothing is counted.
  REQUIRE(truncate(file.name().c_str(), 9) == 0);
  exchange(library.get());
  CHECK(file.content().size() == 9);
}

TEST_CASE("Where the counters cannot be had, TLS works and nothing is written") {
  const FileName file;
  for (const std::string& content : {std::string("a letter"), std::string(104, 'x')}) {
    file.write(content);
    const Library library = library_that_counts(file.name());
    exchange(library.get());
    CHECK(file.content() == content);
  }
  for (const char* const name : {"/tmp", "/dev/null", "/nowhere/counters"}) {
    const Library library = library_that_counts(name);
    exchange(library.get());
  }
}

TEST_CASE("With LATCHKEY_COUNTERS=off nothing is counted") {
  const FileName file;
  REQUIRE(setenv("LATCHKEY_COUNTERS", "off", 1) == 0);
  exchange(library_that_counts(file.name()).get());
  CHECK(file.content().empty());
  REQUIRE(setenv("LATCHKEY_COUNTERS", "on", 1) == 0);  // any other value means nothing
  exchange(library_that_counts(file.name()).get());
  REQUIRE(unsetenv("LATCHKEY_COUNTERS") == 0);
  CHECK(file.count(provider::Side::server) == 1);
}

TEST_CASE("The file's descriptor may be closed, and be another file's") {
  const FileName file, letter;
  const Library library = library_that_counts(file.name());
  exchange(library.get());
  for (int descriptor = 3; descriptor < 1024; ++descriptor) {
    char name[64], target[256] = {};
    std::snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
    if (readlink(name, target, sizeof target - 1) > 0 && file.name() == target) {
      const int other = open(letter.name().c_str(), O_RDWR);
      dup2(other, descriptor);
      close(other);
    }
  }
  exchange(library.get());
  CHECK(file.count(provider::Side::server) == 1);
  CHECK(letter.content().empty());
}

}  // namespace
}  // namespace latchkey::test
