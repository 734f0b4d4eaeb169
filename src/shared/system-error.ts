/** Errors of disks that Node has no name for, by Linux's numbers and by macOS's. */
const unnamed: Readonly<Record<string, string>> = {
  '-122': 'EDQUOT',
  '-69': 'EDQUOT',
  '-116': 'ESTALE',
  '-70': 'ESTALE',
}

/** What the system calls an error of a system call, `ENOSPC`; undefined for any other error. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  const [, number = ''] = /^Unknown system error (-\d+)$/.exec(error.code) ?? []
  return unnamed[number] ?? error.code
}
