// What there is to measure.
#pragma once

#include "dispatch/dispatch.hpp"

namespace latchkey::bench {

void add_kem(const core::KemOps& ops);
void add_kernels(const core::KernelOps& ops);

// Making and freeing secrets; and an operation that leaves its secret in locked memory.
void add_memory();
void add_locked_kem(const core::KemOps& ops);

// Streams of the sealing layer, and libcrypto's AEADs by themselves.
void add_streams();
// Secrets that are encrypted until they are needed.
void add_enclaves();

// libcrypto's SHA3-256 of 1184 bytes: a figure that is about the same on all machines of a kind, in
// which others can be expressed.
void add_yardstick();

}  // namespace latchkey::bench
