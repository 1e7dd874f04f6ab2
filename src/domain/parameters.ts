/**
 * What is asked of a model beside what its client asks: options and `keep_alive`, for requests that leave them out and,
 * under `force`, whatever they say. They may be said of all models, of a backend, of a model, and of an alias.
 */

import { keepAliveJson, keepAliveMs } from "./keep-alive.ts";
import type { Options } from "./options.ts";

export interface Values {
  readonly options?: Options | undefined;
  /** As people write it: see `keepAliveMs`. */
  readonly keep_alive?: string | number | undefined;
}

/** As the configuration, the alias API and the store spell them. */
export interface Parameters extends Values {
  readonly force?: Values | undefined;
}

/** What comes of all levels together. */
export interface Settled {
  /** For what a request leaves out. */
  readonly defaults: Values;
  /** Whatever a request says. */
  readonly force: Values;
}

/** The parts that say something; undefined where none does. */
export function parametersOf({ options, keep_alive, force }: Parameters): Parameters | undefined {
  const forced = force === undefined ? undefined : said(force);
  const parameters = { ...said({ options, keep_alive }), ...(forced === undefined ? {} : { force: forced }) };
  return Object.keys(parameters).length === 0 ? undefined : parameters;
}

function said({ options, keep_alive }: Values): Values | undefined {
  const hasOptions = options !== undefined && Object.keys(options).length > 0;
  if (!hasOptions && keep_alive === undefined) return undefined;
  return { ...(hasOptions ? { options } : {}), ...(keep_alive === undefined ? {} : { keep_alive }) };
}

/**
 * Several levels in one, the outer ones first: all models, the backend, the model, then the aliases from the last of a
 * chain to the one that was asked. For each option, and for `keep_alive`, the inner level wins; but what is forced
 * anywhere is stronger than any request, and any request stronger than a default:
 *
 * | outer default | inner default | request | outer force | inner force | what the engine gets |
 * | ------------- | ------------- | ------- | ----------- | ----------- | -------------------- |
 * |               |               |         |             |             | nothing              |
 * | 1             |               |         |             |             | 1                    |
 * | 1             | 2             |         |             |             | 2                    |
 * | 1 or not      | 2 or not      | 3       |             |             | 3                    |
 * | 1 or not      | 2 or not      | 3 or not | 4          |             | 4                    |
 * | 1 or not      | 2 or not      | 3 or not | 4 or not   | 5           | 5                    |
 *
 * Undefined where nothing is said on any level.
 */
export function settled(levels: readonly (Parameters | undefined)[]): Settled | undefined {
  let defaults: Values = {};
  let force: Values = {};
  let isSaid = false;
  for (const level of levels) {
    if (level === undefined) continue;
    isSaid = true;
    defaults = over(defaults, level);
    force = over(force, level.force ?? {});
  }
  return isSaid ? { defaults, force } : undefined;
}

function over(outer: Values, inner: Values): Values {
  return {
    options: { ...outer.options, ...inner.options },
    keep_alive: inner.keep_alive ?? outer.keep_alive,
  };
}

/** What an engine gets that is asked by nobody's request: the forces before the defaults. */
export function unasked({ defaults, force }: Settled): Values {
  return over(defaults, force);
}

/** A `keep_alive` as it is sent; undefined where nothing is said. */
export function sentKeepAlive({ keep_alive }: Values): number | string | undefined {
  const ms = keepAliveMs(keep_alive);
  return ms === undefined ? undefined : keepAliveJson(ms);
}
