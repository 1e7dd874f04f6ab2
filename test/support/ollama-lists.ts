/** Writes lists as an Ollama writes them. */

/** An Ollama's lists, by their paths. */
export function ollamaLists(
  tags: readonly object[],
  ps: readonly object[] = [],
  version = "0.33.0",
): Record<string, unknown> {
  return { "/api/tags": { models: tags }, "/api/ps": { models: ps }, "/api/version": { version } };
}

/** A row of `/api/tags` as a real Ollama writes it; other names have other digests. */
export function tagsRow(name: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    name,
    model: name,
    modified_at: "2026-03-01T10:00:00.123456789Z",
    size: 796340,
    digest: new Bun.CryptoHasher("sha256").update(name).digest("hex"),
    details: {
      parent_model: "",
      format: "gguf",
      family: "llama",
      families: ["llama"],
      parameter_size: "392K",
      quantization_level: "F16",
      context_length: 4096,
      embedding_length: 128,
    },
    capabilities: ["completion", "tools"],
    ...more,
  };
}
