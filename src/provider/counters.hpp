// Counts the groups that were negotiated, in a file that an operator can read.
//
//   counters = /run/latchkey/counters      in the provider's section of openssl.cnf
//   latchkey tls-check                     prints them; od -v -An -t u8 -w16 -j 8 FILE does, too
//
// The file is mapped and shared: the workers of a server, which inherit the mapping, count into one
// file. It has 8-byte numbers in the order of this machine: a magic number, then for each of the
// six groups, in the order of kGroups, how often this machine was the server and how often the
// client. Truncating it begins anew. A program with LATCHKEY_COUNTERS=off in its environment counts
// nothing.
#pragma once

#include <sys/types.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "provider/context.hpp"
#include "provider/groups.hpp"
#include "text/provider_section.hpp"

namespace latchkey::provider {

enum class Side : std::uint8_t { server, client };

struct Counters {
  std::atomic<std::uint64_t> magic;
  std::atomic<std::uint64_t> of[kGroupCount][2];
};
static_assert(sizeof(Counters) == 8 * (1 + 2 * kGroupCount));
static_assert(std::ranges::equal(kGroups, text::kCountedGroups, {}, &GroupRow::name));

struct CountersFile {
  Counters* mapped;
  int descriptor;
  dev_t device;  // the file's, since a program may close descriptors that it does not know
  ino_t inode;
};

// Maps the file, and makes it if there is none. Where this program may not write to it, or it is
// another kind of file, nothing is counted: programs of every user read openssl.cnf.
void open_counters(Context& context) noexcept;
void close_counters(Context& context) noexcept;

// One more of the group with this index in kGroups. Nothing where no file is configured.
void count(const Context& context, std::size_t group, Side side) noexcept;

// The same of a TLS group. Nothing for other keys.
template <class Key>
void count([[maybe_unused]] const Context& context, [[maybe_unused]] Side side) noexcept {
  if constexpr (Key::kIsEphemeral) {
    count(context, static_cast<std::size_t>(&Key::kRow - kGroups), side);
  }
}

}  // namespace latchkey::provider
