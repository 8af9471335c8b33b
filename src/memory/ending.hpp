// Wipes the remaining secrets when the process exits, or when this copy of the library is unloaded.
//
// - When the process exits, they are wiped, after all handlers of atexit(3) and all destructors of
//   static objects. Nothing is unmapped: other threads still run, and find their secrets purged.
// - When a plugin with a static copy of the library is unloaded by dlclose(3), they are wiped, and
//   all that the copy mapped and allocated is given back. Nobody can use it any more: the code is
//   gone. (The shared library is never unloaded.)
#pragma once

namespace latchkey::memory {

// Called with the first secret. Without this call, unloading would be treated as an exit.
void watch_for_exit() noexcept;

// For the destructors of a plugin that nobody uses any more. Without this call, unloading within
// exit(3), by a handler of atexit(3), would be treated as an exit.
void expect_unloading() noexcept;

}  // namespace latchkey::memory
