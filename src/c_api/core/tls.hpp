// What is behind a client of TLS (latchkey_tls.h), for any group: what differs is behind pointers
// to functions, so that latchkey-seal can add groups.
#pragma once

#include <algorithm>

#include "base/try.hpp"
#include "c_api/core/secret.hpp"
#include "latchkey/latchkey_tls.h"
#include "latchkey/tls.hpp"

namespace latchkey::c {

// A group, for handles.
struct TlsFunctions {
  latchkey_tls_group number;

  Result<latchkey_tls_client*> (*generate)() noexcept;
  View (*share)(const latchkey_tls_client& client) noexcept;  // empty, if the secret was made
  Result<LockedBuffer> (*secret)(latchkey_tls_client& client, View server_share) noexcept;
  void (*free)(latchkey_tls_client* client) noexcept;
  // `share` has the group's size.
  Result<LockedBuffer> (*answer)(View client_share, std::span<std::uint8_t> share) noexcept;
};

}  // namespace latchkey::c

struct latchkey_tls_client : latchkey::c::Tagged<latchkey_tls_client> {
  static constexpr std::uint64_t kTag = 0x746e'6569'6c63'6b6c;  // "lkclient"
  static constexpr const char* kWhat = "TLS client";

  explicit latchkey_tls_client(const latchkey::c::TlsFunctions& functions) noexcept
      : group(functions) {}

  const latchkey::c::TlsFunctions& group;
};

namespace latchkey::c {

// A client of a group.
template <tls::Group id>
struct TlsClientOf : latchkey_tls_client {
  explicit TlsClientOf(tls::ClientShareOf<id> made) noexcept;
  tls::ClientShareOf<id> share;
};

// How a group's classes do what handles need.
template <tls::Group id>
struct TlsGroup {
  static Result<latchkey_tls_client*> generate() noexcept {
    auto share = LATCHKEY_TRY(tls::ClientShareOf<id>::generate());
    latchkey_tls_client* const client = make<TlsClientOf<id>>(std::move(share));
    if (client == nullptr) return Error::no_memory;
    return client;
  }
  static View share(const latchkey_tls_client& client) noexcept {
    return static_cast<const TlsClientOf<id>&>(client).share.bytes();
  }
  static Result<LockedBuffer> secret(latchkey_tls_client& client, View server_share) noexcept {
    return std::move(static_cast<TlsClientOf<id>&>(client).share).secret(server_share);
  }
  static void free(latchkey_tls_client* client) noexcept {
    release(static_cast<TlsClientOf<id>*>(client));
  }
  static Result<LockedBuffer> answer(View client_share, std::span<std::uint8_t> share) noexcept {
    auto answered = LATCHKEY_TRY(tls::answer<id>(client_share));
    std::ranges::copy(answered.share, share.begin());
    return std::move(answered.secret);
  }
};

template <tls::Group id>
inline constexpr TlsFunctions kTlsFunctions = {static_cast<latchkey_tls_group>(id),
                                               TlsGroup<id>::generate,
                                               TlsGroup<id>::share,
                                               TlsGroup<id>::secret,
                                               TlsGroup<id>::free,
                                               TlsGroup<id>::answer};

template <tls::Group id>
TlsClientOf<id>::TlsClientOf(tls::ClientShareOf<id> made) noexcept
    : latchkey_tls_client(kTlsFunctions<id>), share(std::move(made)) {}

// A new client of that group; null stands for a group that is not there.
inline int generate_client(const TlsFunctions* group, latchkey_tls_client** client) noexcept {
  if (client == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  *client = nullptr;
  if (group == nullptr) return LATCHKEY_E_UNKNOWN_VALUE;
  const auto made = group->generate();
  if (!made) return status_of(made.error());
  *client = *made;
  return LATCHKEY_OK;
}

// A server's answer to a client of that group; null stands for a group that is not there.
inline int answer(const TlsFunctions* group, View client_share, std::uint8_t* share,
                  std::size_t size, latchkey_secret** secret) noexcept {
  if (secret != nullptr) *secret = nullptr;
  const auto run = [&]() noexcept -> int {
    if (secret == nullptr || is_missing(share, size) || is_missing(client_share)) {
      return LATCHKEY_E_NULL_ARGUMENT;
    }
    if (group == nullptr) return LATCHKEY_E_UNKNOWN_VALUE;
    if (size != latchkey_tls_server_share_size(group->number)) return LATCHKEY_E_WRONG_SIZE;
    return give(secret, group->answer(client_share, {share, size}));
  };
  const int status = run();
  if (status != LATCHKEY_OK) clear(share, size);  // not before: the client's share may lie here
  return status;
}

}  // namespace latchkey::c
