// What there is to measure.
#pragma once

#include "dispatch/dispatch.hpp"

namespace latchkey::bench {

void add_kem(const mlkem::KemTable& ops);
void add_kernels(const mlkem::KernelTable& ops);

// For add(): what goes through the dispatcher takes its backend. The others have their turn
// between.
inline auto with_backend(const mlkem::KemTable& ops) {
  return [name = ops.name] { dispatch::use(name); };
}

// Making and freeing secrets; and an operation that leaves its secret in locked memory.
void add_memory();
void add_locked_kem(const mlkem::KemTable& ops);

// Streams of the sealing layer, and libcrypto's AEADs by themselves.
void add_streams();
// Secrets that are encrypted until they are needed.
void add_enclaves();
// Where latchkey-seal was built. X-Wing and TLS's group; X-Wing by a peer that has it, which throws
// if its answers are not ours; X25519.
struct Peer;
void add_xwing(const mlkem::KemTable& ops);
void add_xwing(const Peer& peer);
void add_x25519();

// libcrypto's SHA3-256 of 1184 bytes: a figure that is about the same on all machines of a kind, in
// which others can be expressed.
void add_yardstick();

}  // namespace latchkey::bench
