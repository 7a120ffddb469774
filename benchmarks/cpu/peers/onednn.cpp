//===- onednn.cpp - Samples of one convolution or matmul by oneDNN -----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// onednn VARIANT THREADS MODE TYPE conv   N C H W F KH KW SH SW DH DW GROUPS LAYOUT(nchw|nhwc)
// onednn VARIANT THREADS MODE TYPE matmul B M N K TRANSPOSED_B(0|1)
//
// VARIANT: any       every layout is oneDNN's choice, none is converted inside the timed call
//          reorders  layouts are oneDNN's choice, inputs and outputs plain and converted inside it;
//                    weights are converted before
//          plain     every layout is plain, weights as well
// MODE:    warm      calls follow each other
//          cold      weights leave the caches before each call, outside of its time
// TYPE:    f32, bf16 (sums of f32) or i8 (sums of i32)
//
// Says "ready VERSION" once the result was found right (and on standard error which kernel oneDNN
// took), then answers each line "sample" with milliseconds per call, the median of 5 parts of at
// least 4 ms; the first call of a sample is not timed, unless it takes half a second: then it is
// all of the sample. The protocol is that of sampling.py. Says "error TEXT" and ends if something
// is wrong. Compiles against oneDNN 2 and 3.
//
//===----------------------------------------------------------------------===//
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <immintrin.h>

#include "oneapi/dnnl/dnnl.hpp"

namespace {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;

constexpr int kParts = 5;
constexpr double kLongCallSeconds = 0.5;
constexpr double kPartSeconds = 0.004;
constexpr int kCheckedElements = 200;

struct Problem {
  Dims source, weights, result;
  Tag sourceTag, weightsTag, resultTag;
  // An element of the result, by the definition, from source, weights and its index.
  std::function<double(const std::vector<float> &, const std::vector<float> &, int64_t)> element;
  std::function<dnnl::primitive_desc_base(dnnl::engine &, const memory::desc &,
                                          const memory::desc &, const memory::desc &)>
      describe;
};

int64_t volume(const Dims &dims) {
  int64_t product = 1;
  for (int64_t dim : dims)
    product *= dim;
  return product;
}

struct Convolution {
  int64_t n, c, h, w, f, kh, kw, sh, sw, dh, dw, groups;
  bool nhwc;

  int64_t oh() const { return (h - ((kh - 1) * dh + 1)) / sh + 1; }
  int64_t ow() const { return (w - ((kw - 1) * dw + 1)) / sw + 1; }

  /// One element of the result, by the definition.
  double element(const std::vector<float> &x, const std::vector<float> &k, int64_t index) const {
    int64_t b, o, y, z;
    if (nhwc) {
      o = index % f, z = index / f % ow(), y = index / f / ow() % oh(), b = index / f / ow() / oh();
    } else {
      z = index % ow(), y = index / ow() % oh(), o = index / ow() / oh() % f;
      b = index / ow() / oh() / f;
    }
    int64_t perGroup = c / groups, first = o / (f / groups) * perGroup;
    double sum = 0;
    for (int64_t i = 0; i < perGroup; ++i)
      for (int64_t p = 0; p < kh; ++p)
        for (int64_t q = 0; q < kw; ++q) {
          int64_t row = y * sh + p * dh, column = z * sw + q * dw, channel = first + i;
          int64_t at = nhwc ? ((b * h + row) * w + column) * c + channel
                            : ((b * c + channel) * h + row) * w + column;
          int64_t weight =
              nhwc ? ((p * kw + q) * perGroup + i) * f + o : ((o * perGroup + i) * kh + p) * kw + q;
          sum += double(x[at]) * double(k[weight]);
        }
    return sum;
  }
};

Problem makeProblem(const Convolution &c) {
  Problem problem;
  problem.source = {c.n, c.c, c.h, c.w};
  problem.result = {c.n, c.f, c.oh(), c.ow()};
  problem.sourceTag = problem.resultTag = c.nhwc ? Tag::nhwc : Tag::nchw;
  if (c.groups > 1) {
    problem.weights = {c.groups, c.f / c.groups, c.c / c.groups, c.kh, c.kw};
    problem.weightsTag = c.nhwc ? Tag::hwigo : Tag::goihw;
  } else {
    problem.weights = {c.f, c.c, c.kh, c.kw};
    problem.weightsTag = c.nhwc ? Tag::hwio : Tag::oihw;
  }
  problem.element = [c](const auto &x, const auto &k, int64_t i) { return c.element(x, k, i); };
  problem.describe = [c](dnnl::engine &engine, const memory::desc &x, const memory::desc &k,
                         const memory::desc &y) -> dnnl::primitive_desc_base {
    Dims strides = {c.sh, c.sw}, dilations = {c.dh - 1, c.dw - 1}, none = {0, 0};
    using Forward = dnnl::convolution_forward;
#if DNNL_VERSION_MAJOR >= 3
    return Forward::primitive_desc(engine, dnnl::prop_kind::forward_inference,
                                   dnnl::algorithm::convolution_direct, x, k, y, strides, dilations,
                                   none, none);
#else
    Forward::desc desc(dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, x,
                       k, y, strides, dilations, none, none);
    return Forward::primitive_desc(desc, engine);
#endif
  };
  return problem;
}

struct Matmul {
  int64_t batch, m, n, k;
  bool transposed; // B is N x K

