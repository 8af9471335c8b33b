// Keeps the tool's secrets away from core dumps and debuggers, where the system allows that.
#pragma once

namespace latchkey::cli {

// Call this at the start: hardens the process, and reads LATCHKEY_MEMORY. Throws if that has an
// unknown value. If the system refuses the hardening, commands that use no secret still work.
void harden();

// Call this before the first secret (key, password or message). Throws if the system refused the
// hardening, and LATCHKEY_MEMORY does not allow that.
void require_hardened();

}  // namespace latchkey::cli
