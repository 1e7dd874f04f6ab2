/** Where a new configuration goes: never in the place of one that is there. */

import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { findConfig, FOLDERS_CONFIG, usersConfig } from "../../config/find.ts";
import { fileTrouble } from "../../domain/failure.ts";
import { behindLinks, FileChanged, replaceText } from "../../files/replace-file.ts";
import { complain } from "../command.ts";
import { shellWord } from "../shell-word.ts";

/**
 * The file to write: the one that was asked for or, where nobody asked, the user's own, which the router finds wherever
 * it is started. Undefined after the user was told that one is there already, whose place a new one would take.
 */
export function newConfigFile(asked: string | undefined): string | undefined {
  const file = findConfig(asked, process.env) ?? usersConfig(process.env);
  if (!existsSync(file)) return file;
  // the one of this folder would hide the one that is to be written
  refuse(
    file,
    asked === undefined && file === FOLDERS_CONFIG ? "edit it, or call this in another folder" : EDIT,
  );
  return undefined;
}

/** False after the user was told why it could not be written. */
export async function writeConfigFile(file: string, text: string): Promise<boolean> {
  try {
    await replaceText(await behindLinks(file), text, {
      isAsBefore: async () => !existsSync(file),
      isPublic: true,
    });
    return true;
  } catch (failure) {
    if (failure instanceof FileChanged) refuse(file);
    else complain(`Cannot write "${file}": ${fileTrouble(failure)}. ${ELSEWHERE}`);
    return false;
  }
}

const ELSEWHERE = "Write it elsewhere with --config FILE, or look at it with --print";

const EDIT = "edit it";

function refuse(file: string, instead = EDIT): void {
  complain(`"${file}" is there already, and stays as it is: ${instead}. ${ELSEWHERE}`);
}

/** What goes behind `mellamo` so that it reads this file; "" where it finds the file by itself. */
export function configFlag(file: string): string {
  const found = findConfig(undefined, process.env);
  if (found !== undefined && resolve(found) === resolve(file)) return "";
  return ` --config ${shellWord(file)}`;
}
