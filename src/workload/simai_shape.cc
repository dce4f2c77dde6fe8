#include "workload/simai_shape.hh"

#include "base/error.hh"
#include "base/parse.hh"
#include "workload/number.hh"

namespace weft {
namespace {

using training::Dimension;

class Shaper {
 public:
  Shaper(const SimaiFile& file, const WorkloadParameters& parameters, std::uint32_t hosts)
      : file_(file), parameters_(parameters), hosts_(hosts) {}

  SimaiShape shape() {
    const SimaiParameters& given = parameters_.simai;
    degree(Dimension::tensor) = file_.tensor;
    degree(Dimension::pipeline) = instead(given.pipeline_parallel, file_.pipeline, "pipeline stages");
    shape_.plan.expert = instead(given.expert_parallel, file_.expert, "ranks of an expert group");
    degree(Dimension::data) = replicas();
    if (shape_.plan.data() % shape_.plan.expert != 0) {
      fail("expert groups of " + number(shape_.plan.expert) + " do not divide " + number(shape_.plan.data()) + " replicas",
           "`data_parallel` or `expert_parallel` in the scenario");
    }
    if (shape_.plan.pipeline() > 1) set_chunks();
    note_missing_layers();
    return std::move(shape_);
  }

 private:
  [[noreturn]] void fail(const std::string& message, std::string hint) const {
    throw InputError(place(parameters_.trace, 1), message, std::move(hint));
  }
  std::uint32_t& degree(Dimension dimension) { return shape_.plan.degree[static_cast<std::size_t>(dimension)]; }

  std::uint32_t instead(std::uint32_t given, std::uint32_t written, const char* what) {
    if (given == 0 || given == written) return written;
    shape_.scaled.push_back(number(given) + ' ' + what + " instead of the trace's " + number(written) +
                            "; what a rank computes and sends stays as written");
    return given;
  }

  std::uint32_t replicas() {
    const std::uint64_t written = std::uint64_t{file_.tensor} * file_.pipeline;
    if (file_.gpus && *file_.gpus % written != 0) {
      fail("all_gpus (" + number(*file_.gpus) + ") does not divide by model_parallel_NPU_group * pp (" + number(written) + ')',
           "correct the first line");
    }
    const std::uint32_t given = parameters_.simai.data_parallel;
    if (file_.gpus) return instead(given, static_cast<std::uint32_t>(*file_.gpus / written), "data-parallel replicas");
    if (given != 0) return given;
    const std::uint32_t ranks = parameters_.job.ranks != 0 ? parameters_.job.ranks : hosts_;
    const std::uint64_t model = std::uint64_t{shape_.plan.tensor()} * shape_.plan.pipeline();
    if (ranks == 0 || ranks % model != 0) {
      fail("the trace says neither all_gpus nor does the scenario say `data_parallel`, and " + number(ranks) +
               " hosts do not divide into models of " + number(model) + " GPUs",
           "data_parallel: " + number(std::max<std::uint64_t>(ranks / model, 1)));
    }
    return static_cast<std::uint32_t>(ranks / model);
  }

  void set_chunks() {
    shape_.chunks = instead(parameters_.simai.virtual_stages, file_.virtual_stages, "chunks of a pipeline stage (vpp)");
    if (shape_.chunks > 1 && file_.micro_batches % shape_.plan.pipeline() != 0) {
      fail("a pipeline of " + number(shape_.plan.pipeline()) + " stages in " + number(shape_.chunks) +
               " chunks each (vpp) needs micro-batches (ga) in multiples of its stages, not " + number(file_.micro_batches),
           "`virtual_stages: 1` in the scenario runs each stage in one piece");
    }
  }

  void note_missing_layers() {
    if (file_.layers.size() == file_.promised) return;
    shape_.scaled.push_back("the trace's second line says " + number(file_.promised) + " layers, but " + number(file_.layers.size()) +
                            " follow: those were run");
  }

  const SimaiFile& file_;
  const WorkloadParameters& parameters_;
  std::uint32_t hosts_;
  SimaiShape shape_;
};

}  // namespace

SimaiShape simai_shape(const SimaiFile& file, const WorkloadParameters& parameters, std::uint32_t hosts) {
  return Shaper(file, parameters, hosts).shape();
}

}  // namespace weft
