// Measures whether an operation's time depends on a secret: two classes of inputs, in random order,
// and Welch's t of their times.
//
//   timing BACKEND TEST SAMPLES SEED      prints the largest |t|
//
// TEST is decaps-validity (ciphertexts made for the key, or changed), decaps-key (one key, or a
// fresh one each time), encaps-message (one message, or fresh ones), or the name of a control.

#include <x86intrin.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <random>
#include <string_view>
#include <vector>

#include "ct/controls.hpp"
#include "dispatch/dispatch.hpp"

namespace latchkey::timing {
namespace {

constexpr std::size_t kBatch = 256;

// All that an operation reads and writes. Each sample has one of its own, prepared in advance, and
// is copied from there to where the operation works, which leaves the caches alike for all.
struct Inputs {
  mlkem::PublicKey<mlkem::kMlKem768> pub;
  mlkem::SecretKey<mlkem::kMlKem768> sec;
  std::array<std::uint8_t, mlkem::kMlKem768.ciphertext_size()> c;
  std::array<std::uint8_t, 32> m, key;
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t word() { return engine_(); }
  std::array<std::uint8_t, 32> bytes() {
    std::array<std::uint8_t, 32> result;
    for (auto& byte : result) byte = static_cast<std::uint8_t>(engine_() >> 32);
    return result;
  }

 private:
  std::mt19937_64 engine_;
};

struct Test {
  // `special` is the class: the fixed input, the changed ciphertext.
  std::function<void(Inputs&, bool special)> prepare;
  void (*run)(const mlkem::KemTable<mlkem::kMlKem768>&, Inputs&);
  void (*control)(const std::uint8_t*) = nullptr;
};

void run_decaps(const mlkem::KemTable<mlkem::kMlKem768>& ops, Inputs& in) {
  ops.decaps(in.key, in.pub, in.sec, in.c);
}
void run_encaps(const mlkem::KemTable<mlkem::kMlKem768>& ops, Inputs& in) {
  ops.encaps(in.c, in.key, in.pub, in.m);
}

Test find_test(std::string_view name, const mlkem::KemTable<mlkem::kMlKem768>& ops,
               Random& random) {
  const auto fixed = std::make_shared<Inputs>();
  ops.keygen(fixed->pub, fixed->sec, random.bytes(), random.bytes());
  fixed->m = random.bytes();
  ops.encaps(fixed->c, fixed->key, fixed->pub, fixed->m);

  if (name == "decaps-validity") {
    const auto prepare = [&ops, &random, fixed](Inputs& in, bool special) {
      in = *fixed;
      ops.encaps(in.c, in.key, in.pub, random.bytes());
      // Both classes write here, one of them nothing new.
      const std::uint64_t word = random.word();
      const auto change = static_cast<std::uint8_t>(special ? 1 + word % 255 : 0);
      in.c[word / 256 % in.c.size()] ^= change;
    };
    return {prepare, run_decaps};
  }
  if (name == "decaps-key") {
    const auto prepare = [&ops, &random, fixed](Inputs& in, bool special) {
      ops.keygen(in.pub, in.sec, random.bytes(), random.bytes());
      ops.encaps(in.c, in.key, in.pub, random.bytes());
      if (special) in = *fixed;
    };
    return {prepare, run_decaps};
  }
  const auto message = [&random, fixed](Inputs& in, bool special) {
    in = *fixed;
    const auto m = random.bytes();
    if (!special) in.m = m;
  };
  if (name == "encaps-message") return {message, run_encaps};
  for (const auto& control : controls::all()) {
    if (name == control.name) {
      fixed->m = {};
      return {message, nullptr, control.function};
    }
  }
  std::fprintf(stderr, "timing: no such test\n");
  std::exit(2);
}

[[gnu::noinline]] std::uint64_t measure(const Test& test,
                                        const mlkem::KemTable<mlkem::kMlKem768>& ops,
                                        Inputs& work) {
  unsigned core;
  _mm_lfence();
  const std::uint64_t start = __rdtsc();
  _mm_lfence();
  if (test.control != nullptr) {
    test.control(work.m.data());
  } else {
    test.run(ops, work);
  }
  const std::uint64_t end = __rdtscp(&core);
  _mm_lfence();
  return end - start;
}

// Mean and variance of one class, as they come in (Welford).
struct Moments {
  double count = 0, mean = 0, squares = 0;

