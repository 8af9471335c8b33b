// Whether TLS is post-quantum, and if not, the first cause.
#include <algorithm>

#include "failure.hpp"
#include "tls_groups.hpp"
#include "tls_state.hpp"

namespace latchkey::cli {
namespace {

constexpr const char kNothing[] = "nothing";

std::string joined_names(const std::vector<std::string>& names) {
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

class Judge {
 public:
  Judge(const TlsState& state, const std::string& group) : state_(state), group_(group) {}

  [[nodiscard]] TlsVerdict verdict() const {
    const auto& configuration = state_.configuration;
    if (!configuration.fault.empty() && !configuration.is_missing) {
      return {Failure::kMisconfigured, "the configuration cannot be read, so programs ignore it",
              "correct " + configuration.path};
    }
    const TlsVerdict own = is_used() ? TlsVerdict{0, name() + " is on", kNothing} : cause();
    return state_.with_server ? verdict_on_server(*state_.with_server, own) : own;
  }

 private:
  [[nodiscard]] bool is_wanted(std::uint16_t id) const {
    return group_.empty() ? is_post_quantum(id) : name_of_tls_group(id) == group_;
  }
  [[nodiscard]] bool has_wanted(const std::vector<std::uint16_t>& ids) const {
    return std::ranges::any_of(ids, [&](std::uint16_t id) { return is_wanted(id); });
  }
  [[nodiscard]] bool is_known() const {
    return std::ranges::any_of(state_.groups,
                               [&](const ProviderGroup& group) { return is_wanted(group.id); });
  }
  [[nodiscard]] bool negotiates(const Handshake& handshake) const {
    const auto& hello = handshake.answer.hello;
    return handshake.fault.empty() && hello && hello->group && is_wanted(*hello->group);
  }

  // Between client and server of this configuration. A group that is asked for need not be the
  // first.
  [[nodiscard]] bool is_used() const {
    if (state_.is_refused || !has_wanted(state_.offer.hello.groups)) return false;
    return group_.empty() ? negotiates(state_.in_memory) : has_wanted(state_.taken_by_server);
  }

  [[nodiscard]] std::string name() const { return group_.empty() ? "post-quantum TLS" : group_; }
  [[nodiscard]] std::string example() const { return group_.empty() ? "X25519MLKEM768" : group_; }

  [[nodiscard]] TlsVerdict cause() const {
    const auto& configuration = state_.configuration;
    const bool needs_module = !is_known() && (group_.empty() || is_post_quantum_name());
    if (needs_module && configuration.activates_module && !state_.module_is_active) {
      return cause_in_module();
    }
    if (state_.is_refused) {
      return {
          Failure::kMisconfigured,
          "programs refuse this configuration, because it has 'config_diagnostics' and an error",
          "correct the error that the line 'configuration' shows"};
    }
    if (!state_.offer.fault.empty()) return cause_of_no_client();
    if (!state_.offer.hello.offers_tls13) {
      return {Failure::kClassical, "off: clients do not offer TLS 1.3",
              "remove MaxProtocol from the configuration, or set it to TLSv1.3"};
    }
    if (needs_module) return cause_of_unknown_group();
    if (!state_.unknown_groups.empty()) {
      return {Failure::kMisconfigured,
              "libssl ignores the line 'Groups', because it does not know " +
                  joined_names(state_.unknown_groups),
              "correct or remove these names in 'Groups'"};
    }
    if (!has_wanted(state_.offer.hello.groups)) {
      return {Failure::kClassical, "off: clients do not offer " + missing(),
              "set 'Groups = " + example() +
                  ":x25519:secp256r1' in the section that 'system_default' names"};
    }
    if (!state_.in_memory.fault.empty()) {
      return {Failure::kNoModule,
              "a handshake between a client and a server of this configuration fails",
              "correct the error that the line 'together' shows"};
    }
    if (!group_.empty()) {
      return {Failure::kClassical, "off: servers do not take " + group_,
              "add " + group_ + " to 'Groups'"};
    }
    return {Failure::kClassical, "off: a classical group is preferred",
            "put " + example() + " first in 'Groups'"};
  }

  [[nodiscard]] bool is_post_quantum_name() const {
    const TlsGroup* const group = find_tls_group(std::string_view(group_));
    return group != nullptr && group->is_post_quantum;
  }
  [[nodiscard]] std::string missing() const {
    return group_.empty() ? "a post-quantum group" : group_;
  }

  [[nodiscard]] TlsVerdict cause_in_module() const {
    if (!state_.module_is_there) {
      return {Failure::kNoModule, "off: the module is not installed",
              "install it as " + state_.module_file};
    }
    return {Failure::kNoModule, "off: the module was refused",
            "correct the error that the line 'module' shows; a service has its own limit of locked "
            "memory (LimitMEMLOCK)"};
  }

  [[nodiscard]] TlsVerdict cause_of_no_client() const {
    if (state_.configuration.activates_any && !state_.default_is_active) {
      return {Failure::kMisconfigured,
              "TLS does not work: the configuration activates other providers, but not 'default'",
              "add 'default' to the list of providers, with a section that has 'activate = 1'"};
    }
    return {Failure::kMisconfigured, "TLS does not work: libssl cannot make a client",
            "correct the error that the line 'client' shows"};
  }

  // Nobody provides it.
  [[nodiscard]] TlsVerdict cause_of_unknown_group() const {
    const auto& configuration = state_.configuration;
    if (configuration.is_switched_off) {
      return {Failure::kClassical, "switched off by 'tls = off' in the module's section",
              "remove that line to switch it on"};
    }
    if (state_.module_is_active) {
      return {Failure::kClassical, "off: the module does not offer " + missing(),
              "add " + example() + " to 'groups' in the module's section"};
    }
    if (!state_.module_is_there) {
      return {Failure::kNoModule, "off: the module is not installed",
              "install it as " + state_.module_file};
    }
    if (configuration.names_module) {
      return {Failure::kClassical, "off: the module's section does not activate it",
              "add 'activate = 1' to the module's section"};
    }
    return {Failure::kClassical, "off: the configuration does not name the module",
            "include openssl-latchkey.cnf, or add 'latchkey' to the list of providers"};
  }

  [[nodiscard]] TlsVerdict verdict_on_server(const Handshake& handshake,
                                             const TlsVerdict& own) const {
    const auto& hello = handshake.answer.hello;
    if (hello && hello->version < kTls13) {
      return {Failure::kClassical, "the server speaks TLS 1.2 at most, which is classical",
              "enable TLS 1.3 on the server"};
    }
    if (!handshake.fault.empty()) {
      return {Failure::kNotConnected, "there is no TLS connection with the server",
              "correct the error that the line 'connection' shows"};
    }
    if (negotiates(handshake)) {
      return {0, "the server uses " + name_of_tls_group(*hello->group), kNothing};
    }
    const std::string result =
        "the server uses " + (hello && hello->group ? name_of_tls_group(*hello->group)
                                                    : std::string("an unknown group"));
    if (!has_wanted(state_.offer.hello.groups)) {
      return {own.status, result + "; on this machine: " + own.result, own.to_do};
    }
    return {Failure::kClassical, result + ", although " + missing() + " was offered",
            "enable " + missing() + " on the server, before other groups"};
  }

  const TlsState& state_;
  const std::string& group_;
};

}  // namespace

TlsVerdict verdict_on(const TlsState& state, const std::string& group) {
  return Judge(state, group).verdict();
}

}  // namespace latchkey::cli
