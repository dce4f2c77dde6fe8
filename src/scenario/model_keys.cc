// The keys of a model, in a scenario and in library/models/.
#include "scenario/named.hh"
#include "scenario/training_keys.hh"

namespace weft {
namespace {

using P = ModelParameters;

constexpr std::int64_t most_layers = 10'000;
constexpr std::int64_t most_elements = 10'000'000;
constexpr std::int64_t most_tokens = 100'000'000;

void add_shape(Section<P>& section) {
  section.add("layers", &P::layers, "Transformer layers.").absent("needed, unless `like` says it").between(1, most_layers);
  section.add("hidden", &P::hidden, "Elements of a token's vector.").absent("needed, unless `like` says it").between(1, most_elements);
  section.add("heads", &P::heads, "Attention heads.").absent("needed, unless `like` says it").between(1, most_elements);
  section.add("kv_heads", &P::kv_heads, "Heads of keys and values.").absent("as many as `heads`").between(1, most_elements);
  section.add("head_size", &P::head_size, "Elements of a head; of latent attention: without the rotated part.")
      .absent("hidden / heads")
      .between(1, most_elements);
  section.add("ffn_hidden", &P::ffn_hidden, "Elements inside the feed-forward part.")
      .absent("needed, unless `like` says it")
      .between(1, most_elements);
  section.add("gated_ffn", &P::gated_ffn, "The feed-forward part has three matrices (SwiGLU) instead of two.");
  section.add("vocabulary", &P::vocabulary, "Tokens of the vocabulary.").absent("needed, unless `like` says it").between(1, most_tokens);
  section.add("sequence", &P::sequence, "Tokens of a sequence.").absent("needed, unless `like` says it").between(1, most_tokens);
  section.add("positions", &P::positions, "Learned position embeddings.").absent("none").between(0, most_tokens);
  section.add("tied_embeddings", &P::tied_embeddings, "The head uses the matrix of the embedding.");
}

void add_experts(Section<P>& section) {
  section.add("experts", &P::experts, "Routed experts of a layer; 0: every layer is dense.").between(0, 100'000);
  section.add("top_k", &P::top_k, "Experts that a token goes to.").absent("needed with experts").between(1, 100'000);
  section.add("shared_experts", &P::shared_experts, "Experts that every token goes to.").between(0, 1'000);
  section.add("expert_ffn_hidden", &P::expert_ffn_hidden, "Elements inside an expert.").absent("ffn_hidden").between(1, most_elements);
  section.add("dense_layers", &P::dense_layers, "So many first layers have no experts.").between(0, most_layers);
}

void add_latent(Section<P>& section) {
  section.add("kv_rank", &P::kv_rank, "Latent attention: elements into which keys and values are compressed.")
      .absent("no latent attention")
      .between(1, most_elements);
  section.add("query_rank", &P::query_rank, "Latent attention: elements into which queries are compressed.")
      .absent("they are not")
      .between(1, most_elements);
  section.add("rope_head", &P::rope_head, "Latent attention: rotated elements of a head.").between(0, most_elements);
  section.add("value_head", &P::value_head, "Latent attention: elements of a head's values.").between(0, most_elements);
}

template <class Field>
void add_precision(Section<P>& section, const std::string& name, Field field, const std::string& doc) {
  std::vector<std::pair<std::string, Precision>> words;
  for (std::size_t i = 0; i < precision_names.size(); ++i) words.emplace_back(precision_names[i], static_cast<Precision>(i));
  section.add_choice(name, field, words, doc);
}

void add_precisions(Section<P>& section) {
  add_precision(section, "compute", &P::compute, "Precision of matrix products: which of the machine's peaks counts.");
  add_precision(section, "weights", &P::weights, "Precision of parameters when they are gathered.");
  add_precision(section, "activations", &P::activations, "Precision of activations and their gradients on the wire.");
  add_precision(section, "gradients", &P::gradients, "Precision of parameters' gradients when they are reduced.");
  add_precision(section, "dispatch", &P::dispatch, "Precision of tokens on their way to experts.");
  add_precision(section, "combine", &P::combine, "Precision of tokens on their way back from experts, and of all their gradients.");
}

void add_like(Section<P>& section) {
  Key key;
  key.kind = KeyKind::text;
  key.fallback = "none";
  section.add_custom("like", std::move(key), "A model of the library; the other keys change it.",
                     [](const Reader& reader, const Key& row, const Value& value, P& into) { read_model(reader, row, value, into); });
}

// Which machine's efficiency was published: any name may stand there.
void add_efficiency(Section<P>& section) {
  Key key;
  key.kind = KeyKind::numbers_by_name;
  key.fallback = "none";
  key.within(0.001, 1);
  section.add_custom("efficiency", std::move(key),
                     "Published share of a machine's peak that training reaches (MFU), by name of the machine. It holds exposed "
                     "communication, too, so compute is rather too slow than too fast.",
                     [](const Reader& reader, const Key& row, const Value& value, P& into) {
                       reader.expect(row, value, Value::Kind::map);
                       for (const Member& member : value.members) reader.read(row, member.value, into.efficiency[member.name]);
                     });
}

void need(const Reader& reader, const Value& mapping, std::uint32_t value, const char* key) {
  if (value == 0) reader.fail(mapping.place, "the key '" + std::string(key) + "' is missing in a model", "or begin with like: llama-3-8b");
}

void check_model(const Reader& reader, const Value& mapping, P& model) {
  need(reader, mapping, model.layers, "layers");
  need(reader, mapping, model.hidden, "hidden");
  need(reader, mapping, model.heads, "heads");
  need(reader, mapping, model.vocabulary, "vocabulary");
  need(reader, mapping, model.sequence, "sequence");
  if (model.experts == 0 || model.dense_layers > 0 || model.expert_ffn_hidden == 0) need(reader, mapping, model.ffn_hidden, "ffn_hidden");
  if (model.experts > 0) need(reader, mapping, model.top_k, "top_k");
  if (model.kv_rank > 0) need(reader, mapping, model.value_head, "value_head");
  if (model.top_k > model.experts) reader.fail(mapping.place, "'top_k' is above the number of experts");
  if (model.head_size == 0 && model.hidden % model.heads != 0) {
    reader.fail(mapping.place,
                std::to_string(model.hidden) + " hidden elements do not divide by heads (" + std::to_string(model.heads) + ")",
                "or say head_size");
  }
}

}  // namespace

Section<ModelParameters> model_section() {
  Section<P> section("model");
  add_like(section);
  section.add("name", &P::name, "Shown in messages.").absent("none");
  add_shape(section);
  add_experts(section);
  add_latent(section);
  add_precisions(section);
  add_efficiency(section);
  section.add_rule(check_model);
  return section;
}

void read_model(const Reader& reader, const Key& key, const Value& value, ModelParameters& into) {
  read_named(reader, key, value, library_models(), "models", model_section(), into);
}

}  // namespace weft
