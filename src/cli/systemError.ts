/** What the operating system complains about. */
export interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
}

export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'this is a folder, not a file',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'this is a file, not a folder',
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file has become too large',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'there are too many symbolic links in the path',
};

export function describeSystemError(error: SystemError, path = error.path): string {
  return `${path ?? 'file system'}: ${REASONS[error.code] ?? error.message}`;
}
