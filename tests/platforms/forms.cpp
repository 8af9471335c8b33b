// The forms of X25519 on this CPU: `forms` prints for each backend that runs here its name and that
// of the form that is used beside it, after each form that is supported has given the right
// answers.

#include <cstdio>
#include <string_view>

#include "dispatch/dispatch.hpp"

namespace {

using latchkey::x25519::Table;
using Bytes = std::array<std::uint8_t, latchkey::x25519::kSize>;

constexpr Bytes bytes_of(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  Bytes bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(16 * digit(hex[2 * i]) + digit(hex[2 * i + 1]));
  }
  return bytes;
}

// RFC 7748, section 6.1.
constexpr Bytes kAlice =
    bytes_of("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
constexpr Bytes kAlicePublic =
    bytes_of("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
constexpr Bytes kBobPublic =
    bytes_of("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
constexpr Bytes kShared =
    bytes_of("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");

bool is_right(const Table& form) {
  Bytes pub{}, shared{}, both_pub{}, both_shared{};
  form.public_key(pub, kAlice);
  form.shared_secret(shared, kAlice, kBobPublic);
  form.public_and_shared(both_pub, both_shared, kAlice, kBobPublic);
  if (pub != kAlicePublic || shared != kShared || both_pub != pub || both_shared != shared) {
    return false;
  }
  Bytes pubs[3]{}, shareds[3]{};
  latchkey::x25519::Job jobs[3];
  for (int i = 0; i < 3; ++i) {
    jobs[i] = {pubs[i].data(), shareds[i].data(), kAlice.data(), kBobPublic.data()};
  }
  form.run_jobs(jobs, 3);
  for (int i = 0; i < 3; ++i) {
    if (pubs[i] != pub || shareds[i] != shared) return false;
  }
  return true;
}

}  // namespace

int main() {
  using namespace latchkey;
  for (const auto& form : dispatch::forms()) {
    if (form.supported() && !is_right(*form.table)) {
      std::printf("%s is wrong\n", form.table->name);
      return 1;
    }
  }
  for (const auto& backend : dispatch::backends()) {
    if (!backend.supported()) continue;
    dispatch::use(backend.hash->name);
    std::printf("%s %s\n", backend.hash->name, dispatch::x25519_table().name);
  }
}
