// What there is to measure.
#pragma once

#include <string>

#include "dispatch/dispatch.hpp"

namespace latchkey::bench {

void add_kem(const dispatch::Backend& backend);
void add_kernels(const mlkem::KernelTable& ops);

// For add(): what goes through the dispatcher takes its backend. The others have their turn
// between.
inline auto with_backend(const dispatch::Backend& backend) {
  return [name = backend.hash->name] { dispatch::use(name); };
}

// X-Wing and TLS's group.
void add_hybrids(const dispatch::Backend& backend);
// X25519 by each form, by libcrypto and by libsodium; and by anybody.
struct X25519Functions;
void add_x25519();
void add_x25519(const std::string& name, const X25519Functions& functions);

// Making and freeing secrets; and an operation that leaves its secret in locked memory.
void add_memory();
void add_locked_kem(const dispatch::Backend& backend);

// Streams of the sealing layer, and libcrypto's AEADs by themselves.
void add_streams();
// Secrets that are encrypted until they are needed.
void add_enclaves();
// libcrypto's SHA3-256 of 1184 bytes: a figure that is about the same on all machines of a kind, in
// which others can be expressed.
void add_yardstick();

}  // namespace latchkey::bench
