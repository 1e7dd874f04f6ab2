/** What is known of one model on one backend, whatever its engine. */

/** A JSON object as an engine sent it. */
export type Row = Readonly<Record<string, unknown>>;

export interface Model {
  /** The engine's own spelling. */
  readonly id: string;
  /** Whether it is in memory; always true on engines that keep their models loaded. */
  readonly loaded: boolean;
  /** Whether it is on its way there. */
  readonly loading: boolean;
  /** Whether it cannot leave it. */
  readonly fixed: boolean;
  /** How long after the look it leaves by itself, in milliseconds; `Infinity`: never, as far as is known. */
  readonly expiresInMs: number;
  /** What the engine calls those in memory, where that is not the model's name. */
  readonly instances: readonly string[];
  readonly sizeBytes: number;
  readonly digest: string | undefined;
  /** ISO 8601, where the engine tells a time that does not change from call to call. */
  readonly modifiedAt: string | undefined;
  readonly ownedBy: string | undefined;
  readonly format: string;
  readonly family: string;
  readonly parameterSize: string;
  readonly quantization: string;
  /** In tokens. */
  readonly contextLength: number | undefined;
  /** In Ollama's words: "completion", "tools", "vision", "thinking", "embedding". */
  readonly capabilities: readonly string[];
  /** Its rows in an Ollama's own `/api/tags` and `/api/ps`, passed on with every field they have. */
  readonly tagsRow: Row | undefined;
  readonly psRow: Row | undefined;
}

/** A model of which little more than the name is known. */
export function modelOf(id: string, known: Partial<Model> = {}): Model {
  return {
    id,
    loaded: true,
    loading: false,
    fixed: true,
    expiresInMs: Infinity,
    instances: [],
    sizeBytes: 0,
    digest: undefined,
    modifiedAt: undefined,
    ownedBy: undefined,
    format: "",
    family: "",
    parameterSize: "",
    quantization: "",
    contextLength: undefined,
    capabilities: ["completion"],
    tagsRow: undefined,
    psRow: undefined,
    ...known,
  };
}
