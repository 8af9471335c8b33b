// The library's calls of the system and of libc, which a test may refuse, or do something before
// that another thread could do there.
//
// The linker sends these calls of the library, a static one, to system.cpp (see meson.build).
#pragma once

#include <functional>

namespace latchkey::test {

enum class Call {
  aligned_alloc,
  getrandom,
  getrlimit,
  madvise,  // with the advice
  mlock,
  mprotect,
  munmap,
  pthread_atfork,
  pthread_mutex_lock,
  syscall,  // with its number
};

// While one lives, `refuses` is asked before each call whether it fails. One at a time.
class Interposed {
 public:
  using Refuses = std::function<bool(Call call, long what)>;

  explicit Interposed(Refuses refuses);
  ~Interposed();
  Interposed(const Interposed&) = delete;
  Interposed& operator=(const Interposed&) = delete;

 private:
  Refuses refuses_;
};

// Refuses nothing, but calls f before the first call of this kind.
template <class F>
Interposed::Refuses before_the_first(Call kind, F f) {
  return [kind, f, done = false](Call call, long) mutable {
    if (call == kind && !done) {
      done = true;  // f makes such calls, too
      f();
    }
    return false;
  };
}

}  // namespace latchkey::test
