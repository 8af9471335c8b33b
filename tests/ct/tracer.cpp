// Runs a program several times, instruction by instruction between its two breakpoints, and
// compares where it went and which memory it touched.
//
//   tracer DISASSEMBLY LEFT_OUT COUNT COMMAND...
//
// COMMAND runs with one more argument, a number below COUNT. DISASSEMBLY is what objdump wrote of
// the program. Steps in functions whose name contains LEFT_OUT are not compared. Exits with 0 if
// all runs are alike, with 1 if not, with 2 if they could not be compared.

#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "ct/instructions.hpp"

namespace latchkey::trace {
namespace {

struct Step {
  const Instruction* instruction;
  std::uint64_t addresses;  // of all memory that it touches, and the stack pointer: a hash

  bool operator==(const Step&) const = default;
};

constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15;
  return hash ^ hash >> 29;
}

// Calls, returns, pushes and pops are in the stack pointer.
std::uint64_t addresses_of(const Instruction& instruction, const user_regs_struct& registers) {
  std::uint64_t hash = mix(0, registers.rsp);
  for (const Operand& operand : instruction.operands) {
    hash = mix(hash, operand.address(registers));
  }
  return instruction.repeats ? mix(hash, registers.rcx) : hash;
}

// A program that stops at each instruction. Its addresses are the same in every run.
class Process {
 public:
  explicit Process(char* const* command) {
    pid_ = fork();
    if (pid_ == 0) {
      char* const no_environment[] = {nullptr};
      personality(ADDR_NO_RANDOMIZE);
      ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
      execve(command[0], command, no_environment);
      _exit(127);
    }
    await();  // exec
  }
  ~Process() {
    if (!ended_) kill(pid_, SIGKILL);
    while (!ended_ && waitpid(pid_, &status_, 0) == pid_ && WIFSTOPPED(status_)) continue;
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void step() { resume(PTRACE_SINGLESTEP); }

  // Up to a breakpoint or the end.
  void go_on() { resume(PTRACE_CONT); }

  const user_regs_struct& registers() {
    if (ptrace(PTRACE_GETREGS, pid_, nullptr, &registers_) != 0) fail("its registers");
    return registers_;
  }

  // Its exit status.
  std::optional<int> ended() const {
    return ended_ ? std::optional(WEXITSTATUS(status_)) : std::nullopt;
  }

 private:
  void resume(__ptrace_request how) {
    if (ptrace(how, pid_, nullptr, nullptr) != 0) fail("it cannot go on");
    await();
  }

  void await() {
    if (waitpid(pid_, &status_, 0) != pid_) fail("it is gone");
    ended_ = WIFEXITED(status_);
    if (!ended_ && !(WIFSTOPPED(status_) && WSTOPSIG(status_) == SIGTRAP)) fail("a signal");
  }

  [[noreturn]] void fail(const char* what) const {
    throw std::runtime_error(std::string("the traced program: ") + what);
  }

  pid_t pid_;
  int status_ = 0;
  bool ended_ = false;
  user_regs_struct registers_{};
};

class Tracer {
 public:
  Tracer(const Program& program, std::string_view left_out)
      : program_(program), left_out_(left_out) {}

  // Whether this run is like the first one.
  bool trace(char* const* command, int number) {
    Process process(command);
    process.go_on();
    if (process.ended()) fail("does not reach its first breakpoint");
    std::size_t count = 0;
    const Instruction* before = nullptr;
    for (;; process.step()) {
      const user_regs_struct& registers = process.registers();
      const Instruction* const now = program_.at(registers.rip);
      if (now == nullptr) fail("leaves what is disassembled");
      if (now->is_breakpoint) break;
      if (is_left_out(*now)) {
        left_out_steps_ += number == 0;
        continue;
      }
      if (now->is_unknown) fail("touches memory by: " + describe(*now));
      const Step step{now, addresses_of(*now, registers)};
      if (number == 0) {
        first_.push_back(step);
        hash_ = mix(mix(hash_, now->address), step.addresses);
      } else if (count == first_.size() || first_[count] != step) {
        report(number, count, before, step);
        return false;
      }
      before = now;
      ++count;
    }
    if (count != first_.size()) {
      std::printf("differs: run %d ends after %zu steps, run 0 after %zu\n", number, count,
                  first_.size());
      return false;
    }
    process.go_on();
    process.go_on();
    if (process.ended() != 0) fail("reports a failure");
    return true;
  }

  std::size_t steps() const { return first_.size(); }
  std::size_t left_out_steps() const { return left_out_steps_; }
  std::uint64_t hash() const { return hash_; }

 private:
  [[noreturn]] static void fail(const std::string& what) {
    throw std::runtime_error("the traced program " + what);
  }

  bool is_left_out(const Instruction& instruction) const {
    return !left_out_.empty() &&
           program_.function_of(instruction).find(left_out_) != std::string::npos;
  }

  std::string describe(const Instruction& instruction) const {
    char address[32];
    std::snprintf(address, sizeof address, "%llx",
                  static_cast<unsigned long long>(instruction.address));
    return std::string(address) + " '" + instruction.text + "' in " +
           program_.function_of(instruction);
  }

  void report(int number, std::size_t count, const Instruction* before, const Step& step) const {
    std::printf("differs: run %d, step %zu: ", number, count);
    if (count == first_.size()) {
      std::printf("goes on where run 0 ends, at %s\n", describe(*step.instruction).c_str());
    } else if (first_[count].instruction == step.instruction) {
      std::printf("another address: %s\n", describe(*step.instruction).c_str());
    } else {
      std::printf("another way after %s: to %s instead of %s\n",
                  before != nullptr ? describe(*before).c_str() : "the start",
                  describe(*step.instruction).c_str(),
                  describe(*first_[count].instruction).c_str());
    }
  }

  const Program& program_;
  std::string_view left_out_;
  std::vector<Step> first_;
  std::size_t left_out_steps_ = 0;
  std::uint64_t hash_ = 0;
};

int run(int argc, char** argv) {
  const Program program(argv[1]);
  Tracer tracer(program, argv[2]);
  const int count = std::atoi(argv[3]);
  if (count < 2) throw std::runtime_error("one run cannot be compared with any");
  std::vector<char*> command(argv + 4, argv + argc);
  char number[16];  // always as long, or the stack begins somewhere else
  command.push_back(number);
  command.push_back(nullptr);
  for (int i = 0; i < count; ++i) {
    std::snprintf(number, sizeof number, "%05d", i);
    if (!tracer.trace(command.data(), i)) return 1;
  }
  std::printf("identical: %d runs of %zu steps, %zu left out, trace %016llx\n", count,
              tracer.steps(), tracer.left_out_steps(),
              static_cast<unsigned long long>(tracer.hash()));
  return 0;
}

}  // namespace
}  // namespace latchkey::trace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  try {
    return latchkey::trace::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tracer: %s\n", error.what());
    return 2;
  }
}
