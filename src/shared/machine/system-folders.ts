/** The folders that Linux shows itself in; others in tests. */
export interface SystemFolders {
  proc: string
  sys: string
}

export const systemFolders: SystemFolders = { proc: '/proc', sys: '/sys' }
