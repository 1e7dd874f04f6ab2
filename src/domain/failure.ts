/** Reads what went wrong out of an error that was caught. */

/** The code of a system error, or the name of any other. */
export function codeOf(failure: unknown): string {
  if (!(failure instanceof Error)) return "unknown failure";
  const code: unknown = Reflect.get(failure, "code");
  return typeof code === "string" ? code : failure.name;
}

const FILE_TROUBLES: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "a part of its path is no folder",
  // of a folder that cannot be made
  EEXIST: "a part of its path is no folder",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EBUSY: "it is in use, or mounted by itself: mount its folder instead",
  EFBIG: "it may not become as large as that",
  EROFS: "the disk is read-only",
  ENOSPC: "no space left on the disk",
  EDQUOT: "no space left on the disk for this user",
  ELOOP: "its symbolic links lead in a circle",
  ENAMETOOLONG: "its path is too long",
  ERR_ENCODING_INVALID_ENCODED_DATA: "it is no UTF-8 text",
  NotAFile: "it is no ordinary file",
  FileTooLarge: "it is too large",
  FileChanged: "another program keeps changing it",
  ReadOnlyFile: "it is read-only",
  LockTimeout: "another program holds its lock",
  SQLITE_CANTOPEN: "its folder cannot be written",
  SQLITE_READONLY: "its folder cannot be written",
  SQLITE_FULL: "no space left on the disk",
};

/** Why a file could not be read or written, in plain words. */
export function fileTrouble(failure: unknown): string {
  const code = codeOf(failure);
  return FILE_TROUBLES[code] ?? code;
}
