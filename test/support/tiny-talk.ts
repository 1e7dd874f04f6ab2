/** What to ask the tiny model, and what it is known to say. */

export const ANSWER = " The sky is blue because of Rayleigh scattering by air.";

/** The same where tools are offered: what llama-server reads calls with drops the blank. */
export const ANSWER_AFTER_TOOLS = ANSWER.trimStart();

/** The tokens of that answer. */
export const ANSWER_TOKENS = 12;

/** What it says first where it thinks. */
export const THOUGHT = "Let me think briefly\n";

export const QUESTION = { role: "user" as const, content: "Why is the sky blue?" };

/** The tool it calls wherever this is offered, and with which arguments. */
export const WEATHER = {
  name: "get_weather",
  description: "Weather at a place",
  schema: { type: "object" as const, properties: { location: { type: "string" } }, required: ["location"] },
  call: { location: "Boston" },
  result: "11 degrees",
};