  double element(const std::vector<float> &a, const std::vector<float> &b, int64_t index) const {
    int64_t column = index % n, row = index / n % m, item = index / n / m;
    double sum = 0;
    for (int64_t i = 0; i < k; ++i)
      sum += double(a[(item * m + row) * k + i]) *
             double(transposed ? b[(item * n + column) * k + i] : b[(item * k + i) * n + column]);
    return sum;
  }
};

Problem makeProblem(const Matmul &m) {
  Problem problem;
  bool batched = m.batch > 1;
  auto dims = [&](int64_t rows, int64_t columns) {
    return batched ? Dims{m.batch, rows, columns} : Dims{rows, columns};
  };
  problem.source = dims(m.m, m.k);
  problem.weights = dims(m.k, m.n);
  problem.result = dims(m.m, m.n);
  problem.sourceTag = problem.resultTag = batched ? Tag::abc : Tag::ab;
  problem.weightsTag = m.transposed ? (batched ? Tag::acb : Tag::ba) : problem.sourceTag;
  problem.element = [m](const auto &a, const auto &b, int64_t i) { return m.element(a, b, i); };
  problem.describe = [](dnnl::engine &engine, const memory::desc &a, const memory::desc &b,
                        const memory::desc &c) -> dnnl::primitive_desc_base {
#if DNNL_VERSION_MAJOR >= 3
    return dnnl::matmul::primitive_desc(engine, a, b, c);
#else
    return dnnl::matmul::primitive_desc(dnnl::matmul::desc(a, b, c), engine);
#endif
  };
  return problem;
}

/// What goes in, and what comes out.
struct Types {
  memory::data_type input, output;
};

Types typesOf(const std::string &name) {
  using Type = memory::data_type;
  if (name == "f32")
    return {Type::f32, Type::f32};
  if (name == "bf16")
    return {Type::bf16, Type::f32};
  if (name == "i8")
    return {Type::s8, Type::s32};
  throw std::runtime_error("expected f32, bf16 or i8, but got " + name);
}

/// Values that the type has, so that results can be checked.
std::vector<float> randomValues(int64_t count, memory::data_type type, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> values(count);
  for (float &value : values) {
    value = uniform(generator);
    if (type != memory::data_type::f32)
      value = std::round(value * 127) / (type == memory::data_type::s8 ? 1 : 128);
  }
  return values;
}

/// A problem that is ready to run.
class Runner {
public:
  Runner(const Problem &problem, const std::string &variant, Types types)
      : engine(dnnl::engine::kind::cpu, 0), stream(engine),
        x(randomValues(volume(problem.source), types.input, 1)),
        k(randomValues(volume(problem.weights), types.input, 2)), y(volume(problem.result)) {
    memory::desc plainX(problem.source, types.input, problem.sourceTag);
    memory::desc plainK(problem.weights, types.input, problem.weightsTag);
    memory::desc plainY(problem.result, types.output, problem.resultTag);
    bool choose = variant != "plain";
    auto offered = [&](const Dims &dims, memory::data_type type, const memory::desc &plain) {
      return choose ? memory::desc(dims, type, Tag::any) : plain;
    };
    auto description = problem.describe(engine, offered(problem.source, types.input, plainX),
                                        offered(problem.weights, types.input, plainK),
                                        offered(problem.result, types.output, plainY));
    implementation = description.impl_info_str();
    source = ofType(problem.source, problem.sourceTag, plainX, x);
    result = memory(plainY, engine);
    innerSource = inner(source, description.query_md(dnnl::query::src_md, 0));
    innerResult = inner(result, description.query_md(dnnl::query::dst_md, 0));
    memory weights = ofType(problem.weights, problem.weightsTag, plainK, k);
    innerWeights = inner(weights, description.query_md(dnnl::query::weights_md, 0));
    convert(weights, innerWeights);
    convert(source, innerSource);
    primitive = dnnl::primitive(description.get());
    timeReorders = variant == "reorders";
    call();
    stream.wait();
    convert(innerResult, result);
    memory floats({problem.result, memory::data_type::f32, problem.resultTag}, engine, y.data());
    dnnl::reorder(result, floats).execute(stream, result, floats);
    stream.wait();
    check(problem);
  }

  void call() {
    if (timeReorders)
      convert(source, innerSource);
    primitive.execute(stream, {{DNNL_ARG_SRC, innerSource},
                               {DNNL_ARG_WEIGHTS, innerWeights},
                               {DNNL_ARG_DST, innerResult}});
    if (timeReorders)
      convert(innerResult, result);
    stream.wait();
  }

