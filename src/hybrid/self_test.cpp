// Known answers, for a user who wants to know that this build works on this machine: ML-KEM's, and
// here those of X25519 and of X-Wing. Calls each function of X25519's table.

#include <algorithm>

#include "base/try.hpp"
#include "dispatch/dispatch.hpp"
#include "latchkey/derand_hybrid.hpp"

namespace latchkey {
namespace {

using x25519::In;
using x25519::kSize;
using x25519::Out;

Result<void> expect(View bytes, View expected) noexcept {
  if (!std::ranges::equal(bytes, expected)) return Error::self_test_failed;
  return {};
}

// RFC 7748, section 6.1: Alice's secret and both public keys, and what the two share.
constexpr std::array<std::uint8_t, kSize> kAliceSecret = {
    0x77, 0x07, 0x6d, 0x0a, 0x73, 0x18, 0xa5, 0x7d, 0x3c, 0x16, 0xc1, 0x72, 0x51, 0xb2, 0x66, 0x45,
    0xdf, 0x4c, 0x2f, 0x87, 0xeb, 0xc0, 0x99, 0x2a, 0xb1, 0x77, 0xfb, 0xa5, 0x1d, 0xb9, 0x2c, 0x2a};
constexpr std::array<std::uint8_t, kSize> kAlicePublic = {
    0x85, 0x20, 0xf0, 0x09, 0x89, 0x30, 0xa7, 0x54, 0x74, 0x8b, 0x7d, 0xdc, 0xb4, 0x3e, 0xf7, 0x5a,
    0x0d, 0xbf, 0x3a, 0x0d, 0x26, 0x38, 0x1a, 0xf4, 0xeb, 0xa4, 0xa9, 0x8e, 0xaa, 0x9b, 0x4e, 0x6a};
constexpr std::array<std::uint8_t, kSize> kBobPublic = {
    0xde, 0x9e, 0xdb, 0x7d, 0x7b, 0x7d, 0xc1, 0xb4, 0xd3, 0x5b, 0x61, 0xc2, 0xec, 0xe4, 0x35, 0x37,
    0x3f, 0x83, 0x43, 0xc8, 0x5b, 0x78, 0x67, 0x4d, 0xad, 0xfc, 0x7e, 0x14, 0x6f, 0x88, 0x2b, 0x4f};
constexpr std::array<std::uint8_t, kSize> kShared = {
    0x4a, 0x5d, 0x9d, 0x5b, 0xa4, 0xce, 0x2d, 0xe1, 0x72, 0x8e, 0x3b, 0xf4, 0x80, 0x35, 0x0f, 0x25,
    0xe0, 0x7e, 0x21, 0xc9, 0x47, 0xd1, 0x9e, 0x33, 0x76, 0xf0, 0x9b, 0x3c, 0x1e, 0x16, 0x17, 0x42};

Result<void> test_x25519() noexcept {
  const x25519::Table& table = dispatch::x25519_table();
  std::array<std::uint8_t, kSize> pub{}, shared{};
  table.public_key(pub, kAliceSecret);
  LATCHKEY_TRY(expect(pub, kAlicePublic));
  table.shared_secret(shared, kAliceSecret, kBobPublic);
  LATCHKEY_TRY(expect(shared, kShared));
  pub = shared = {};
  table.public_and_shared(pub, shared, kAliceSecret, kBobPublic);
  LATCHKEY_TRY(expect(pub, kAlicePublic));
  LATCHKEY_TRY(expect(shared, kShared));

  // Jobs that differ, against single calls, which are right: jobs that are exchanged show, too.
  // Every number of them, as forms do few and many in different ways.
  constexpr std::size_t kJobs = x25519::kBatch;
  std::array<std::uint8_t, kSize> secrets[kJobs], right_pubs[kJobs], right_results[kJobs],
      pubs[kJobs], results[kJobs];
  x25519::Job jobs[kJobs];
  const auto peer = [&](std::size_t i) noexcept -> const auto& {
    return i == 0 ? kBobPublic : right_pubs[i - 1];
  };
  for (std::size_t i = 0; i < kJobs; ++i) {
    secrets[i] = kAliceSecret;
    secrets[i][1] ^= static_cast<std::uint8_t>(i);
    table.public_key(right_pubs[i], secrets[i]);
    table.shared_secret(right_results[i], secrets[i], peer(i));
  }
  for (std::size_t n = 1; n <= kJobs; ++n) {
    for (std::size_t i = 0; i < n; ++i) {
      pubs[i] = results[i] = {};
      jobs[i] = {i % 2 == n % 2 ? nullptr : pubs[i].data(), results[i].data(), secrets[i].data(),
                 peer(i).data()};
    }
    table.run_jobs(jobs, n);
    for (std::size_t i = 0; i < n; ++i) {
      LATCHKEY_TRY(expect(results[i], right_results[i]));
      if (jobs[i].pub != nullptr) LATCHKEY_TRY(expect(pubs[i], right_pubs[i]));
    }
  }
  return {};
}

// Errors: self_test_failed; purged.
Result<void> expect(const SharedSecret& secret, View expected) noexcept {
  const OpenSecrets open;
  const auto bytes = LATCHKEY_TRY(secret.expose());
  return expect(bytes, expected);
}

// The first vector of draft-connolly-cfrg-xwing-kem, appendix C. X25519 is in it on both sides, and
// the secret of the side that decapsulates depends on all of the ciphertext.
constexpr std::uint8_t kXWingSeed[] = {
    0x7f, 0x9c, 0x2b, 0xa4, 0xe8, 0x8f, 0x82, 0x7d, 0x61, 0x60, 0x45, 0x50, 0x76, 0x05, 0x85, 0x3e,
    0xd7, 0x3b, 0x80, 0x93, 0xf6, 0xef, 0xbc, 0x88, 0xeb, 0x1a, 0x6e, 0xac, 0xfa, 0x66, 0xef, 0x26};
constexpr std::uint8_t kXWingRandomness[] = {
    0x3c, 0xb1, 0xee, 0xa9, 0x88, 0x00, 0x4b, 0x93, 0x10, 0x3c, 0xfb, 0x0a, 0xee, 0xfd, 0x2a, 0x68,
    0x6e, 0x01, 0xfa, 0x4a, 0x58, 0xe8, 0xa3, 0x63, 0x9c, 0xa8, 0xa1, 0xe3, 0xf9, 0xae, 0x57, 0xe2,
    0x35, 0xb8, 0xcc, 0x87, 0x3c, 0x23, 0xdc, 0x62, 0xb8, 0xd2, 0x60, 0x16, 0x9a, 0xfa, 0x2f, 0x75,
    0xab, 0x91, 0x6a, 0x58, 0xd9, 0x74, 0x91, 0x88, 0x35, 0xd2, 0x5e, 0x6a, 0x43, 0x50, 0x85, 0xb2};
constexpr std::uint8_t kXWingSecret[] = {
    0xd2, 0xdf, 0x05, 0x22, 0x12, 0x8f, 0x09, 0xdd, 0x8e, 0x2c, 0x92, 0xb1, 0xe9, 0x05, 0xc7, 0x93,
    0xd8, 0xf5, 0x7a, 0x54, 0xc3, 0xda, 0x25, 0x86, 0x1f, 0x10, 0xbf, 0x4c, 0xa6, 0x13, 0xe3, 0x84};

Result<void> test_xwing() noexcept {
  const auto key = LATCHKEY_TRY(xwing::DecapsulationKey::from_seed(kXWingSeed));
  const auto sent = LATCHKEY_TRY(derand::encapsulate(key.encapsulation_key(), kXWingRandomness));
  LATCHKEY_TRY(expect(sent.secret, kXWingSecret));
  const auto opened = LATCHKEY_TRY(key.decapsulate(sent.ciphertext));
  return expect(opened, kXWingSecret);
}

}  // namespace

Result<void> self_test() noexcept {
  LATCHKEY_TRY(self_test<MlKem::k512>());
  LATCHKEY_TRY(self_test<MlKem::k768>());
  LATCHKEY_TRY(self_test<MlKem::k1024>());
  LATCHKEY_TRY(test_x25519());
  return test_xwing();
}

}  // namespace latchkey
