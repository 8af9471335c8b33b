// The libraries that were there when this was built.
#include "peer.hpp"

namespace latchkey::bench {

std::vector<Peer (*)()> system_peers() { return {LATCHKEY_BENCH_SYSTEM_PEERS}; }

}  // namespace latchkey::bench
