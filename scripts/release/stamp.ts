/** Decides what a build says of itself, and whether it may be called a release. */

/** Where the source is, as git has it. */
export interface Checkout {
  /** All forty digits. */
  readonly commit: string;
  /** When that was committed. */
  readonly committedS: number;
  /** The tags that point at it. */
  readonly tags: readonly string[];
  /** Files that are not as they were committed. */
  readonly changed: readonly string[];
}

export interface Stamp {
  readonly version: string;
  /** Undefined where the source is in no repository. */
  readonly commit: string | undefined;
  /** The time of every file in an archive, in seconds; its day is the date that the program tells. */
  readonly epochS: number;
}

/** Digits of a commit that are told. */
const DIGITS = 12;

/** A build is of `version` where its tag points at just this source, and of `version-dev` anywhere else. */
export function stampOf(version: string, checkout: Checkout | undefined, epoch: string | undefined): Stamp {
  const isWhole = checkout !== undefined && checkout.changed.length === 0;
  const isTagged = isWhole && checkout.tags.includes(tagOf(version));
  const commit = checkout && `${checkout.commit.slice(0, DIGITS)}${isWhole ? "" : "-changed"}`;
  return {
    version: isTagged ? version : `${version}-dev`,
    commit,
    epochS: epochOf(epoch) ?? checkout?.committedS ?? 0,
  };
}

/** Why there can be no release of this checkout; undefined where there can. */
export function whyNoRelease(version: string, checkout: Checkout | undefined): string | undefined {
  if (checkout === undefined) return "a release is made in a git repository";
  const tags = checkout.tags.filter((tag) => /^v?\d/.test(tag));
  const strange = tags.find((tag) => tag !== tagOf(version));
  if (strange !== undefined)
    return `tag ${strange} is not ${tagOf(version)}, which package.json says: move the tag, or change the version`;
  if (tags.length > 0 && checkout.changed.length > 0)
    return `${tagOf(version)} is tagged, but these files are not as they were committed: ${checkout.changed.join(", ")}`;
  return undefined;
}

export function dateOf({ epochS }: Stamp): string {
  return new Date(epochS * 1000).toISOString().slice(0, 10);
}

function tagOf(version: string): string {
  return `v${version}`;
}

/** `SOURCE_DATE_EPOCH`, as reproducible-builds.org has it; throws where it is no number of seconds. */
function epochOf(written: string | undefined): number | undefined {
  if (written === undefined || written === "") return undefined;
  if (!/^\d{1,11}$/.test(written))
    throw new Error(`SOURCE_DATE_EPOCH is "${written}", expected a number of seconds`);
  return Number(written);
}
