#include "provider/ephemeral.hpp"

#include <pthread.h>

#include "api/hash.hpp"
#include "base/bytes.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "latchkey/secret_memory.hpp"
#include "memory/entropy.hpp"
#include "provider/object.hpp"

namespace latchkey::provider {

struct Root {
  LockedBuffer secret;
  std::size_t keys = 0;
};

namespace {

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
constinit Root* current = nullptr;  // guarded by the mutex

class Guard {
 public:
  Guard() noexcept { pthread_mutex_lock(&mutex); }
  ~Guard() { pthread_mutex_unlock(&mutex); }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
};

// The parent's root stays where it is, unusable and unreachable for new keys, so that no new root
// has its address.
void forget_root() noexcept {
  current = nullptr;
  pthread_mutex_unlock(&mutex);
}

Result<Root*> acquire() noexcept {
  const Guard guard;
  if (current == nullptr) {
    auto secret = LATCHKEY_TRY(LockedBuffer::random(32));
    current = make<Root>(std::move(secret));
    if (current == nullptr) return Error::no_memory;
  }
  ++current->keys;
  return current;
}

void release(Root* root) noexcept {
  const Guard guard;
  if (root != current || --root->keys != 0) return;
  destroy(root);
  current = nullptr;
}

}  // namespace

Origin::~Origin() {
  base::wipe(nonce_.data(), nonce_.size());
  if (root_ != nullptr) release(root_);
}

Result<void> Origin::draw() noexcept {
  if (root_ != nullptr) return Error::unknown_value;
  if (!memory::random_bytes(nonce_)) return Error::no_entropy;
  root_ = LATCHKEY_TRY(acquire());
  return {};
}

Result<void> Origin::derive(std::span<std::uint8_t> randomness) const noexcept {
  if (root_ == nullptr) return Error::moved_from;
  return root_->secret.read([&](View secret) noexcept -> Result<void> {
    hash(randomness, mlkem::kShake256, {secret, nonce_});
    return {};
  });
}

bool watch_forks() noexcept {
  static bool is_watching = false;
  const Guard guard;
  if (!is_watching) {
    is_watching = pthread_atfork([] { pthread_mutex_lock(&mutex); },
                                 [] { pthread_mutex_unlock(&mutex); }, forget_root) == 0;
  }
  return is_watching;
}

}  // namespace latchkey::provider
