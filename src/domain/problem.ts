/** Why a request cannot be served, as the client is told: status and words, whatever the dialect. */

/** `text` is in Ollama's words where Ollama has some, so that clients which look at it find what they expect. */
export type Problem =
  | { readonly problem: "bad request"; readonly text: string }
  /** The body is not what the path takes. */
  | { readonly problem: "unreadable"; readonly text: string }
  | { readonly problem: "foreign host"; readonly host: string }
  | { readonly problem: "foreign origin"; readonly origin: string }
  | { readonly problem: "not found"; readonly text: string }
  | { readonly problem: "unknown path" }
  | { readonly problem: "wrong method"; readonly allow: string }
  /** The configuration says otherwise, and only its owner can change that. */
  | { readonly problem: "conflict"; readonly text: string }
  | { readonly problem: "too large"; readonly limit: string }
  | { readonly problem: "unknown encoding"; readonly encoding: string }
  /** The alias store cannot be written. */
  | { readonly problem: "unsaved"; readonly text: string }
  /** The alias store is of a layout that is not known here, as a newer version would leave it: it stays as it is. */
  | { readonly problem: "foreign store"; readonly text: string }
  /** The client left; nobody reads this. */
  | { readonly problem: "client gone" }
  | { readonly problem: "bug" }
  /** The name is known, but no engine that has it serves the path. */
  | { readonly problem: "unserved"; readonly text: string }
  /** Backends were tried, and none could be reached. */
  | { readonly problem: "unreachable"; readonly text: string }
  /** Backends were tried, and none has answered in time. */
  | { readonly problem: "late"; readonly text: string }
  /** No backend that could serve this is up. */
  | { readonly problem: "none up"; readonly text: string; readonly retryAfterSeconds?: number }
  /** All backends that could serve this have as much to do as they may, and so has the queue before them. */
  | { readonly problem: "busy" }
  /** The request has already passed through this very process. */
  | { readonly problem: "loop" };

/** How long a client should wait before it asks again, in seconds, where nobody knows better. */
export const RETRY_AFTER_SECONDS = 5;

export function isProblem(answer: object): answer is Problem {
  return "problem" in answer;
}

export function statusOf(problem: Problem): number {
  switch (problem.problem) {
    case "bad request":
    case "unreadable":
      return 400;
    case "foreign host":
    case "foreign origin":
      return 403;
    case "not found":
    case "unknown path":
      return 404;
    case "wrong method":
      return 405;
    case "conflict":
      return 409;
    case "too large":
      return 413;
    case "unknown encoding":
      return 415;
    case "client gone":
      return 499;
    case "unsaved":
    case "bug":
      return 500;
    case "unserved":
      return 501;
    case "unreachable":
      return 502;
    case "none up":
    case "busy":
    case "foreign store":
      return 503;
    case "late":
      return 504;
    case "loop":
      return 508;
    default:
      return problem satisfies never;
  }
}

export function textOf(problem: Problem): string {
  switch (problem.problem) {
    case "foreign host":
      return `host ${JSON.stringify(quoted(problem.host))} is not allowed`;
    case "foreign origin":
      return `origin ${JSON.stringify(quoted(problem.origin))} is not allowed`;
    case "unknown path":
      return "404 page not found";
    case "wrong method":
      return "405 method not allowed";
    case "too large":
      return `request body is larger than ${problem.limit}`;
    case "unknown encoding":
      return `unsupported content encoding ${JSON.stringify(quoted(problem.encoding))}`;
    case "client gone":
      return "request canceled";
    // Ollama's words, two blanks included
    case "busy":
      return "server busy, please try again.  maximum pending requests exceeded";
    case "bug":
      return "internal error";
    case "loop":
      return "this request has passed through this server already: a backend leads back to it";
    default:
      return problem.text;
  }
}

/** Longer names are cut where a problem quotes them. */
const MAX_QUOTED = 200;

/** A name as a problem quotes it. */
export function quoted(name: string): string {
  // a character of two halves is not cut in half
  return name.length > MAX_QUOTED ? `${name.slice(0, MAX_QUOTED).replace(/[\ud800-\udbff]$/, "")}…` : name;
}
