/** The command lines and variables of gollamas' manual serve what it says, in front of replayed Ollamas. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";

import { answerLike, askLike, CALLS, listed } from "../support/gollamas-asking.ts";
import { askedOf, dropIn, type Hosts } from "../support/gollamas-line.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

interface Line {
  readonly title: string;
  readonly line: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly hosts: Hosts;
  /** Where each model goes. */
  readonly routes: Readonly<Record<string, string>>;
  /** What each alias stands for. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** What lists show beside the models. */
  readonly shown?: readonly string[];
}

const LINES: readonly Line[] = [
  {
    title: "the binary",
    line: `gollamas --level=warn \\
    --listen 0.0.0.0:11434 \\
    --proxy=tinyllama=http://server-01:11434 \\
    --proxy=llama3.2-vision=http://server-01:11434 \\
    --proxy=deepseek-r1:14b=http://server-02:11434`,
    hosts: {
      "server-01": ["tinyllama:latest", "llama3.2-vision:latest", "deepseek-r1:14b"],
      "server-02": ["deepseek-r1:14b", "private:7b"],
    },
    routes: {
      "tinyllama:latest": "server-01",
      "llama3.2-vision:latest": "server-01",
      "deepseek-r1:14b": "server-02",
    },
  },
  {
    title: "the code",
    line: `go run ./*.go --level=trace \\
    --listen 0.0.0.0:11434 \\
    --proxy=tinyllama=http://server-02:11434 \\
    --proxy=llama3.2-vision=http://server-02:11434 \\
    --proxy=deepseek-r1:14b=http://server-01:11434`,
    hosts: {
      "server-01": ["deepseek-r1:14b"],
      "server-02": ["tinyllama:latest", "llama3.2-vision:latest"],
    },
    routes: {
      "tinyllama:latest": "server-02",
      "llama3.2-vision:latest": "server-02",
      "deepseek-r1:14b": "server-01",
    },
  },
  {
    title: "a container",
    line: "gollamas",
    variables: {
      GOLLAMAS_PROXIES: "llama3.2-vision=http://server:11434,deepseek-r1:14b=http://server2:11434",
    },
    hosts: { server: ["llama3.2-vision:latest"], server2: ["deepseek-r1:14b"] },
    routes: { "llama3.2-vision:latest": "server", "deepseek-r1:14b": "server2" },
  },
  {
    title: "a cluster, with hosts without a port, an empty variable, and aliases listed",
    line: "gollamas",
    variables: {
      GOLLAMAS_LISTEN: "0.0.0.0:11434",
      GOLLAMAS_PROXIES:
        "qwen2.5-coder:14b=http://ollama.ai.svc.cluster.local,gemma3:12b=http://f-01-ai.example.com:11434,llama3.2-vision=http://f-02-ai.example.com:11434",
      GOLLAMAS_ALIASES: "",
      GOLLAMAS_LIST_ALIASES: "true",
    },
    hosts: {
      "ollama.ai.svc.cluster.local": ["qwen2.5-coder:14b"],
      "f-01-ai.example.com": ["gemma3:12b"],
      "f-02-ai.example.com": ["llama3.2-vision:latest"],
    },
    routes: {
      "qwen2.5-coder:14b": "ollama.ai.svc.cluster.local",
      "gemma3:12b": "f-01-ai.example.com",
      "llama3.2-vision:latest": "f-02-ai.example.com",
    },
  },
  {
    title: "connections with ids",
    line: "gollamas --connection CID1=http://main-ai:11434 --connection CID2=http://mini-ai-01:11434 --proxy deepseek-r1:70b=CID1 --proxy tinyllama=CID2",
    hosts: { "main-ai": ["deepseek-r1:70b", "tinyllama:latest"], "mini-ai-01": ["tinyllama:latest"] },
    routes: { "deepseek-r1:70b": "main-ai", "tinyllama:latest": "mini-ai-01" },
  },
  {
    title: "the plural flags",
    line: "gollamas --connections c1=http://server:11434,c2=http://server2:11434 --proxies llama3.2=c1,deepseek-r1:14b=http://server2:11434 --aliases gpt-3.5-turbo=llama3.2,deepseek=deepseek-r1:14b --list-aliases",
    hosts: { server: ["llama3.2:latest"], server2: ["deepseek-r1:14b"] },
    routes: { "llama3.2:latest": "server", "deepseek-r1:14b": "server2" },
    aliases: { "gpt-3.5-turbo": "llama3.2:latest", deepseek: "deepseek-r1:14b" },
    shown: ["deepseek", "gpt-3.5-turbo"],
  },
  {
    title: "an alias",
    line: "mellamo --listen 0.0.0.0:11434 --proxy tinyllama=http://server-01:11434 --alias gpt-3.5-turbo=tinyllama",
    hosts: { "server-01": ["tinyllama:latest", "private:7b"] },
    routes: { "tinyllama:latest": "server-01" },
    aliases: { "gpt-3.5-turbo": "tinyllama:latest" },
  },
];

describe.each(LINES.map((one) => [one.title, one] as const))("%s:", (_, one) => {
  const { line, hosts, variables, routes, aliases = {}, shown = [] } = one;

  test("each model is served from its place, and the answers are the Ollama's", async () => {
    await using drop = await dropIn(line, hosts, variables);
    for (const [model, host] of Object.entries(routes)) {
      const before = askedOf(drop, host).length;
      for (const name of CALLS)
        expect({ name, ...(await askLike(name, drop.router, model)) }).toEqual(answerLike(name, model));
      expect(askedOf(drop, host).slice(before)).toEqual(CALLS.map(() => model));
    }
  });

  test("aliases lead there, and answers bear their names", async () => {
    await using drop = await dropIn(line, hosts, variables);
    for (const [alias, model] of Object.entries(aliases)) {
      const before = askedOf(drop, routes[model]).length;
      for (const name of CALLS)
        expect({ name, ...(await askLike(name, drop.router, alias)) }).toEqual(answerLike(name, alias));
      expect(askedOf(drop, routes[model]).slice(before)).toEqual(CALLS.map(() => model));
    }
  });

  test("lists show the configured models alone, and nothing else is served", async () => {
    await using drop = await dropIn(line, hosts, variables);
    const models = Object.keys(routes).map((model) => model.replace(/:latest$/, ""));
    expect(await listed(drop.router)).toEqual([...models, ...shown].toSorted());
    expect((await askLike("chat", drop.router, "private:7b")).status).toBe(404);
  });
});
