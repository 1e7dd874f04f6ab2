/** Writes a model into the lists of each dialect, under the name a client may ask for. */

import { taggedName } from "../domain/name.ts";
import type { Model, Row } from "../engines/model.ts";

/** A name that lists show, and the model that stands behind it. */
export interface Listed {
  readonly name: string;
  readonly model: Model & { readonly seenAtMs: number };
}

/** What engines that never unload a model say of its end; Ollama writes the like for `keep_alive: -1`. */
const FAR_FUTURE = "2318-01-01T00:00:00Z";

/** A row of `/api/tags`: an Ollama's own, or made up from what is known. */
export function tagsRow({ name, model }: Listed): Row {
  const tagged = taggedName(name);
  const modified_at = modifiedAt(model);
  // clients in Go cannot read a row without a time, which an imitator may well leave out
  if (model.tagsRow !== undefined) return { ...model.tagsRow, name: tagged, model: tagged, modified_at };
  return {
    name: tagged,
    model: tagged,
    modified_at,
    size: model.sizeBytes,
    digest: digestOf(model),
    details: detailsOf(model),
    capabilities: model.capabilities,
  };
}

/** A row of `/api/ps`. */
export function psRow({ name, model }: Listed): Row {
  const tagged = taggedName(name);
  if (model.psRow !== undefined) return { ...model.psRow, name: tagged, model: tagged };
  return {
    name: tagged,
    model: tagged,
    size: model.sizeBytes,
    digest: digestOf(model),
    details: detailsOf(model),
    expires_at: FAR_FUTURE,
    size_vram: model.sizeBytes,
    context_length: model.contextLength ?? 0,
  };
}

/** An entry of `/v1/models`: OpenAI's fields and Anthropic's, which do not get in each other's way. */
export function modelRow({ name, model }: Listed): Row {
  const at = new Date(modifiedAt(model));
  return {
    id: name,
    object: "model",
    created: Math.floor(at.getTime() / 1000),
    owned_by: model.ownedBy || "library",
    type: "model",
    display_name: name,
    created_at: at.toISOString(),
    ...(model.contextLength === undefined ? {} : { max_model_len: model.contextLength }),
  };
}

/** The answer of `/api/show` for an engine that has none. `model_info` is never empty: several clients crash on that. */
export function showAnswer({ name, model }: Listed): Row {
  const architecture = model.family || "unknown";
  return {
    modelfile: `# ${name} is served by an engine without modelfiles\n`,
    parameters: "",
    template: "",
    details: detailsOf(model),
    model_info: {
      "general.architecture": architecture,
      "general.basename": name,
      ...(model.contextLength === undefined
        ? {}
        : { [`${architecture}.context_length`]: model.contextLength }),
    },
    capabilities: model.capabilities,
    modified_at: modifiedAt(model),
  };
}

/** When the model last changed, as far as is known: since then it has been the same. ISO 8601. */
export function modifiedAt(model: Listed["model"]): string {
  const told = model.modifiedAt;
  return told === undefined || Number.isNaN(Date.parse(told)) ? new Date(model.seenAtMs).toISOString() : told;
}

function detailsOf(model: Model): Row {
  return {
    parent_model: "",
    format: model.format,
    family: model.family,
    families: model.family === "" ? [] : [model.family],
    parameter_size: model.parameterSize,
    quantization_level: model.quantization,
  };
}

/** 64 hexadecimal digits, as Ollama's are; the same for the same model on every call. */
function digestOf(model: Model): string {
  return model.digest || new Bun.CryptoHasher("sha256").update(model.id).digest("hex");
}
