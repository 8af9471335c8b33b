// Keeps the tool's secrets away from core dumps and debuggers, where the system allows that.
#pragma once

namespace latchkey::cli {

// At the start: hardens the process, and reads LATCHKEY_MEMORY. Throws if that has an unknown
// value. If the system refuses the hardening, commands without secrets work all the same.
void harden();

// Before the first secret: a key, a password or a message. Throws if the system refused the
// hardening, and LATCHKEY_MEMORY does not allow that.
void require_hardened();

}  // namespace latchkey::cli