  void add(double x) {
    const double off = x - mean;
    mean += off / ++count;
    squares += off * (x - mean);
  }
  double variance_of_mean() const { return squares / (count - 1) / count; }
};

double welch(const Moments (&classes)[2]) {
  const double variance = classes[0].variance_of_mean() + classes[1].variance_of_mean();
  return variance > 0 ? (classes[0].mean - classes[1].mean) / std::sqrt(variance) : 0;
}

// The statistic over all samples, and over those below some percentiles: interrupts and other
// guests of the machine make a long tail that hides small differences.
class Statistic {
 public:
  explicit Statistic(std::vector<std::uint64_t> first) {
    std::sort(first.begin(), first.end());
    for (int i = 1; i <= kCrops; ++i) {
      const double part = 1 - std::pow(0.5, 10.0 * i / kCrops);
      limits_.push_back(first[static_cast<std::size_t>(part * double(first.size() - 1))]);
    }
    limits_.push_back(~std::uint64_t{0});
    classes_ = std::make_unique<Moments[][2]>(limits_.size());
  }

  void add(bool special, std::uint64_t time) {
    for (std::size_t i = limits_.size(); i-- > 0 && time <= limits_[i];) {
      classes_[i][special].add(static_cast<double>(time));
    }
  }

  double largest() const {
    double result = 0;
    for (std::size_t i = 0; i < limits_.size(); ++i) {
      if (std::min(classes_[i][0].count, classes_[i][1].count) < kFewest) continue;
      if (const double t = welch(classes_[i]); std::abs(t) > std::abs(result)) result = t;
    }
    return result;
  }

  const Moments& all(bool special) const { return classes_[limits_.size() - 1][special]; }

 private:
  static constexpr int kCrops = 20;
  static constexpr double kFewest = 500;

  std::vector<std::uint64_t> limits_;
  std::unique_ptr<Moments[][2]> classes_;
};

int run(std::string_view backend, std::string_view name, std::size_t samples, std::uint64_t seed) {
  const dispatch::Backend* chosen = nullptr;
  for (const auto& known : dispatch::backends()) {
    if (known.supported() && known.hash->name == backend) chosen = &known;
  }
  if (chosen == nullptr) return 2;
  Random random(seed);
  const auto index = static_cast<std::size_t>(chosen - dispatch::backends().data());
  const auto& kem = *dispatch::kem_tables<mlkem::kMlKem768>()[index];
  const Test test = find_test(name, kem, random);
  const auto batch = std::make_unique<Inputs[]>(kBatch);
  const auto work = std::make_unique<Inputs>();
  std::vector<std::uint64_t> first;  // only to find the percentiles
  std::unique_ptr<Statistic> statistic;
  for (std::size_t done = 0; done < samples;) {
    bool special[kBatch];
    for (std::size_t i = 0; i < kBatch; ++i) {
      special[i] = random.word() >> 63;
      test.prepare(batch[i], special[i]);
    }
    for (std::size_t i = 0; i < kBatch; ++i) {
      *work = batch[i];
      const std::uint64_t time = measure(test, kem, *work);
      if (statistic != nullptr) {
        statistic->add(special[i], time);
        ++done;
      } else {
        first.push_back(time);
      }
    }
    if (statistic == nullptr && first.size() >= std::min<std::size_t>(samples / 10, 10'000)) {
      statistic = std::make_unique<Statistic>(std::move(first));
    }
  }
  std::printf("t = %.2f, means %.0f and %.0f cycles, %.0f and %.0f samples\n", statistic->largest(),
              statistic->all(false).mean, statistic->all(true).mean, statistic->all(false).count,
              statistic->all(true).count);
  return 0;
}

}  // namespace
}  // namespace latchkey::timing

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  return latchkey::timing::run(argv[1], argv[2], std::strtoull(argv[3], nullptr, 10),
                               std::strtoull(argv[4], nullptr, 10));
}