  /// Puts the weights, as the primitive takes them, out of the caches.
  void flushWeights() {
    const char *from = static_cast<const char *>(innerWeights.get_data_handle());
    for (size_t at = 0; at < innerWeights.get_desc().get_size(); at += 64)
      _mm_clflush(from + at);
    _mm_mfence();
  }

  std::string implementation;

private:
  /// `values`, laid out by `tag`, in memory of `plain`.
  memory ofType(const Dims &dims, Tag tag, const memory::desc &plain, std::vector<float> &values) {
    memory floats({dims, memory::data_type::f32, tag}, engine, values.data());
    memory typed(plain, engine);
    dnnl::reorder(floats, typed).execute(stream, floats, typed);
    stream.wait();
    return typed;
  }

  memory inner(const memory &plain, const memory::desc &wanted) {
    return wanted == plain.get_desc() ? plain : memory(wanted, engine);
  }

  /// Does nothing where both are the same memory.
  void convert(memory &from, memory &to) {
    if (from.get_data_handle() == to.get_data_handle())
      return;
    for (const Conversion &known : conversions)
      if (known.from == from.get_data_handle() && known.to == to.get_data_handle())
        return known.reorder.execute(stream, {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
    conversions.push_back({from.get_data_handle(), to.get_data_handle(), dnnl::reorder(from, to)});
    convert(from, to);
  }

  void check(const Problem &problem) const {
    std::mt19937 generator(3);
    std::uniform_int_distribution<int64_t> pick(0, static_cast<int64_t>(y.size()) - 1);
    double length = static_cast<double>(volume(problem.weights)) / problem.result[1];
    for (int i = 0; i < kCheckedElements; ++i) {
      int64_t index = pick(generator);
      double expected = problem.element(x, k, index);
      if (!(std::fabs(y[index] - expected) <= 1e-5 * std::max(1.0, length)))
        throw std::runtime_error("wrong result: expected " + std::to_string(expected) +
                                 ", but got " + std::to_string(y[index]));
    }
  }

  struct Conversion {
    void *from, *to;
    dnnl::reorder reorder;
  };

  dnnl::engine engine;
  dnnl::stream stream;
  std::vector<float> x, k, y;
  memory source, result, innerSource, innerWeights, innerResult;
  dnnl::primitive primitive;
  bool timeReorders = false;
  std::vector<Conversion> conversions;
};

double secondsOf(Runner &runner, int64_t calls, bool cold) {
  std::chrono::duration<double> sum(0);
  for (int64_t i = 0; i < calls; ++i) {
    if (cold)
      runner.flushWeights();
    auto start = std::chrono::steady_clock::now();
    runner.call();
    sum += std::chrono::steady_clock::now() - start;
  }
  return sum.count();
}

Problem parse(const std::vector<std::string> &words) {
  auto number = [&](size_t i) { return std::stoll(words.at(i)); };
  if (words.at(0) == "conv")
    return makeProblem(Convolution{number(1), number(2), number(3), number(4), number(5), number(6),
                                   number(7), number(8), number(9), number(10), number(11),
                                   number(12), words.at(13) == "nhwc"});
  if (words.at(0) == "matmul")
    return makeProblem(Matmul{number(1), number(2), number(3), number(4), number(5) != 0});
  throw std::runtime_error("expected conv or matmul, but got " + words[0]);
}

void serve(const std::vector<std::string> &words) {
  const std::string &variant = words.at(0);
  setenv("OMP_NUM_THREADS", words.at(1).c_str(), 1);
  bool cold = words.at(2) == "cold";
  if (!cold && words[2] != "warm")
    throw std::runtime_error("expected warm or cold, but got " + words[2]);
  Runner runner(parse({words.begin() + 4, words.end()}), variant, typesOf(words.at(3)));
  const dnnl_version_t *version = dnnl_version();
  secondsOf(runner, 1, cold);
  auto calls = static_cast<int64_t>(std::ceil(kPartSeconds / secondsOf(runner, 1, cold)));
  std::cerr << runner.implementation << std::endl;
  std::cout << "ready " << version->major << '.' << version->minor << '.' << version->patch
            << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    if (double first = secondsOf(runner, 1, cold); first > kLongCallSeconds) {
      std::cout << first * 1e3 << std::endl;
      continue;
    }
    std::vector<double> parts;
    for (int i = 0; i < kParts; ++i)
      parts.push_back(secondsOf(runner, calls, cold));
    std::sort(parts.begin(), parts.end());
    double seconds = parts[kParts / 2];
    std::cout << seconds / static_cast<double>(calls) * 1e3 << std::endl;
    calls = std::max<int64_t>(
        1, static_cast<int64_t>(std::ceil(kPartSeconds * static_cast<double>(calls) / seconds)));
  }
}

} // namespace

int main(int argc, char **argv) {
  try {
    serve({argv + 1, argv + argc});
  } catch (const std::exception &error) {
    std::cout << "error " << error.what() << std::endl;
    return 1;
  }
  return 0;
}
